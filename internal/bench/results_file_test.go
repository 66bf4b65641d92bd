package main

import (
	"encoding/xml"
	"io"
	"os"
	"strings"
	"testing"
)

func TestANewRunKeepsWhatIsWrittenByHand(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := (found{}).save(); err != nil {
		t.Fatal(err)
	}
	const words = "\nIt is fast.\n\n## Also by hand\n"
	first := string(must(os.ReadFile(resultsFile)))
	if err := os.WriteFile(resultsFile, []byte(first+words), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := (found{}).save(); err != nil {
		t.Fatal(err)
	}
	if second := string(must(os.ReadFile(resultsFile))); second != first+words {
		t.Errorf("got %s", second)
	}
}

func TestReportOfAResult(t *testing.T) {
	f := found{rounds: 1, results: []result{{
		cell: cell{
			scene: sceneListing, name: plainListing, pages: 2, reference: nameFloor,
			contestants: []contestant{{name: nameFloor}, {name: nameOurs}},
		},
		series: series{{{duration: 2000}}, {{duration: 3000, allocations: 120}}},
	}}}
	var text strings.Builder
	f.write(&text)
	for _, want := range []string{
		"| whole listing, 0 ms latency, 0 ms work | 1 = 1µs |  |  |  | 1.50 (1.50–1.50) |  |",
		"| whole listing, no latency: allocations per page | at most 80 | 60.00 | met |",
		"| whole listing, no latency: of the floor's time | at most 1.2 | 1.50 | **not met** |",
	} {
		if !strings.Contains(text.String(), want+"\n") {
			t.Errorf("no line %q in\n%s", want, text.String())
		}
	}

	picture := string(plot(f))
	if !strings.Contains(picture, ">1.50</text>") {
		t.Errorf("the plot does not show the ratio: %s", picture)
	}
	for decoder := xml.NewDecoder(strings.NewReader(picture)); ; {
		if _, err := decoder.Token(); err == io.EOF {
			break
		} else if err != nil {
			t.Fatal(err)
		}
	}
}
