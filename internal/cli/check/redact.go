package check

import (
	"encoding/base64"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// secrets are the credentials of requests, in lower case. A text that contains
// one is withheld whole.
type secrets []string

const withheld = "[withheld: it contains a credential]"

// learn adds the credentials of a request, in each encoding in which the service
// can repeat them.
func (s *secrets) learn(request *http.Request) {
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

func (s *secrets) add(all ...string) {
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

func (s secrets) in(text string) bool {
	text = strings.ToLower(text)
	return slices.ContainsFunc(s, func(secret string) bool { return strings.Contains(text, secret) })
}

func (s secrets) withhold(text string) string {
	if s.in(text) {
		return withheld
	}
	return text
}

func (s secrets) withholdError(err error) error {
	if err == nil || !s.in(err.Error()) {
		return err
	}
	return withheldError{err}
}

// withheldError is an error whose text is withheld.
type withheldError struct{ error }

func (withheldError) Error() string { return withheld }

func (e withheldError) Unwrap() error { return e.error }
