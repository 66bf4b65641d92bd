package leaktest_test

import (
	"errors"
	"fmt"
	"net/http"
	"testing"

	"github.com/talkdesk-express/contractactions/internal/leaktest"
	"github.com/talkdesk-express/contractactions/internal/redact"
	"github.com/talkdesk-express/contractactions/wrapper"
)

const secret = `c1ient/S3cretVa1ue+"&<1>==`

// A search that finds nothing must be able to find something.
func TestTheSearchFindsCredentials(t *testing.T) {
	all := leaktest.Secrets{"the secret": secret}
	for _, spelling := range leaktest.Spellings {
		if text := "before " + spelling.Of(secret) + " after"; len(all.Shown(leaktest.Texts{text: ""})) == 0 {
			t.Errorf("not found %s: %s", spelling.Name, text)
		}
	}
	for name, err := range map[string]error{
		"a text":           fmt.Errorf("read: %w", errors.New(secret)),
		"one of several":   errors.Join(errors.New("a"), errors.New(secret)),
		"a field":          &wrapper.Error{Message: secret},
		"a field of bytes": &wrapper.Error{Body: []byte(secret)},
		"a header":         &wrapper.Error{Header: http.Header{"X": {"a", secret}}},
	} {
		printed := leaktest.Texts{}
		if printed.AddError(err); len(all.Shown(printed)) == 0 {
			t.Errorf("not found in %s", name)
		}
	}
	if found := all.Shown(leaktest.Texts{"[redacted] list contract actions": ""}); len(found) > 0 {
		t.Errorf("found %v in a harmless text", found)
	}
}

// What the search finds is what package redact withholds, in either case.
func TestWhatIsFoundIsWithheld(t *testing.T) {
	for _, spelling := range leaktest.Spellings {
		text := "before " + spelling.Of(secret) + " after"
		if withheld := redact.Of(secret).Withhold(text); withheld == text {
			t.Errorf("not withheld %s: %s", spelling.Name, text)
		}
	}
	for text, want := range map[string]bool{"S3CRETVA1UE": true, "cut in s3cretv": true, "cut in s3cre": false, "harmless": false} {
		if in := redact.Of("", "==", secret).In(text); in != want {
			t.Errorf("%q: in is %v", text, in)
		}
	}
}
