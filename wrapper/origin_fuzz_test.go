package wrapper_test

import (
	"errors"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/talkdesk-express/contractactions/wrapper"
)

// Whatever a server, or a stored resume point, says that the next page is at:
// no request leaves the origin, and the listing ends.
func FuzzLink(f *testing.F) {
	columns := linkColumns()
	for _, link := range slices.Concat(addressesAroundAName.same, addressesAroundAName.other, []string{
		"", "?page=2", "?filter=a b", "#", "/", "next/", "..", "https://[::1]/", "https://[::ffff:7f00:1%25lo]/", "https://2130706433/",
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
			checkText(t, err)
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
