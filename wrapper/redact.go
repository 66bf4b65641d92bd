package wrapper

import (
	"errors"
	"net/http"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// hide replaces secrets that a server repeated, as they are or escaped, even
// twice.
func hide(text string, secrets ...string) string {
	for _, secret := range secrets {
		if !mayContain(text, secret) {
			continue
		}
		text = strings.ReplaceAll(text, secret, redacted)
		text = strings.ReplaceAll(text, strings.ReplaceAll(secret, " ", "+"), redacted)
		for rounds := range 2 {
			if !strings.ContainsAny(text, `%\&`) {
				break
			}
			plain := newUnescaped(text)
			for range rounds + 1 {
				plain = plain.again()
			}
			text = plain.replace(text, secret, redacted)
		}
	}
	return text
}

// mayContain saves the usual text the search for all forms of a secret: none is
// shorter than the secret, and in none do letters and digits change.
func mayContain(text, secret string) bool {
	end := strings.IndexFunc(secret, func(r rune) bool { return r >= utf8.RuneSelf || !isLetterOrDigit(byte(r)) })
	if end < 0 {
		end = len(secret)
	}
	return secret != "" && len(text) >= len(secret) && strings.Contains(text, secret[:end])
}

// hideAtEnd is hide for a text that may have been cut in the middle of a secret.
func hideAtEnd(text string, secrets ...string) string {
	const least = 8
	text = hide(text, secrets...)
	for _, secret := range secrets {
		for n := len(secret) - 1; n >= least; n-- {
			if rest, cut := strings.CutSuffix(text, secret[:n]); cut {
				return rest + redacted
			}
		}
	}
	return text
}

// hideInHeader is hide for the header of an answer, which is changed.
func hideInHeader(header http.Header, secrets ...string) http.Header {
	for _, values := range header {
		for i := range values {
			if safe := hide(values[i], secrets...); safe != values[i] {
				values[i] = safe
			}
		}
	}
	return header
}

// withoutSecrets returns the error, unless its text repeats a secret: then an
// error with what remains of the text, and nothing to unwrap.
func withoutSecrets(err error, secrets ...string) error {
	text := err.Error()
	if safe := hide(text, secrets...); safe != text {
		return errors.New(safe)
	}
	return err
}

// printable makes a server's text fit for a message: one line, nothing that
// steers a terminal, not too long.
func printable(text string) string {
	const longest = 300
	if len(text) > longest {
		text = strings.ToValidUTF8(text[:longest], "") + "…"
	}
	if utf8.ValidString(text) && strings.IndexFunc(text, func(r rune) bool { return !unicode.IsPrint(r) }) < 0 {
		return text
	}
	return strconv.Quote(text)
}
