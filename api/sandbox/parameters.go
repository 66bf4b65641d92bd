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

// reaction is what the server does with a query parameter that it does not
// support.
type reaction int

const (
	ignoreParameter reaction = 1 + iota
	rejectParameter
)

// unsupported maps the names of query parameters that the server does not support
// to its reactions.
type unsupported map[string]reaction

// apply rejects requests with a parameter that is to be rejected, and removes the
// parameters that are to be ignored.
func (u unsupported) apply(next http.Handler) http.Handler {
	if len(u) == 0 {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var fields []gen.ErrorField
		for _, name := range slices.Sorted(maps.Keys(r.URL.Query())) {
			if u[name] == rejectParameter {
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

// removeIgnored removes ignored parameters and keeps the rest of the query as
// received.
func (u unsupported) removeIgnored(query string) string {
	parameters := slices.DeleteFunc(strings.Split(query, "&"), func(parameter string) bool {
		escaped, _, _ := strings.Cut(parameter, "=")
		name, err := url.QueryUnescape(escaped)
		return err == nil && u[name] == ignoreParameter
	})
	return strings.Join(parameters, "&")
}

// withQuery returns a copy of the request with a different query.
func withQuery(r *http.Request, query string) *http.Request {
	r = r.WithContext(r.Context())
	changed := *r.URL
	changed.RawQuery = query
	r.URL = &changed
	return r
}

// listURL is the common part of the links to the pages of a list.
type listURL struct {
	base  string
	query url.Values // as the client sent it
}

type listURLKey struct{}

// passListURL passes the URL of the list to the operation, which cannot see the
// HTTP request, through the context. It must run before checkRequests, which adds
// the defaults of parameters to the query.
func (c *contract) passListURL(base baseURL, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		list := listURL{base: base.of(r) + r.URL.EscapedPath(), query: make(url.Values)}
		received := r.URL.Query()
		for name := range c.queryParameters(r) {
			if values, ok := received[name]; ok {
				list.query[name] = values
			}
		}
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), listURLKey{}, list)))
	})
}
