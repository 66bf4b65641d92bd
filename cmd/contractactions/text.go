package main

import (
	"strconv"
	"strings"
	"unicode"
)

// printable makes somebody else's text fit for a terminal and for a line of
// its own: line breaks, control sequences and invisible formatting become
// escapes such as \n and \x1b.
func printable(text string) string {
	var plain strings.Builder
	for _, character := range text {
		if unicode.IsGraphic(character) {
			plain.WriteRune(character)
			continue
		}
		quoted := strconv.QuoteRuneToGraphic(character)
		plain.WriteString(quoted[1 : len(quoted)-1])
	}
	return plain.String()
}
