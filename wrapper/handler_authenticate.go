package wrapper

import (
	"errors"
	"slices"
)

// authenticated gives every call a token, and on a 401 renews it and repeats
// the call once: tokens live ten minutes, and a 401 at any point means that a
// new one is to be fetched (source: G), except where its code says that the
// caller has no permission, which a new token does not change (source: V).
func authenticated(tokens *tokenCache, next handler) handler {
	return func(c *apiRequest) (*apiResponse, error) {
		ctx := c.request.Context()
		token, err := tokens.get(ctx)
		if err != nil {
			return nil, err
		}
		result, err := token.sendWith(c, next)
		if err == nil || !errors.Is(err, ErrUnauthorized) || hasCode(err, CodeNoPermission) {
			return result, err
		}
		tokens.invalidate(token)
		if !c.repeatable() {
			return result, err
		}
		if token, err = tokens.get(ctx); err != nil {
			return nil, err
		}
		return token.sendWith(c, next)
	}
}

// sendWith sends the call with the token. A refusal says if the scope may be why.
func (t *cachedToken) sendWith(c *apiRequest, next handler) (*apiResponse, error) {
	c.token, c.sent = t, append(slices.Clip(t.traces), c.sent...)
	result, err := next(c)
	if errors.Is(err, ErrForbidden) && !t.canList() {
		var refused *Error
		errors.As(err, &refused)
		refused.granted = t.scope
	}
	return result, err
}

func hasCode(err error, code string) bool {
	var refused *Error
	return errors.As(err, &refused) && refused.Code == code
}
