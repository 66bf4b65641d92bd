package main

import (
	"unicode"

	"golang.org/x/text/width"
)

// displayWidth is how many columns a terminal gives to a text.
func displayWidth(text string) int {
	columns := 0
	for _, character := range text {
		columns += runeWidth(character)
	}
	return columns
}

func runeWidth(character rune) int {
	if unicode.In(character, unicode.Mn, unicode.Me) { // they stand on the one before
		return 0
	}
	switch width.LookupRune(character).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return 2
	}
	return 1
}

// cutToWidth shortens a text that needs more columns, and shows that it did.
func cutToWidth(text string, columns int) string {
	if displayWidth(text) <= columns {
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
