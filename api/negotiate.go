package api

import (
	"net/http"
	"strings"
)

// negotiated serves the alternative that the client likes best; of several
// that it likes equally, the first.
type negotiated []alternative

type alternative struct {
	// names are the media types that ask for this alternative, in the order of
	// preference of [preferences.quality]. The first is the one to tell people.
	names   []string
	handler http.Handler
}

func (n negotiated) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Add("Vary", "Accept")
	chosen := n.choose(r.Header.Values("Accept"))
	if chosen == nil {
		http.Error(w, "available: "+strings.Join(n.mediaTypes(), ", "), http.StatusNotAcceptable)
		return
	}
	chosen.ServeHTTP(w, r)
}

// choose returns nil if the client likes none of the alternatives.
func (n negotiated) choose(accept []string) http.Handler {
	if strings.Join(accept, "") == "" {
		return n[0].handler
	}
	accepted := parsePreferences(accept)
	var best http.Handler
	var highest float64
	for _, alternative := range n {
		if quality := accepted.quality(alternative.names...); quality > highest {
			best, highest = alternative.handler, quality
		}
	}
	return best
}

func (n negotiated) mediaTypes() []string {
	types := make([]string, len(n))
	for i, alternative := range n {
		types[i] = alternative.names[0]
	}
	return types
}
