package wrapper_test

import (
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/talkdesk-express/contractactions/internal/leaktest"
	"github.com/talkdesk-express/contractactions/wrapper"
)

// Whatever a server, or a stored resume point, says that the next page is at:
// no request leaves the origin, and the listing ends.
func FuzzLink(f *testing.F) {
	columns := linkColumns()
	for _, link := range slices.Concat(addressesAroundAName.same, addressesAroundAName.other, []string{
		"", "?page=2", "?filter=a b", "?cursor=\u00e9|{x}", "\u00e9|[]^/?%", "?a=%zz&b=%4", "%2f%2F/..%2f?a=\xff", "?{?page}", "a;b:c@d,e'(*)!$&=+~_.-", "#", "/", "next/", "..", "https://[::1]/", "https://[::ffff:7f00:1%25lo]/", "https://2130706433/",
		"https://user:p-S3cr3t@%zz/", "https:user:p-S3cr3t@api.example.com", "https:///user:p-S3cr3t@api.example.com", "https://api.example.com\x00.example.org/",
	}) {
		for column := range columns {
			f.Add(byte(column), link)
		}
	}
	f.Fuzz(func(t *testing.T, number byte, link string) {
		column := columns[int(number)%len(columns)]
		requests, err := column.follow(t, fuzzedBase, link)
		_, refused := errors.AsType[*wrapper.LinkError](err)
		if requests > 3 || err == nil && requests == 0 || err != nil && !refused && link != "" { // a redirect to nowhere is none
			t.Errorf("%d requests and the error %v, want 3 at most and none or a LinkError", requests, err)
		}
		if err != nil {
			leaktest.CheckText(t, err, ownToken)
			if strings.Contains(err.Error(), "p-S3cr3t") && !showsWithoutUser(link, "p-S3cr3t") {
				t.Errorf("a password is in the error %q", err)
			}
		}
	})
}

// showsWithoutUser tells passwords from other parts of an address. Where there
// is no host, nobody knows what is which.
func showsWithoutUser(link, text string) bool {
	u, err := fixture(url.Parse(fuzzedBase)).Parse(link)
	if err != nil || u.Host == "" {
		return false
	}
	u.User = nil
	return strings.Contains(u.String(), text)
}

// An account id is data: it is one segment of the path to every server and
// proxy on the way, however often they unescape, or it is refused unsent.
func FuzzAccountID(f *testing.F) {
	for _, id := range []string{
		account, "", ".", "..", "...", "~", "a/b", `a\b`, "a?b", "a#b", "a%2fb", "%2e%2e", "%252e", "..;", "a;b", "a b", "a+b", "a:b", "a@b", "a&b=c",
		"a\x00", "a\r\nX: y", "ａ", "\xff", "é", strings.Repeat("a", 10_000),
	} {
		f.Add(id)
	}
	unreserved := regexp.MustCompile(`^[A-Za-z0-9._~-]+$`)
	f.Fuzz(func(t *testing.T, id string) {
		var received []*http.Request
		client := newFuzzedClient(t, func(request *http.Request) (*http.Response, error) {
			received = append(received, request)
			return answered(request, 200, http.Header{}, `{"count":0}`), nil
		})
		_, err := collect(client.Actions(t.Context(), id))
		if good := unreserved.MatchString(id) && id != "." && id != ".."; !good {
			if !errors.Is(err, wrapper.ErrInvalidAccountID) || len(received) != 0 {
				t.Fatalf("%d requests and the error %v, want ErrInvalidAccountID alone", len(received), err)
			}
			leaktest.CheckText(t, err, ownToken)
			return
		}
		if err != nil || len(received) != 1 {
			t.Fatalf("%d requests and the error %v, want one request", len(received), err)
		}
		sent := received[0].URL
		path := sent.EscapedPath()
		for range 3 {
			want := []string{"", "express", "accounts", id, "contracts", "actions"}
			if segments := strings.Split(path, "/"); strings.Join(segments, "\n") != strings.Join(want, "\n") {
				t.Errorf("the path's segments are %q, want %q", segments, want)
			}
			path = must(url.PathUnescape(path))(t)
		}
		if sent.RawQuery != preferences || sent.ForceQuery || sent.Fragment != "" {
			t.Errorf("the query is %q, the fragment %q", sent.RawQuery, sent.Fragment)
		}
	})
}
