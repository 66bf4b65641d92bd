package sandbox

import (
	"context"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/talkdesk-express/contractactions/gen"
)

// parameterSupport is what the server does about a query parameter that it
// does not support.
type parameterSupport int

const (
	ignoresParameter parameterSupport = 1 + iota
	refusesParameter
)

// unsupported plays a service without support for these query parameters.
type unsupported map[string]parameterSupport

// apply refuses requests with a parameter that is refused, and removes those
// that are ignored.
func (u unsupported) apply(next http.Handler) http.Handler {
	if len(u) == 0 {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var fields []gen.ErrorField
		for _, name := range slices.Sorted(maps.Keys(r.URL.Query())) {
			if u[name] == refusesParameter {
				fields = append(fields, gen.ErrorField{Name: name, Description: "is not supported"})
			}
		}
		if len(fields) > 0 {
			invalidParameters(fields...).send(w)
			return
		}
		next.ServeHTTP(w, withQuery(r, u.removeIgnored(r.URL.RawQuery)))
	})
}

// removeIgnored leaves the rest of a query as it was received.
func (u unsupported) removeIgnored(query string) string {
	parameters := slices.DeleteFunc(strings.Split(query, "&"), func(parameter string) bool {
		escaped, _, _ := strings.Cut(parameter, "=")
		name, err := url.QueryUnescape(escaped)
		return err == nil && u[name] == ignoresParameter
	})
	return strings.Join(parameters, "&")
}

// withQuery returns a copy of the request with another query.
func withQuery(r *http.Request, query string) *http.Request {
	r = r.WithContext(r.Context())
	changed := *r.URL
	changed.RawQuery = query
	r.URL = &changed
	return r
}

// listURL is what the links to other pages of a list have in common.
type listURL struct {
	base  string
	query url.Values // what the client asked for
}

type listURLKey struct{}

// passListURL makes the list's URL available to the operation, which otherwise
// sees nothing of the HTTP request. It has to come before checkRequests, which
// adds the defaults of parameters to the query.
func (c *contract) passListURL(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		list := listURL{base: origin(r) + r.URL.EscapedPath(), query: make(url.Values)}
		received := r.URL.Query()
		for name := range c.queryParameters(r) {
			if values, ok := received[name]; ok {
				list.query[name] = values
			}
		}
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), listURLKey{}, list)))
	})
}
