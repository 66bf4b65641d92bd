// Package redact withholds the credentials of requests from what is printed.
package redact

import (
	"encoding/base64"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// withheld replaces a text that contains a credential.
const withheld = "[withheld: it contains a credential]"

// Secrets recognize credentials in a text, in any encoding and in either case: they
// are the longest run of letters and digits of each credential, which no encoder
// changes, in lower case.
type Secrets []string

// Of returns the secrets that recognize credentials.
func Of(credentials ...string) (all Secrets) {
	for _, credential := range credentials {
		runs := strings.FieldsFunc(strings.ToLower(credential), func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') })
		if len(runs) > 0 {
			all = append(all, slices.MaxFunc(runs, func(a, b string) int { return len(a) - len(b) }))
		}
	}
	return all
}

// Learn adds the credentials of a request: a bearer token, a client secret or a
// client assertion.
func (s *Secrets) Learn(request *http.Request) {
	credentials := []string{assertionIn(request)}
	if scheme, token, _ := strings.Cut(request.Header.Get("Authorization"), " "); strings.EqualFold(scheme, "Bearer") {
		credentials = append(credentials, token)
	} else if _, secret, basic := request.BasicAuth(); basic {
		credentials = append(credentials, token, secret)
		// In the header, the secret is form-urlencoded (RFC 6749, section 2.3.1).
		if plain, err := url.QueryUnescape(secret); err == nil {
			credentials = append(credentials, plain, base64.StdEncoding.EncodeToString([]byte(plain)))
		}
	}
	for _, secret := range Of(credentials...) {
		if !slices.Contains(*s, secret) {
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

// In reports whether a text contains one of the credentials, or ends inside of
// one because the text was cut.
func (s Secrets) In(text string) bool {
	const least = 6 // a shorter part is of no use
	text = strings.ToLower(text)
	return slices.ContainsFunc(s, func(run string) bool {
		if strings.Contains(text, run) {
			return true
		}
		for n := len(run) - 1; n >= least; n-- {
			if strings.HasSuffix(text, run[:n]) {
				return true
			}
		}
		return false
	})
}

// Withhold returns the text, or one that replaces it if it contains a credential.
// Known texts never do, even if a short credential occurs in them.
func (s Secrets) Withhold(text string, known ...string) string {
	if s.In(text) && !slices.Contains(known, text) {
		return withheld
	}
	return text
}

// WithholdHeader applies Withhold to the values of a header in place.
func (s Secrets) WithholdHeader(header http.Header) http.Header {
	for _, values := range header {
		for i := range values {
			values[i] = s.Withhold(values[i])
		}
	}
	return header
}

// WithholdError returns the error or, if its text contains a credential, an error
// with a different text that errors.Is and errors.As treat like it.
func (s Secrets) WithholdError(err error) error {
	if err != nil && s.In(err.Error()) {
		return withheldError{func() error { return err }}
	}
	return err
}

// withheldError keeps its cause in a function, which package fmt cannot print.
type withheldError struct{ cause func() error }

func (withheldError) Error() string { return withheld }

func (e withheldError) Is(target error) bool { return errors.Is(e.cause(), target) }

func (e withheldError) As(target any) bool { return errors.As(e.cause(), target) }
