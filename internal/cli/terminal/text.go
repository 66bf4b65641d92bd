package terminal

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/width"
)

// Printable makes a text from somewhere else safe for a terminal and for a line
// of its own: line breaks, control sequences and invisible formatting become
// escapes such as \n and \x1b. Joiners inside of words and emoji stay.
func Printable(text string) string {
	var plain strings.Builder
	var previous rune
	for _, character := range text {
		if unicode.IsGraphic(character) || isJoiner(character) && unicode.In(previous, unicode.L, unicode.M, unicode.So, unicode.Sk) {
			plain.WriteRune(character)
		} else {
			quoted := strconv.QuoteRuneToGraphic(character)
			plain.WriteString(quoted[1 : len(quoted)-1])
		}
		previous = character
	}
	return plain.String()
}

// isJoiner reports whether a character is a zero-width joiner or non-joiner.
func isJoiner(character rune) bool { return unicode.Is(unicode.Join_Control, character) }

// Cell makes a text safe for a table. An empty one becomes a dash, so that each
// line has the same number of columns to programs that split at spaces.
func Cell(text string) string {
	if text == "" {
		return "-"
	}
	return Printable(text)
}

// Count returns a number and a noun in the singular or plural.
func Count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// ShellQuote quotes a text for POSIX shells.
func ShellQuote(text string) string {
	return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
}

// Width returns the number of columns that a terminal needs for a text.
func Width(text string) int {
	columns := 0
	for _, character := range text {
		columns += runeWidth(character)
	}
	return columns
}

func runeWidth(character rune) int {
	if unicode.In(character, unicode.Mn, unicode.Me, unicode.Join_Control) { // combined with the character before
		return 0
	}
	switch width.LookupRune(character).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return 2
	}
	return 1
}

// Cut shortens a text that needs more columns than these, and shows that it did.
func Cut(text string, columns int) string {
	if Width(text) <= columns {
		return text
	}
	room := columns - 1 // for the mark
	for i, character := range text {
		if room -= runeWidth(character); room < 0 {
			return text[:i] + ellipsis(columns)
		}
	}
	return text
}

func ellipsis(columns int) string {
	if columns < 1 {
		return ""
	}
	return "…"
}
