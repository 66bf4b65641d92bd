package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

func TestEveryCommandHasAPage(t *testing.T) {
	directory := filepath.Join(t.TempDir(), "man1")
	succeed(t, "man", directory)
	for _, command := range append(commandsBelow(newRoot(nil)), newRoot(nil)) {
		page, err := os.ReadFile(filepath.Join(directory, pageName(command)+".1"))
		if command.Hidden {
			continue
		}
		if err != nil {
			t.Error(err)
			continue
		}
		for _, section := range []string{"NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "EXAMPLES", "EXIT STATUS", "SEE ALSO"} {
			if !strings.Contains(string(page), "\n.SH "+section+"\n") {
				t.Errorf("%s: the section %s is missing", pageName(command), section)
			}
		}
		lint(t, page)
	}
}

// lint lets groff look for mistakes, where there is one.
func lint(t *testing.T, page []byte) {
	t.Helper()
	groff, err := exec.LookPath("groff")
	if err != nil {
		return
	}
	command := exec.CommandContext(t.Context(), groff, "-man", "-ww", "-z", "-Tascii")
	command.Stdin = strings.NewReader(string(page))
	if output, err := command.CombinedOutput(); err != nil || len(output) > 0 {
		t.Errorf("groff: %v\n%s", err, output)
	}
}

func TestAManPage(t *testing.T) {
	command := &cobra.Command{
		Use:     "tool FILE",
		Short:   "Do it",
		Long:    "tool does it.\n.dots and a \\ and 'quotes'\n\nTable:\n  a  b",
		Example: "  tool --force ~/x",
		Run:     func(*cobra.Command, []string) {},
	}
	size := 7
	command.Flags().VarP(atLeast(&size, 1), "size", "s", "how large")
	page, _, _ := strings.Cut(manPage(command), ".SH EXIT STATUS")
	compare(t, page, `.TH "TOOL" 1 "" contractactions
.SH NAME
tool \- Do it
.SH SYNOPSIS
.nf
tool FILE [flags]
.fi
.SH DESCRIPTION
.PP
tool does it.
\&.dots and a \e and \(aqquotes\(aq
.PP
.nf
Table:
  a  b
.fi
.SH OPTIONS
.TP
.B \-h, \-\-help
help for tool
.TP
.B \-s, \-\-size N
how large (default 7)
.SH EXAMPLES
.nf
  tool \-\-force \(ti/x
.fi
`)
}
