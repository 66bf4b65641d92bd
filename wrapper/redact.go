package wrapper

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// hide replaces secrets that a server repeated.
func hide(text string, secrets ...string) string {
	for _, secret := range secrets {
		if mayContain(text, secret) {
			text = patternOf(secret).ReplaceAllLiteralString(text, redacted)
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

// hideInHeader is hide for a copy of a header.
func hideInHeader(header http.Header, secrets ...string) http.Header {
	header = header.Clone()
	for _, values := range header {
		for i := range values {
			values[i] = hide(values[i], secrets...)
		}
	}
	return header
}

// patternOf matches a secret as servers write it: each character as it is, or
// escaped for a URL, for JSON or for HTML, even twice.
func patternOf(secret string) *regexp.Regexp {
	var pattern strings.Builder
	for _, c := range []byte(secret) {
		literal := regexp.QuoteMeta(string(rune(c)))
		if isLetterOrDigit(c) {
			pattern.WriteString(literal)
			continue
		}
		fmt.Fprintf(&pattern, `(?:\\*%s|%%(?:25)*(?i:%02x)|\\+u00(?i:%02x)|&(?:amp;)*#(?:x0*(?i:%x)|0*%d);|%s)`, literal, c, c, c, c, cmp.Or(entities[c], literal))
	}
	return regexp.MustCompile(pattern.String())
}

var entities = map[byte]string{'&': "&amp;", '<': "&lt;", '>': "&gt;", '"': "&quot;", ' ': `\+`}

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
