package sandbox

import (
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// maxFormSize is in bytes. A client assertion takes about one kilobyte.
const maxFormSize = 64 << 10

// tokenError is an error response of the token endpoint (RFC 6749, section 5.2).
type tokenError struct {
	Code        string `json:"error"`
	Description string `json:"error_description"`
}

func invalidRequest(description string) *tokenError {
	return &tokenError{"invalid_request", description}
}

func invalidClient(description string) *tokenError { return &tokenError{"invalid_client", description} }

// tokenResponse is a successful response of the token endpoint (RFC 6749,
// section 5.1).
type tokenResponse struct {
	AccessToken string `json:"access_token"`
	TokenType   string `json:"token_type"`
	ExpiresIn   int    `json:"expires_in"` // seconds
	Scope       string `json:"scope"`
}

// tokenEndpoint implements the client credentials grant (RFC 6749, section 4.4).
type tokenEndpoint struct {
	clients      *clients
	accessTokens *accessTokens
}

func (e *tokenEndpoint) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Pragma", "no-cache")
	issued, err := e.issue(w, r)
	switch {
	case err == nil:
		sendJSON(w, http.StatusOK, issued)
	case err.Code == "invalid_client":
		// A challenge is for clients that tried this header: others would take the
		// error for one of HTTP authentication and not read the body.
		if usesHeader(r) {
			w.Header().Set("WWW-Authenticate", `Basic realm="sandbox"`)
		}
		sendJSON(w, http.StatusUnauthorized, err)
	default:
		sendJSON(w, http.StatusBadRequest, err)
	}
}

func (e *tokenEndpoint) issue(w http.ResponseWriter, r *http.Request) (*tokenResponse, *tokenError) {
	form, err := parseForm(w, r)
	if err != nil {
		return nil, err
	}
	client, err := e.clients.authenticate(r, form)
	if err != nil {
		return nil, err
	}
	switch form.Get("grant_type") {
	case "client_credentials":
	case "":
		return nil, invalidRequest("grant_type is missing.")
	default:
		return nil, &tokenError{"unsupported_grant_type", "grant_type must be client_credentials."}
	}
	scopes, err := client.scopesFor(form.Get("scope"))
	if err != nil {
		return nil, err
	}
	return e.accessTokens.issue(scopes), nil
}

// parseForm parses the body. Parameters in the URL are ignored (RFC 6749,
// section 3.2), and so are empty ones.
func parseForm(w http.ResponseWriter, r *http.Request) (url.Values, *tokenError) {
	if !isForm(r) {
		return nil, invalidRequest("Content-Type must be application/x-www-form-urlencoded.")
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxFormSize)
	if err := r.ParseForm(); err != nil {
		return nil, invalidRequest("The form is malformed or too large.")
	}
	for name, values := range r.PostForm {
		if len(values) > 1 {
			return nil, invalidRequest("A parameter is given more than once.")
		}
		if values[0] == "" {
			r.PostForm.Del(name)
		}
	}
	return r.PostForm, nil
}

func isForm(r *http.Request) bool {
	values := r.Header.Values("Content-Type")
	mediaType, _, err := mime.ParseMediaType(strings.Join(values, ", ")) // which fails for several
	return err == nil && mediaType == "application/x-www-form-urlencoded"
}

// scopesFor returns the scopes of the token: the requested ones, or all that the
// client was granted if it requests none. They share no memory with the request.
func (c *client) scopesFor(requested string) ([]string, *tokenError) {
	wanted := scopeSet(requested)
	if len(wanted) == 0 {
		return c.scopes, nil
	}
	var scopes []string
	for _, scope := range c.scopes {
		if slices.Contains(wanted, scope) {
			scopes = append(scopes, scope)
		}
	}
	if len(scopes) < len(wanted) {
		return nil, &tokenError{"invalid_scope", "The client was granted: " + strings.Join(c.scopes, " ") + "."}
	}
	return scopes, nil
}

// scopeSet sorts space-separated scopes and removes duplicates.
func scopeSet(scopes ...string) []string {
	set := strings.Fields(strings.Join(scopes, " "))
	slices.Sort(set)
	return slices.Compact(set)
}
