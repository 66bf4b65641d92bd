// Package redact withholds the credentials of requests from what is printed.
package redact

import (
	"encoding/base64"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// Secrets are the credentials of requests, in lower case. A text that contains
// one is withheld whole.
type Secrets []string

const withheld = "[withheld: it contains a credential]"

// Learn adds the credentials of a request, in each encoding in which the service
// can repeat them.
func (s *Secrets) Learn(request *http.Request) {
	if scheme, credentials, _ := strings.Cut(request.Header.Get("Authorization"), " "); strings.EqualFold(scheme, "Bearer") {
		s.add(credentials)
	} else if _, secret, basic := request.BasicAuth(); basic {
		// In the header, the secret is form-urlencoded (RFC 6749, section 2.3.1).
		s.add(credentials, secret)
		if plain, err := url.QueryUnescape(secret); err == nil {
			s.add(plain, base64.StdEncoding.EncodeToString([]byte(plain)))
		}
	}
	s.add(assertionIn(request))
}

func (s *Secrets) add(all ...string) {
	for _, secret := range all {
		if secret = strings.ToLower(secret); secret != "" && !slices.Contains(*s, secret) {
			*s = append(*s, secret)
		}
	}
}

// assertionIn returns the client assertion (RFC 7523) of a token request, if it
// has one.
func assertionIn(request *http.Request) string {
	if request.GetBody == nil {
		return ""
	}
	body, err := request.GetBody()
	if err != nil {
		return ""
	}
	defer body.Close()
	text, _ := io.ReadAll(body)
	form, _ := url.ParseQuery(string(text))
	return form.Get("client_assertion")
}

func (s Secrets) in(text string) bool {
	text = strings.ToLower(text)
	return slices.ContainsFunc(s, func(secret string) bool { return strings.Contains(text, secret) })
}

// Withhold returns the text, or one that replaces it if it contains a secret.
func (s Secrets) Withhold(text string) string {
	if s.in(text) {
		return withheld
	}
	return text
}
