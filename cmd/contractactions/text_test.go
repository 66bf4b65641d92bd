package main

import "testing"

func TestPrintable(t *testing.T) {
	for text, want := range map[string]string{
		"plain text":            "plain text",
		`quotes " and \ stay`:   `quotes " and \ stay`,
		"créé\u00a0! 漢字 🎉":      "créé\u00a0! 漢字 🎉",
		"two\nlines\r\n":        `two\nlines\r\n`,
		"\x1b]0;title\a":        `\x1b]0;title\a`,
		"\u009b31m":             `\u009b31m`,
		"\u202eright to left":   `\u202eright to left`,
		"\u2028line separator":  `\u2028line separator`,
		"invalid \xff encoding": "invalid \ufffd encoding",
	} {
		t.Run(want, func(t *testing.T) { compare(t, printable(text), want) })
	}
}
