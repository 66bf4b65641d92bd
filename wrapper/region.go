package wrapper

import (
	"fmt"
	"strings"
)

// Region is one of the vendor's regions. It decides which hosts the API and
// the token endpoint are at. The zero value is not a region.
type Region string

// The regions that the vendor documents (source: its "regions" guide).
const (
	US     Region = "us"
	EU     Region = "eu"
	Canada Region = "canada"
)

// hosts gives for each region the address of the API and the domain that the
// accounts' token endpoints are in.
var hosts = map[Region]struct{ api, identity string }{
	US:     {"https://api.talkdeskapp.com", "talkdeskid.com"},
	EU:     {"https://api.talkdeskapp.eu", "talkdeskid.eu"},
	Canada: {"https://api.talkdeskappca.com", "talkdeskidca.com"},
}

// ParseRegion returns the region called name: us, eu or canada, in any case.
func ParseRegion(name string) (Region, error) {
	region := Region(strings.ToLower(name))
	if _, known := hosts[region]; !known {
		return "", unknownRegion(name)
	}
	return region, nil
}

func unknownRegion(name string) error {
	return fmt.Errorf("unknown region %.80q: use us, eu or canada", name)
}

// tokenURL returns the token endpoint of a Talkdesk account.
func (r Region) tokenURL(account string) (string, error) {
	domain := hosts[r].identity
	if account == "" {
		return "", fmt.Errorf("the account is empty: give the name before .%s in the address of your Talkdesk account", domain)
	}
	if !isHostLabel(account) {
		return "", fmt.Errorf("%.80q is not an account name: give only the name before .%s (letters, digits, hyphens)", account, domain)
	}
	return "https://" + account + "." + domain + "/oauth/token", nil
}

// isHostLabel reports whether s is one label of a host name (RFC 1123).
// Anything else could change the host that the client's secret is sent to.
func isHostLabel(s string) bool {
	if s == "" || len(s) > 63 || s[0] == '-' || s[len(s)-1] == '-' {
		return false
	}
	for _, c := range []byte(s) {
		if c != '-' && !isLetterOrDigit(c) {
			return false
		}
	}
	return true
}

func isLetterOrDigit(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9'
}
