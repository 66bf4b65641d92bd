package main

import (
	"io"
	"net/http"
)

// newHandler serves the token endpoint and, under a path that says how (see
// conditions), every list there can be.
func newHandler(start *startingLine) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /token", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		io.WriteString(w, `{"access_token":"`+bearer+`","token_type":"Bearer","expires_in":600}`)
	})
	rendered := new(pages)
	mux.HandleFunc("GET /{conditions}/express/accounts/{account}/contracts/actions", func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer "+bearer {
			http.Error(w, "the token is missing", http.StatusUnauthorized)
			return
		}
		asked, err := parseRequest(r)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		page := rendered.get(asked)
		if asked.together > 0 {
			start.wait(r.Context(), asked.together)
		}
		asked.answer(w, page)
	})
	return mux
}
