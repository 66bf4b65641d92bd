package sandbox

import (
	"net/http"
	"regexp"
	"strings"
)

// credentials matches credentials that are a token68, as those of the schemes Basic
// and Bearer are (RFC 9110, section 11.4).
var credentials = regexp.MustCompile(`^([A-Za-z]+) +([A-Za-z0-9._~+/-]+=*)$`)

// credentialsOf returns what follows the scheme in the Authorization header, of
// which there must be exactly one.
func credentialsOf(header http.Header, scheme string) (token68 string, ok bool) {
	values := header.Values("Authorization")
	if len(values) != 1 {
		return "", false
	}
	parts := credentials.FindStringSubmatch(values[0])
	if parts == nil || !strings.EqualFold(parts[1], scheme) {
		return "", false
	}
	return parts[2], true
}
