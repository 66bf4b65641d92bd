package wrapper

import (
	"errors"
	"net/http"
	"slices"
)

// authenticating adds a token to every request. On a 401 it obtains a new token
// and sends the request once more: tokens expire after ten minutes, and a 401 at
// any time means that a new one is needed (source: G). The exception is a 401
// whose code says that the caller has no permission (source: V).
func authenticating(tokens *tokenCache, next handler) handler {
	return func(r *apiRequest) (*apiResponse, error) {
		ctx := r.request.Context()
		token, err := tokens.get(ctx)
		if err != nil {
			return nil, err
		}
		response, err := token.sendWith(r, next)
		if !tokens.isRefused(token, err) || r.once {
			return response, err
		}
		if token, err = tokens.get(ctx); err != nil {
			return nil, err
		}
		response, err = token.sendWith(r, next)
		tokens.isRefused(token, err)
		return response, err
	}
}

// sendWith sends the request with the token. It records in a 403 which scopes the
// request needs, and the token's if it can be the cause.
func (t *cachedToken) sendWith(r *apiRequest, next handler) (*apiResponse, error) {
	r.token, r.sent = t, append(slices.Clip(t.traces), r.sent...)
	response, err := next(r)
	if refused, ok := errors.AsType[*Error](err); ok && refused.StatusCode == http.StatusForbidden {
		refused.needed = r.scopes
		if !suffices(t.scope, r.scopes) {
			refused.granted = t.scope
		}
	}
	return response, err
}
