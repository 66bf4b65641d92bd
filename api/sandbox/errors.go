package sandbox

import (
	"net/http"

	"github.com/talkdesk-express/contractactions/gen"
)

// Codes of error bodies. Those of seven digits are documented in the section
// Errors of openapi.yaml.
const (
	codeInvalidParameters = "3110005"
	codeInvalidToken      = "0011003"
	codeNoPermission      = "3110001"
	codeMissingScope      = "3110002"
	codeNotFound          = "3110006"

	// The vendor documents no code for these.
	codeMethodNotAllowed = "sandbox_method_not_allowed"
	codeDefect           = "sandbox_defect"
)

// apiError is an error response of the API.
type apiError struct {
	status int
	body   gen.ErrorBody
}

// newAPIError leaves the description out when it is empty.
func newAPIError(status int, code, message, description string) *apiError {
	body := gen.ErrorBody{Code: code, Message: message}
	if description != "" {
		body.Description = &description
	}
	return &apiError{status: status, body: body}
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
