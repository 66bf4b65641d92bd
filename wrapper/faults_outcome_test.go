package wrapper_test

import (
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

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
	value     string // what was spoilt, as the caller finds it

	requests, exchanges int // that the service saw: for pages, for tokens
	accounts            int // listed at a time; 0: one, by itself
}

const allActions = 5 // in testdata/faults

// whole is the outcome without an error.
func whole(requests int) outcome { return outcome{delivered: allActions, requests: requests} }

// unanswered is the outcome if no answer ever came.
func unanswered(says string, cause error) outcome {
	return outcome{failure: "*Error", says: says, cause: cause, attempts: 4, requests: 4}
}

// unusable is the outcome of a success that is none, by its body.
func unusable(says string) outcome {
	return outcome{failure: "*Error", status: http.StatusOK, says: says, attempts: 1, requests: 1}
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

func nameOf(err error, names map[string]error) string {
	for name, named := range names {
		if named == err {
			return name
		}
	}
	panic(fmt.Sprintf("%v has no name", err))
}

// outcomeOf is what the caller can find out.
func outcomeOf(pages []*wrapper.Page, err error) outcome {
	var got outcome
	for _, page := range pages {
		got.delivered += len(page.Actions)
	}
	for _, sentinel := range sentinels {
		if errors.Is(err, sentinel) {
			got.sentinel = sentinel
		}
	}
	var token *wrapper.TokenError
	var api *wrapper.Error
	var link *wrapper.LinkError
	var list *wrapper.IncompleteError
	switch {
	case err == nil:
	case errors.As(err, &token):
		got.failure, got.status, got.attempts = "*TokenError", token.StatusCode, token.Attempts
	case errors.As(err, &api):
		got.failure, got.status, got.attempts = "*Error", api.StatusCode, api.Attempts
	case errors.As(err, &link):
		got.failure = "*LinkError"
	case errors.As(err, &list):
		got.failure = "*IncompleteError"
	default:
		got.failure = "error"
	}
	return got
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
	got.cause, got.says = want.cause, want.says
	if got != want {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	if t.Failed() {
		t.Logf("the error is %.1000v", err)
	}
}
