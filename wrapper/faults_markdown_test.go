package wrapper_test

import (
	"flag"
	"fmt"
	"strconv"
	"strings"

	"github.com/talkdesk-express/contractactions/internal/faulttable"
)

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
