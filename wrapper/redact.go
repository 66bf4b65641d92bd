package wrapper

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// hide replaces secrets that a server repeated.
func hide(text string, secrets ...string) string {
	for _, secret := range secrets {
		text = replaceAll(text, formsOf(secret))
	}
	return text
}

// hideInHeader is hide for a copy of a header.
func hideInHeader(header http.Header, secret string) http.Header {
	header = header.Clone()
	forms := formsOf(secret)
	for _, values := range header {
		for i := range values {
			values[i] = replaceAll(values[i], forms)
		}
	}
	return header
}

func replaceAll(text string, forms []string) string {
	for _, form := range forms {
		text = strings.ReplaceAll(text, form, redacted)
	}
	return text
}

// formsOf returns how servers write a secret: as it is, as in a URL, and as
// some encoders of JSON do.
func formsOf(secret string) []string {
	if secret == "" {
		return nil
	}
	return slices.Compact([]string{secret, strings.ReplaceAll(secret, "/", `\/`), url.PathEscape(secret), url.QueryEscape(secret)})
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
	if strings.IndexFunc(text, func(r rune) bool { return !unicode.IsPrint(r) }) < 0 {
		return text
	}
	return strconv.Quote(text)
}
