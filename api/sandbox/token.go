package sandbox

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// maxFormSize is in bytes. A client assertion takes about one kilobyte.
const maxFormSize = 64 << 10

// refusal is an error answer of the token endpoint (RFC 6749, section 5.2).
type refusal struct {
	Code        string `json:"error"`
	Description string `json:"error_description"`
}

func invalidRequest(description string) *refusal { return &refusal{"invalid_request", description} }

func invalidClient(description string) *refusal { return &refusal{"invalid_client", description} }

// tokenAnswer is what the token endpoint answers (RFC 6749, section 5.1).
type tokenAnswer struct {
	AccessToken string `json:"access_token"`
	TokenType   string `json:"token_type"`
	ExpiresIn   int    `json:"expires_in"` // seconds
	Scope       string `json:"scope"`
}

// tokenEndpoint grants tokens to the client for its own credentials (RFC 6749,
// section 4.4).
type tokenEndpoint struct {
	client *client
	grants *grants
	scopes []string // that the client was granted
}

func (e *tokenEndpoint) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Pragma", "no-cache")
	granted, refused := e.grant(w, r)
	switch {
	case refused == nil:
		sendJSON(w, http.StatusOK, granted)
	case refused.Code == "invalid_client":
		w.Header().Set("WWW-Authenticate", `Basic realm="sandbox"`)
		sendJSON(w, http.StatusUnauthorized, refused)
	default:
		sendJSON(w, http.StatusBadRequest, refused)
	}
}

func (e *tokenEndpoint) grant(w http.ResponseWriter, r *http.Request) (*tokenAnswer, *refusal) {
	form, refused := parseForm(w, r)
	if refused != nil {
		return nil, refused
	}
	if refused := e.client.authenticate(r, form); refused != nil {
		return nil, refused
	}
	switch form.Get("grant_type") {
	case "client_credentials":
	case "":
		return nil, invalidRequest("grant_type is missing.")
	default:
		return nil, &refusal{"unsupported_grant_type", "grant_type must be client_credentials."}
	}
	scopes, refused := e.scopesFor(form.Get("scope"))
	if refused != nil {
		return nil, refused
	}
	return e.grants.issue(scopes), nil
}

// parseForm reads the parameters out of the body. Those in the URL do not
// count (RFC 6749, section 3.2), nor do empty ones.
func parseForm(w http.ResponseWriter, r *http.Request) (url.Values, *refusal) {
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

// scopesFor returns the scopes of the token: those asked for, or everything
// that the client was granted.
func (e *tokenEndpoint) scopesFor(asked string) ([]string, *refusal) {
	scopes := scopeSet(asked)
	if len(scopes) == 0 {
		return e.scopes, nil
	}
	for _, scope := range scopes {
		if !slices.Contains(e.scopes, scope) {
			return nil, &refusal{"invalid_scope", "The client was granted: " + strings.Join(e.scopes, " ") + "."}
		}
	}
	return scopes, nil
}

// scopeSet sorts space-separated scopes and drops repetitions.
func scopeSet(scopes ...string) []string {
	set := strings.Fields(strings.Join(scopes, " "))
	slices.Sort(set)
	return slices.Compact(set)
}
