package wrapper_test

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write docs/faults.md")

const faultsIntroduction = `# Faults and their results

What a Go program gets from package ` + "`wrapper`" + ` when the network, the service or an intermediary fails while it lists
five contract actions on two pages with the default retry policy: 4 attempts, a minute for each. A result that does not
say "after" is the first thing that the program gets. A quotation is a part of the error's text. Retries are those of the
request that failed; rows that need a real socket do not wait between them.

Each line is a test. Do not edit this page: change the rows of ` + "`wrapper/faults_*_test.go`" + ` and run
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
	present := strings.Split(strings.ReplaceAll(string(must(os.ReadFile(file))(t)), "\r\n", "\n"), "\n")
	want := strings.Split(page, "\n")
	for i := range max(len(present), len(want)) {
		if i >= len(present) || i >= len(want) || present[i] != want[i] {
			t.Fatalf("%s differs from the rows in line %d. If that is intended, run this test with -update.", file, i+1)
		}
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
		page.WriteString("| Situation | Result | Retries |\n|---|---|---|\n")
		for _, line := range linesOf(group.rows) {
			if len(line.variants) > 0 {
				line.situation += ": " + ranges(line.variants)
			}
			fmt.Fprintf(&page, "| %s | %s | %s |\n", escape(line.situation), escape(line.result), line.retries)
		}
	}
	return page.String()
}

// faultLine is a line of the page: rows with the same outcome.
type faultLine struct {
	situation, result, retries string
	variants                   []string
}

// linesOf joins what differs only in the variant.
func linesOf(rows []fault) (lines []*faultLine) {
	for _, row := range rows {
		made := row.line()
		at := slices.IndexFunc(lines, func(line *faultLine) bool {
			return line.situation == made.situation && line.result == made.result && line.retries == made.retries
		})
		if at < 0 {
			at, lines = len(lines), append(lines, &made)
		}
		if row.variant != "" && row.when == each {
			lines[at].variants = append(lines[at].variants, row.variant)
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

// line describes a row for the page.
func (f fault) line() faultLine {
	line := faultLine{situation: f.situation, result: f.want.words(), retries: fmt.Sprint(f.want.retries())}
	status := strconv.Itoa(f.want.status)
	switch {
	case f.when == once:
		line.situation = "Any of these, once"
	case f.when == fromSecondPage:
		line.situation = "Any of these, from the second page on"
		line.result = fmt.Sprintf("the same error, after the %d contract actions of the first page", f.want.delivered)
	case f.want.status < 300:
	case f.unlisted == status:
		line.result, line.retries = f.want.quoted("`"+f.want.failure+"` with that status"), "as for that status"
	case f.variant == status:
		line.result = f.want.quoted(f.want.kind("with that status"))
	}
	return line
}

// words describes an outcome.
func (want outcome) words() string {
	switch {
	case want.failure == "" && want.value != "":
		return "the whole list, with `" + want.value + "`"
	case want.failure == "" && want.delivered == 0:
		return "an empty list"
	case want.failure == "":
		return "the whole list"
	case want.status != 0:
		return want.quoted(want.kind(fmt.Sprintf("with status %d", want.status)))
	}
	return want.quoted(want.kind(""))
}

// kind says which error it is.
func (want outcome) kind(status string) string {
	text := strings.TrimSpace("`" + want.failure + "` " + status)
	for name, sentinel := range sentinels {
		if want.sentinel == sentinel {
			text += ", `" + name + "`"
		}
	}
	for name, cause := range causes {
		if want.cause == cause {
			text += " caused by `" + name + "`"
		}
	}
	return text
}

// quoted adds what else is known of an error.
func (want outcome) quoted(kind string) string {
	if want.delivered > 0 {
		kind += fmt.Sprintf(", after %d contract actions", want.delivered)
	}
	// The status has been said, and the host is the test's.
	says := strings.TrimPrefix(want.says, statusText(want.status))
	says = strings.ReplaceAll(says, "from localhost ", "from … ")
	if strings.HasSuffix(says, " ") {
		says += "…"
	}
	if says = strings.TrimLeft(says, ":; "); says != "" {
		kind += ": “" + says + "”"
	}
	return kind
}

// retries is how often the request was repeated, given a list of two pages.
func (want outcome) retries() int {
	if want.failure == "" {
		return max(0, want.requests/max(1, want.accounts)-2, want.exchanges-1)
	}
	return max(0, want.attempts-1)
}

// escape keeps a text within its cell.
func escape(text string) string {
	return strings.NewReplacer("|", `\|`, "<", "&lt;", "\n", " ").Replace(text)
}
