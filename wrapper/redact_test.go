package wrapper_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/talkdesk-express/contractactions/wrapper"
)

// A careless server repeats what it was sent.
func TestATokenThatTheServerRepeatsIsInNoError(t *testing.T) {
	for name, handler := range map[string]http.HandlerFunc{
		"a documented body":  echo(403, `{"code":"TOKEN","message":"TOKEN","description":"TOKEN","fields":[{"name":"TOKEN","description":"TOKEN"}]}`),
		"another body":       echo(500, `TOKEN`),
		"a page":             echo(200, `{"count":"TOKEN"}`),
		"a page's next link": echo(200, `{"_links":{"next":{"href":"https://TOKEN.example.com/TOKEN"}}}`),
		"a next link, again": echo(200, `{"_links":{"next":{"href":"?TOKEN"}}}`),
		"a redirect": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "https://example.com/"+ownToken, http.StatusFound)
		},
		"a header that is none": brokenHeader,
		"a redirect to nowhere": redirectTo("http://%zz/?t=Bearer TOKEN"),
		"a redirect, escaped":   redirectTo("https://example.com/?t=ESCAPED"),
		"a page number":         echo(200, `{"_links":{"next":{"href":"?page=TOKEN&more=1"}}}`),
		"a body, escaped":       echo(400, `{"code":"c","message":"ESCAPED SLASHED"}`),
		"an item's id":          echo(200, `{"_embedded":{"contract_actions":[{"id":"TOKEN","quantity":"x"}]}}`),
		"an item's own field":   echo(200, `{"_embedded":{"contract_actions":[{"created_at":"TOKEN"}]}}`),
	} {
		t.Run(name, func(t *testing.T) {
			server := serve(t, handler)
			var log bytes.Buffer
			logger := slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
			_, err := collect(newClientOf(t, server.URL, wrapper.WithLogger(logger)).Pages(t.Context(), account))
			if err == nil {
				t.Fatal("no error")
			}
			var refused *wrapper.Error
			var shown string
			if errors.As(err, &refused) {
				logger.Error("failed", "error", refused)
				shown = fmt.Sprintf("%s %s %v", must(json.Marshal(refused)), refused.Body, refused.Header)
			}
			shown += log.String()
			for deeper := err; deeper != nil; deeper = errors.Unwrap(deeper) {
				shown += fmt.Sprintf("%v %+v %#v", deeper, deeper, deeper)
			}
			if strings.Contains(shown, ownToken) || strings.Contains(shown, withToken("ESCAPED")) || strings.Contains(shown, withToken("SLASHED")) {
				t.Errorf("the token is in %.2000s", shown)
			}
		})
	}
}

func echo(status int, template string) http.HandlerFunc {
	return func(w http.ResponseWriter, request *http.Request) {
		w.Header().Set("X-Request-Id", ownToken)
		answer(status, "application/json", withToken(template))(w, request)
	}
}

// withToken puts the token into a server's text, in the forms that servers use.
func withToken(template string) string {
	return strings.NewReplacer("TOKEN", ownToken, "ESCAPED", url.QueryEscape(ownToken),
		"SLASHED", strings.ReplaceAll(ownToken, "/", `\/`)).Replace(template)
}

func redirectTo(template string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Location", withToken(template))
		w.WriteHeader(http.StatusFound)
	}
}

// brokenHeader answers with a line in the header that is none.
func brokenHeader(w http.ResponseWriter, request *http.Request) {
	connection, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(err)
	}
	defer connection.Close()
	fmt.Fprintf(connection, "HTTP/1.1 200 OK\r\n%s\r\n\r\n", request.Header.Get("Authorization"))
}

func TestServerTextCannotSteerATerminal(t *testing.T) {
	server := serve(t, answer(400, "application/json", `{"code":"\u001b[2J","message":"a\nb","description":"`+strings.Repeat("x", 5000)+`"}`))
	err := onePage(t.Context(), newClientOf(t, server.URL))
	if text := err.Error(); strings.ContainsAny(text, "\x1b\n") || len(text) > 600 {
		t.Errorf("the error is %.700q", text)
	}
}
