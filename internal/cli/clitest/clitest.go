// Package clitest has what tests of the command share.
package clitest

import (
	"flag"
	"os"
	"path/filepath"
	"testing"
)

// Compare fails the test unless a text is what it should be.
func Compare(t *testing.T, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

var update = flag.Bool("update", false, "write the golden files")

// Golden fails the test unless a text is that of the golden file. With -update,
// it writes the file.
func Golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name+".golden")
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	Compare(t, got, string(want))
}
