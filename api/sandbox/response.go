package sandbox

import (
	"bytes"
	"encoding/json"
	"maps"
	"net/http"
	"strconv"

	"github.com/talkdesk-express/contractactions/gen"
)

// bufferedResponse is an http.ResponseWriter that keeps the response, so that it
// can be validated or changed before it is sent.
type bufferedResponse struct {
	status int
	header http.Header
	body   bytes.Buffer
}

func newBufferedResponse(status int) *bufferedResponse {
	return &bufferedResponse{status: status, header: make(http.Header)}
}

// responseOf runs the handler and returns its response.
func responseOf(handler http.Handler, r *http.Request) *bufferedResponse {
	response := newBufferedResponse(http.StatusOK)
	handler.ServeHTTP(response, r)
	return response
}

func (b *bufferedResponse) Header() http.Header { return b.header }

func (b *bufferedResponse) WriteHeader(status int) { b.status = status }

func (b *bufferedResponse) Write(data []byte) (int, error) { return b.body.Write(data) }

func (b *bufferedResponse) replaceBody(body []byte) {
	b.body.Reset()
	_, _ = b.body.Write(body)
}

// sendHead sends the status and the headers, with the length of the whole body.
func (b *bufferedResponse) sendHead(w http.ResponseWriter) {
	maps.Copy(w.Header(), b.header)
	w.Header().Set("Content-Length", strconv.Itoa(b.body.Len()))
	w.WriteHeader(b.status)
}

func (b *bufferedResponse) send(w http.ResponseWriter) {
	b.sendHead(w)
	_, _ = w.Write(b.body.Bytes()) // fails only if the client has disconnected
}

// sendJSON sends a value that encoding/json can always encode.
func sendJSON(w http.ResponseWriter, status int, value any) {
	body, _ := json.Marshal(value)
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	_, _ = w.Write(body)
}

// Codes of error bodies. Those of seven digits are documented in the section
// Errors of openapi.yaml.
const (
	codeInvalidParameters = "3110005"
	codeInvalidToken      = "0011003"
	codeNoPermission      = "3110001"
	codeMissingScope      = "3110002"
	codeNotFound          = "3110006"
	codeRateLimited       = "0012001"
	codeUpstreamError     = "0015005"

	// The vendor documents no code for these.
	codeMethodNotAllowed = "sandbox_method_not_allowed"
	codeDefect           = "sandbox_defect"
)

// apiError is an error response of the API.
type apiError struct {
	status int
	body   gen.ErrorBody
}

// newAPIError leaves the description out if it is empty.
func newAPIError(status int, code, message, description string) *apiError {
	body := gen.ErrorBody{Code: code, Message: message}
	if description != "" {
		body.Description = &description
	}
	return &apiError{status: status, body: body}
}

// json returns the body.
func (e *apiError) json() string {
	encoded, _ := json.Marshal(e.body) // which cannot fail
	return string(encoded)
}

func (e *apiError) send(w http.ResponseWriter) { sendJSON(w, e.status, e.body) }

func invalidParameters(fields ...gen.ErrorField) *apiError {
	e := newAPIError(http.StatusBadRequest, codeInvalidParameters, "Invalid parameters.", "See fields.")
	e.body.Fields = fields
	return e
}

func invalidToken(description string) *apiError {
	return newAPIError(http.StatusUnauthorized, codeInvalidToken, "Unauthorized.", description)
}

func noPermission() *apiError {
	return newAPIError(http.StatusUnauthorized, codeNoPermission, "The caller has no permission for this request.", "")
}

func missingScope(description string) *apiError {
	return newAPIError(http.StatusForbidden, codeMissingScope, "The access token lacks a required scope.", description)
}

func notFound(description string) *apiError {
	return newAPIError(http.StatusNotFound, codeNotFound, "Resource not found.", description)
}
