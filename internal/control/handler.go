package control

import (
	"crypto/sha256"
	"crypto/subtle"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
)

//go:embed control.yaml
var document []byte

// DocumentPath is the path of the OpenAPI document of the control, for which no token
// is needed.
const DocumentPath = "/openapi.yaml"

// maxBodySize is in bytes.
const maxBodySize = 1 << 20

// Handler returns a handler for the operations of control.yaml, for requests with the
// token.
func (s *Sandbox) Handler(token string) http.Handler {
	strict := NewStrictHandlerWithOptions(&operations{s}, nil,
		StrictHTTPServerOptions{RequestErrorHandlerFunc: sendBadRequest, ResponseErrorHandlerFunc: sendFailure})
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+DocumentPath, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/yaml")
		_, _ = w.Write(document)
	})
	HandlerWithOptions(strict, StdHTTPServerOptions{
		BaseRouter:       mux,
		Middlewares:      []MiddlewareFunc{validate, requireToken(token)}, // the last one is the first
		ErrorHandlerFunc: sendBadRequest,
	})
	return mux
}

// requireToken passes requests on that have the token. A page in a browser cannot
// know it.
func requireToken(token string) MiddlewareFunc {
	want := sha256.Sum256([]byte("Bearer " + token))
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			got := sha256.Sum256([]byte(r.Header.Get("Authorization")))
			if subtle.ConstantTimeCompare(got[:], want[:]) != 1 {
				w.Header().Set("WWW-Authenticate", `Bearer realm="control"`)
				sendError(w, http.StatusUnauthorized, "use the token that serve prints, as a bearer token")
				return
			}
			next.ServeHTTP(w, r)
		})
	}
}

// parsed is the document, whose tests show that it can be parsed.
var parsed = sync.OnceValue(func() *openapi3.T {
	loaded, err := openapi3.NewLoader().LoadFromData(document)
	if err != nil {
		panic(fmt.Sprintf("control: control.yaml: %v", err))
	}
	return loaded
})

// validate passes requests on that the document allows.
func validate(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, maxBodySize)
		_, template, _ := strings.Cut(r.Pattern, " ")
		item := parsed().Paths.Value(template)
		operation := item.GetOperation(r.Method)
		err := openapi3filter.ValidateRequest(r.Context(), &openapi3filter.RequestValidationInput{
			Request:    r,
			PathParams: map[string]string{"account_id": r.PathValue("account_id"), "action_id": r.PathValue("action_id")},
			Route:      &routers.Route{Spec: parsed(), Path: template, PathItem: item, Method: r.Method, Operation: operation},
			Options:    &openapi3filter.Options{AuthenticationFunc: openapi3filter.NoopAuthenticationFunc},
		})
		if err != nil {
			sendBadRequest(w, r, err)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func sendBadRequest(w http.ResponseWriter, _ *http.Request, err error) {
	// The whole text of a schema error contains the schema.
	if invalid, ok := errors.AsType[*openapi3.SchemaError](err); ok {
		err = fmt.Errorf("%s: %s", strings.Join(invalid.JSONPointer(), "."), invalid.Reason)
	}
	sendError(w, http.StatusBadRequest, strings.TrimPrefix(err.Error(), ": "))
}

func sendFailure(w http.ResponseWriter, _ *http.Request, err error) {
	sendError(w, http.StatusInternalServerError, err.Error())
}

func sendError(w http.ResponseWriter, status int, message string) {
	body, _ := json.Marshal(Error{Message: message}) // which cannot fail
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(body)
}
