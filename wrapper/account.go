package wrapper

import (
	"errors"
	"fmt"
	"strings"
)

// ErrAccountID reports an account id that cannot be one. Nothing was sent.
var ErrAccountID = errors.New("not an account id")

// checkAccountID refuses ids that would change the path they are put into.
func checkAccountID(id string) error {
	reason := ""
	switch {
	case id == "":
		reason = "it is empty"
	case id == "." || id == "..":
		reason = "it would change the path"
	}
	for _, c := range []byte(id) {
		// RFC 3986, unreserved characters: the only ones that mean nothing in
		// a path to any server or proxy on the way.
		if !isLetterOrDigit(c) && c != '-' && c != '.' && c != '_' && c != '~' {
			reason = "only letters, digits, '-', '.', '_' and '~' are allowed in it"
		}
	}
	if reason != "" {
		return fmt.Errorf("%w: %s (they look like 5ea75fe7aa224700012eae40)", ErrAccountID, reason)
	}
	return nil
}

// isOfAnotherAccount reports whether the path is that of the operation, but for
// another account than the one of ours.
func isOfAnotherAccount(path, ours, accountID string) bool {
	before, after, _ := strings.Cut(ours, accountID)
	other, ok := strings.CutPrefix(path, before)
	if ok {
		other, ok = strings.CutSuffix(other, after)
	}
	return ok && other != accountID
}
