package wrapper_test

import (
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/talkdesk-express/contractactions/gen"
	"github.com/talkdesk-express/contractactions/internal/faulttable"
	"github.com/talkdesk-express/contractactions/wrapper"
)

// outcome is what the caller gets, and what it took.
type outcome struct {
	failure   string // the type of the error; empty if there was none
	status    int    // its StatusCode
	sentinel  error  // the one that stands for the status
	cause     error  // what errors.Is finds besides; not compared if nil
	says      string // a piece of the error's text
	attempts  int    // the error's Attempts
	delivered int    // contract actions, before the error if there is one
	value     string // a piece of valuesOf; not compared if empty

	requests, exchanges int // that the service saw: for pages, for tokens
	accounts            int // listed at a time; 0: one, by itself
}

const allActions = 5 // in testdata/faults

// whole is the outcome without an error.
func whole(requests int) outcome { return outcome{delivered: allActions, requests: requests} }

// reads is the outcome of a value that is unusual.
func reads(value string) outcome {
	want := whole(2)
	want.value = value
	return want
}

// unanswered is the outcome without any response.
func unanswered(says string, cause error) outcome {
	return outcome{failure: "*Error", says: says, cause: cause, attempts: 4, requests: 4}
}

// unrepeated is the outcome of a response that is an error, and is not retried.
func unrepeated(status int, says string) outcome {
	return outcome{failure: "*Error", status: status, says: says, attempts: 1, requests: 1}
}

// unusable is the outcome of a success with a body that is not a page.
func unusable(says string) outcome { return unrepeated(http.StatusOK, "200 OK: "+says) }

// incompleteBody is the outcome of bodies that always end too early.
func incompleteBody(cause error) outcome {
	want := unanswered("200 OK: the body is incomplete", cause)
	want.status = http.StatusOK
	return want
}

// refusedLink is the outcome of a link or redirect that is not followed.
func refusedLink(says string, requests, delivered int) outcome {
	return outcome{failure: "*LinkError", says: says, requests: requests, delivered: delivered}
}

// incomplete is the outcome of numbers that disagree.
func incomplete(says string, delivered int) outcome {
	return outcome{failure: "*IncompleteError", says: says, delivered: delivered, requests: 1}
}

// sentinels are the errors that stand for a status, by their names.
var sentinels = map[string]error{
	"ErrBadRequest": wrapper.ErrBadRequest, "ErrUnauthorized": wrapper.ErrUnauthorized, "ErrForbidden": wrapper.ErrForbidden,
	"ErrNotFound": wrapper.ErrNotFound, "ErrConflict": wrapper.ErrConflict, "ErrRateLimited": wrapper.ErrRateLimited,
	"ErrServer": wrapper.ErrServer,
}

// causes are the other errors that rows state, by their names.
var causes = map[string]error{
	"io.EOF": io.EOF, "io.ErrUnexpectedEOF": io.ErrUnexpectedEOF, "context.DeadlineExceeded": context.DeadlineExceeded,
	"gzip.ErrHeader": gzip.ErrHeader, "gzip.ErrChecksum": gzip.ErrChecksum,
}

// outcomeOf is what the caller can find out.
func outcomeOf(pages []*wrapper.Page, err error) outcome {
	var got outcome
	for _, page := range pages {
		got.delivered += len(page.Actions)
	}
	for _, sentinel := range sentinels {
		if errors.Is(err, sentinel) {
			if got.sentinel != nil {
				return outcome{failure: "an error of two kinds"}
			}
			got.sentinel = sentinel
		}
	}
	if err != nil {
		got.failure = "error"
	}
	if failure, ok := errors.AsType[*wrapper.Error](err); ok {
		got.failure, got.status, got.attempts = "*Error", failure.StatusCode, failure.Attempts
		if len(failure.Body) > 1<<20 {
			got.failure = "an error with a large body"
		}
	} else if failure, ok := errors.AsType[*wrapper.TokenError](err); ok {
		got.failure, got.status, got.attempts = "*TokenError", failure.StatusCode, failure.Attempts
	} else if errors.As(err, new(*wrapper.LinkError)) {
		got.failure = "*LinkError"
	} else if errors.As(err, new(*wrapper.IncompleteError)) {
		got.failure = "*IncompleteError"
	}
	return got
}

// valuesOf are the values of a page that rows change, as the caller finds them.
func valuesOf(page *wrapper.Page) string {
	text := fmt.Sprint("total ", page.Total)
	for _, field := range gen.ContractActionFields() {
		if len(page.Actions) > 0 {
			text += fmt.Sprintf(", %s %s", field.Name, fixture(json.Marshal(field.Value(&page.Actions[0]))))
		}
	}
	return text
}

