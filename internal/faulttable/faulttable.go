// Package faulttable is for tests: it writes the page that their rows describe, in
// Markdown.
package faulttable

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// Section is a table of the page.
type Section struct {
	Title string
	Note  string // above the table; may be empty
	Rows  []Row
}

// Row is a line of a table. Rows that differ only in the variant share one.
type Row struct {
	Situation, Result, Retries string
	Variant                    string // may be empty
}

// Page returns the page.
func Page(introduction string, sections []Section) string {
	var page strings.Builder
	page.WriteString(introduction)
	for _, section := range sections {
		fmt.Fprintf(&page, "\n## %s\n\n", section.Title)
		if section.Note != "" {
			fmt.Fprintf(&page, "%s\n\n", section.Note)
		}
		page.WriteString("| Situation | Result | Retries |\n|---|---|---|\n")
		for _, line := range linesOf(section.Rows) {
			if len(line.variants) > 0 {
				line.Situation += ": " + ranges(line.variants)
			}
			fmt.Fprintf(&page, "| %s | %s | %s |\n", escape(line.Situation), escape(line.Result), line.Retries)
		}
	}
	return page.String()
}

// Compare fails the test unless the file is the page, or writes the file.
func Compare(t testing.TB, file, page string, update bool) {
	t.Helper()
	if update {
		if err := os.WriteFile(file, []byte(page), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	present := strings.Split(strings.ReplaceAll(string(text), "\r\n", "\n"), "\n")
	want := strings.Split(page, "\n")
	for i := range max(len(present), len(want)) {
		if i >= len(present) || i >= len(want) || present[i] != want[i] {
			t.Fatalf("%s differs from the rows in line %d. If that is intended, run this test with -update.", file, i+1)
		}
	}
}

// tableLine is a line of a table: rows with the same result.
type tableLine struct {
	Row
	variants []string
}

// linesOf joins what differs only in the variant.
func linesOf(rows []Row) (lines []*tableLine) {
	for _, row := range rows {
		variant := row.Variant
		row.Variant = ""
		at := slices.IndexFunc(lines, func(line *tableLine) bool { return line.Row == row })
		if at < 0 {
			at, lines = len(lines), append(lines, &tableLine{Row: row})
		}
		if variant != "" {
			lines[at].variants = append(lines[at].variants, variant)
		}
	}
	return lines
}

// ranges joins variants, and runs of whole numbers to "300–303".
func ranges(variants []string) string {
	text, last := variants[0], variants[0]
	for i, variant := range append(variants[1:], "") {
		if before, err := strconv.Atoi(variants[i]); err == nil && variant == strconv.Itoa(before+1) {
			continue
		}
		if variants[i] != last {
			text += "–" + variants[i]
		}
		if last = variant; variant != "" {
			text += ", " + variant
		}
	}
	return text
}

// escape keeps a text within its cell.
func escape(text string) string {
	return strings.NewReplacer("|", `\|`, "<", "&lt;", "\n", " ").Replace(text)
}
