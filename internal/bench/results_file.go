package main

import (
	"bytes"
	"os"
)

const (
	resultsFile = "RESULTS.md"
	plotFile    = "results.svg"
)

// byHandHeading begins what is written by hand: a new run keeps it.
const byHandHeading = "## What it means\n"

// save writes the report and its plot into the current folder.
func (f found) save() error {
	var text bytes.Buffer
	text.WriteString("# Benchmarks\n\nWritten by `make bench`, down to the last section, which is written by hand.\n\n")
	text.WriteString("![Ratios of the main rows](" + plotFile + ")\n\n")
	f.write(&text)
	text.WriteString("\n" + byHandHeading)
	before, err := os.ReadFile(resultsFile)
	if err != nil && !os.IsNotExist(err) {
		return err
	}
	if _, kept, ok := bytes.Cut(before, []byte("\n"+byHandHeading)); ok {
		text.Write(kept)
	}
	if err := os.WriteFile(plotFile, plot(f), 0o644); err != nil {
		return err
	}
	return os.WriteFile(resultsFile, text.Bytes(), 0o644)
}
