package wrapper_test

import (
	"flag"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write docs/faults.md")

const faultsIntroduction = `# What happens when …

What a Go program that lists contract actions gets when the network, the service or something between them does not do
what it should. Each line was tried through the public API of package ` + "`wrapper`" + `, with a list of five contract actions
on two pages and the default retry policy (4 attempts, a minute for each; what needs a real socket does not wait between
them). A quotation is a piece of the error's text. "Repeated" is how often the client asked again, by itself. What does not
say "after" is the first thing that the caller gets.

Generated from the rows of ` + "`wrapper/faults_*_test.go`" + `, of which every one is also a test. Do not edit; run
` + "`go test ./wrapper -run TestFaults -update`" + `.
`

// comparePage fails the test unless the file is the page.
func comparePage(t *testing.T, file, page string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(page), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	present := strings.Split(strings.ReplaceAll(string(content), "\r\n", "\n"), "\n")
	for i, line := range strings.Split(page, "\n") {
		if i >= len(present) || present[i] != line {
			t.Fatalf("line %d of %s should be\n%s\nIf that is intended, run this test with -update.", i+1, file, line)
		}
	}
	if want := strings.Count(page, "\n") + 1; len(present) != want {
		t.Fatalf("%s has %d lines, want %d", file, len(present), want)
	}
}

func faultsPage(groups []faultGroup) string {
	var page strings.Builder
	page.WriteString(faultsIntroduction)
	for _, group := range groups {
		fmt.Fprintf(&page, "\n## %s\n\n", group.title)
		if group.note != "" {
			fmt.Fprintf(&page, "%s\n\n", group.note)
		}
		page.WriteString("| Situation | The caller gets | Repeated |\n|---|---|---|\n")
		for _, line := range linesOf(group.rows) {
			fmt.Fprintf(&page, "| %s | %s | %s |\n", escape(line.situation()), escape(line.result), line.repeated)
		}
	}
	return page.String()
}

// faultLine is a line of the page: rows with the same outcome.
type faultLine struct {
	situations, variants []string
	result, repeated     string
}

func (l *faultLine) has(situation, result, repeated string) bool {
	return l.situations[0] == situation && l.result == result && l.repeated == repeated
}

// linesOf joins what differs only in the variant, and then the fields that
// have the same variants.
func linesOf(rows []fault) []*faultLine {
	var lines []*faultLine
	for _, row := range rows {
		situation, variant, result, repeated := row.words()
		at := slices.IndexFunc(lines, func(line *faultLine) bool { return line.has(situation, result, repeated) })
		if at < 0 {
			lines = append(lines, &faultLine{[]string{situation}, nil, result, repeated})
			at = len(lines) - 1
		}
		if variant != "" && !slices.Contains(lines[at].variants, variant) {
			lines[at].variants = append(lines[at].variants, variant)
		}
	}
	var joined []*faultLine
	for _, line := range lines {
		at := slices.IndexFunc(joined, func(before *faultLine) bool {
			return strings.HasPrefix(line.situations[0], "`") && slices.Equal(before.variants, line.variants) &&
				before.result == line.result && before.repeated == line.repeated
		})
		if at < 0 {
			joined = append(joined, line)
		} else {
			joined[at].situations = append(joined[at].situations, line.situations...)
		}
	}
	return joined
}

func (l *faultLine) situation() string {
	text := strings.Join(l.situations, ", ")
	if len(l.variants) > 0 {
		text += ": " + strings.Join(ranges(l.variants), ", ")
	}
	return text
}

// ranges shortens runs of whole numbers in equal steps.
func ranges(texts []string) []string {
	var short []string
	for len(texts) > 0 {
		run, step := 1, 0
		for run < len(texts) {
			before, errBefore := strconv.Atoi(texts[run-1])
			number, err := strconv.Atoi(texts[run])
			if errBefore != nil || err != nil || run > 1 && number-before != step || number-before > 10 {
				break
			}
			step = number - before
			run++
		}
		switch {
		case run < 3:
			run = 1
			short = append(short, texts[0])
		case step == 1:
			short = append(short, texts[0]+"–"+texts[run-1])
		default:
			short = append(short, fmt.Sprintf("%s, %s, … %s (%d positions)", texts[0], texts[1], texts[run-1], run))
		}
		texts = texts[run:]
	}
	return short
}

// words says a row for the page.
func (f fault) words() (situation, variant, result, repeated string) {
	situation, variant, result, repeated = f.situation, f.variant, f.want.words(), times(f.want.again())
	switch {
	case f.when == once:
		return "Any of these, once", "", result, repeated
	case f.when == fromSecondPage:
		return "Any of these, from the second page on", "",
			fmt.Sprintf("the same error, after the %d contract actions of the first page", f.want.delivered), repeated
	case f.status != 0:
		result, repeated = f.want.wordsAs("`"+f.want.failure+"` with that status"), "as with that status"
	case f.want.status >= 300 && variant == strconv.Itoa(f.want.status):
		result = f.want.wordsAs(f.want.kind("with that status"))
	}
	return situation, variant, result, repeated
}

// words says an outcome.
func (want outcome) words() string {
	switch {
	case want.failure == "" && want.value != "":
		return "the whole list, with the value `" + want.value + "`"
	case want.failure == "" && want.delivered == 0:
		return "an empty list"
	case want.failure == "":
		return "the whole list"
	case want.status != 0:
		return want.wordsAs(want.kind(fmt.Sprintf("with status %d", want.status)))
	}
	return want.wordsAs(want.kind(""))
}

// kind says which error it is.
func (want outcome) kind(status string) string {
	text := "`" + want.failure + "`"
	if status != "" {
		text += " " + status
	}
	if want.sentinel != nil {
		text += ", `" + nameOf(want.sentinel, sentinels) + "`"
	}
	if want.cause != nil {
		text += " caused by `" + nameOf(want.cause, causes) + "`"
	}
	return text
}

// wordsAs says what else there is of an error.
func (want outcome) wordsAs(kind string) string {
	if want.delivered > 0 {
		kind += fmt.Sprintf(", after %d contract actions", want.delivered)
	}
	// The status has been said, and the host is the test's.
	status := strings.TrimSpace(fmt.Sprintf("%d %s", want.status, http.StatusText(want.status)))
	says := strings.ReplaceAll(strings.TrimPrefix(want.says, status), "from localhost", "from …")
	says = strings.TrimSuffix(strings.TrimPrefix(says, ": "), ": ")
	if strings.HasSuffix(says, " ") {
		says += "…"
	}
	if says != "" {
		kind += ": “" + strings.TrimLeft(says, "; ") + "”"
	}
	return kind
}

// again is how often the client asked again.
func (want outcome) again() int {
	if want.failure == "" {
		return max(want.requests/max(1, want.accounts)-2, want.exchanges-1)
	}
	return want.attempts - 1
}

func times(again int) string {
	switch {
	case again < 1:
		return "no"
	case again == 1:
		return "once"
	}
	return fmt.Sprintf("%d times", again)
}

// escape keeps a text within its cell.
func escape(text string) string {
	return strings.NewReplacer("|", `\|`, "<", "&lt;", "\n", " ").Replace(text)
}