// compare fails the test unless all that the row states was observed.
func (want outcome) compare(t *testing.T, got outcome, err error) {
	t.Helper()
	if want.cause != nil && !errors.Is(err, want.cause) {
		t.Errorf("the cause is not %v", want.cause)
	}
	text := ""
	if err != nil {
		text = err.Error()
	}
	if !strings.Contains(text, want.says) || err != nil && want.says == "" {
		t.Errorf("the text does not say %q", want.says)
	}
	if len(text) > 1000 || strings.ContainsFunc(text, func(r rune) bool { return r < ' ' }) {
		t.Errorf("the text is not one printable line of a moderate length")
	}
	if !strings.Contains(got.value, want.value) {
		t.Errorf("the values are %s, want %s", got.value, want.value)
	}
	got.cause, got.says, got.value = want.cause, want.says, want.value
	if got != want {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	if t.Failed() {
		t.Logf("the error is %.1000v", err)
	}
}

var update = flag.Bool("update", false, "write docs/faults.md")

const faultsIntroduction = `# Faults and their results

What a Go program gets from package ` + "`wrapper`" + ` when the network, the service or an intermediary fails while it lists
five contract actions on two pages with the default retry policy: 4 attempts, a minute for each. A result that does not
say "after" is the first thing that the program gets. A quotation is a part of the error's text. Retries are those of the
request that failed; rows that need a real socket do not wait between them.

Each line is a test. Do not edit this page: change the rows of ` + "`wrapper/faults_*_test.go`" + ` and run
` + "`go test ./wrapper -run TestFaults -update`" + `.
`

func faultsPage(groups []faultGroup) string {
	var sections []faulttable.Section
	for _, group := range groups {
		section := faulttable.Section{Title: group.title, Note: group.note}
		for _, row := range group.rows {
			section.Rows = append(section.Rows, row.line())
		}
		sections = append(sections, section)
	}
	return faulttable.Page(faultsIntroduction, sections)
}

// line describes a row for the page.
func (f fault) line() faulttable.Row {
	line := faulttable.Row{Situation: f.situation, Result: f.want.words(), Retries: fmt.Sprint(f.want.retries())}
	if f.when == each {
		line.Variant = f.variant
	}
	status := strconv.Itoa(f.want.status)
	switch {
	case f.when == once:
		line.Situation = "Any of these, once"
	case f.when == fromSecondPage:
		line.Situation = "Any of these, from the second page on"
		line.Result = fmt.Sprintf("the same error, after the %d contract actions of the first page", f.want.delivered)
	case f.want.status < 300:
	case f.unlisted == status:
		line.Result, line.Retries = f.want.quoted("`"+f.want.failure+"` with that status"), "as for that status"
	case f.variant == status:
		line.Result = f.want.quoted(f.want.kind("with that status"))
	}
	return line
}

// words describes an outcome.
func (want outcome) words() string {
	switch {
	case want.failure == "" && want.value != "":
		return "the whole list, with `" + want.value + "`"
	case want.failure == "" && want.delivered == 0:
		return "an empty list"
	case want.failure == "":
		return "the whole list"
	case want.status != 0:
		return want.quoted(want.kind(fmt.Sprintf("with status %d", want.status)))
	}
	return want.quoted(want.kind(""))
}

// kind says which error it is.
func (want outcome) kind(status string) string {
	text := strings.TrimSpace("`" + want.failure + "` " + status)
	for name, sentinel := range sentinels {
		if want.sentinel == sentinel {
			text += ", `" + name + "`"
		}
	}
	for name, cause := range causes {
		if want.cause == cause {
			text += " caused by `" + name + "`"
		}
	}
	return text
}

// quoted adds what else is known of an error.
func (want outcome) quoted(kind string) string {
	if want.delivered > 0 {
		kind += fmt.Sprintf(", after %d contract actions", want.delivered)
	}
	// The status has been said, and the host is the test's.
	says := strings.TrimPrefix(want.says, statusText(want.status))
	says = strings.ReplaceAll(says, "from localhost ", "from … ")
	if strings.HasSuffix(says, " ") {
		says += "…"
	}
	if says = strings.TrimLeft(says, ":; "); says != "" {
		kind += ": “" + says + "”"
	}
	return kind
}

// retries is how often the request was repeated, given a list of two pages.
func (want outcome) retries() int {
	if want.failure == "" {
		return max(0, want.requests/max(1, want.accounts)-2, want.exchanges-1)
	}
	return max(0, want.attempts-1)
}
