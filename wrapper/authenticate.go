package wrapper

import (
	"errors"
)

// authenticated gives every call a token, and on a 401 renews it and repeats
// the call once: tokens live ten minutes, and a 401 at any point means that a
// new one is to be fetched (source: the vendor's authentication guide).
func authenticated(tokens *tokenCache, next handler) handler {
	return func(c *call) (*answer, error) {
		ctx := c.request.Context()
		token, err := tokens.get(ctx)
		if err != nil {
			return nil, err
		}
		c.token = token
		result, err := next(c)
		if !errors.Is(err, ErrUnauthorized) {
			return result, err
		}
		tokens.drop(token)
		if !c.repeatable() {
			return result, err
		}
		if c.token, err = tokens.get(ctx); err != nil {
			return nil, err
		}
		return next(c)
	}
}
