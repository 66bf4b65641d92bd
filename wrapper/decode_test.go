package wrapper_test

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/talkdesk-express/contractactions/wrapper"
)

func TestBodiesOfASuccessThatCannotBeUsed(t *testing.T) {
	field := func(name, value string) string {
		item := action("77")
		start := strings.Index(item, `"`+name+`":`) + len(name) + 3
		end := start + strings.IndexAny(item[start:], ",}")
		return `{"_embedded":{"contract_actions":[` + action("1") + `,` + item[:start] + value + item[end:] + `]}}`
	}
	tests := []struct{ name, body, want string }{
		{"nothing", "", "the body is empty"},
		{"white space", " \n", "the body is empty"},
		{"HTML", "<html><body>Welcome</body></html>", "the body is HTML"},
		{"half of it", `{"count":1,"_embedded":{"contract`, "not JSON, or not all of it"},
		{"more than it", `{} {}`, "not JSON, or not all of it"},
		{"another answer", `{"code":"c1","message":"No."}`, "none of the fields of a page"},
		{"an item without an id", `{"_embedded":{"contract_actions":[` + action("1") + `,{}]}}`, "item 2 of the page has no id"},
		{"null", "null", "not a JSON object"},
		{"a list", "[]", "not a JSON object"},
		{"a string", `"{}"`, "not a JSON object"},
		{"a counter that is text", `{"total":"425"}`, "the page does not fit the contract"},
		{"a link that is text", `{"_links":{"next":"/page/2"}}`, "the page does not fit the contract"},
		{"items that are no list", `{"_embedded":{"contract_actions":{}}}`, "the page does not fit the contract"},
		{"an item that is text", `{"_embedded":{"contract_actions":["1"]}}`, "contract action 1 of the page does not fit"},
		{"a date without a zone", field("created_at", `"2022-03-10T16:15:50"`), `contract action 2 of the page (id "77"), field created_at, does not fit`},
		{"a date in words", field("updated_at", `"yesterday"`), "field updated_at, does not fit"},
		{"a number for an id", field("id", `77`), "contract action 2 of the page (id 77), field id, does not fit"},
		{"a quantity that is text", field("quantity", `"10"`), "field quantity, does not fit"},
		{"a quantity over 32 bits", field("quantity", `4294967296`), "field quantity, does not fit"},
		{"half a license", field("quantity", `1.5`), "field quantity, does not fit"},
		{"a status that is a number", field("status", `1`), "field status, does not fit"},
		{"too deep", strings.Repeat("[", 20000) + strings.Repeat("]", 20000), "not JSON"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			server := serve(t, answer(200, "application/json", test.body))
			pages, err := collect(newClientOf(t, server.URL).Pages(t.Context(), account))
			var failure *wrapper.Error
			if !errors.As(err, &failure) || len(pages) != 0 {
				t.Fatalf("got %d pages and the error %v, want an Error alone", len(pages), err)
			}
			if failure.StatusCode != 200 || string(failure.Body) != test.body || failure.Header.Get("Content-Type") == "" || failure.Attempts != 1 {
				t.Errorf("the error has status %d, body %.40q, header %v, attempts %d", failure.StatusCode, failure.Body, failure.Header, failure.Attempts)
			}
			if !strings.Contains(err.Error(), test.want) {
				t.Errorf("the error is %q, want it to say %q", err, test.want)
			}
		})
	}
}

func TestOtherSuccessesAreNotPages(t *testing.T) {
	for _, status := range []int{201, 202, 204, 206} {
		server := serve(t, answer(status, "application/json", ""))
		_, err := collect(newClientOf(t, server.URL).Pages(t.Context(), account))
		var failure *wrapper.Error
		if !errors.As(err, &failure) || failure.StatusCode != status {
			t.Errorf("%d: the error is %v", status, err)
		}
	}
}

func TestBodiesLargerThanAllowed(t *testing.T) {
	body := fmt.Sprintf(`{"count":0,"padding":%q}`, strings.Repeat("x", 3<<20))
	server := serve(t, answer(200, "application/json", body))

	_, err := collect(newClientOf(t, server.URL, wrapper.WithMaxBodySize(2<<20)).Pages(t.Context(), account))
	var failure *wrapper.Error
	if !errors.As(err, &failure) || failure.Attempts != 1 || !strings.Contains(err.Error(), "larger than the 2097152 bytes that are allowed") {
		t.Errorf("the error is %v", err)
	}
	if failure != nil && len(failure.Body) != 1<<20 {
		t.Errorf("the error keeps %d bytes of the body, want 1 MiB", len(failure.Body))
	}
	if _, err := collect(newClientOf(t, server.URL).Pages(t.Context(), account)); err != nil {
		t.Errorf("3 MiB are more than the default allows: %v", err)
	}
	if _, err := collect(newClientOf(t, server.URL, wrapper.WithMaxBodySize(math.MaxInt64)).Pages(t.Context(), account)); err != nil {
		t.Errorf("3 MiB are more than no limit allows: %v", err)
	}
}
