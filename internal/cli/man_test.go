package cli

import (
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/talkdesk-express/contractactions/internal/cli/clitest"
	"github.com/talkdesk-express/contractactions/internal/cli/flagvalue"
)

func TestAManPage(t *testing.T) {
	command := &cobra.Command{
		Use:     "tool FILE",
		Short:   "Do it",
		Long:    "tool does it.\n.dots and a \\ and 'quotes'\n\nTable:\n  a  b",
		Example: "  tool --force ~/x",
		Run:     func(*cobra.Command, []string) {},
	}
	size := 7
	command.Flags().VarP(flagvalue.AtLeast(&size, 1), "size", "s", "how large")
	page, _, found := strings.Cut(manPage(command), ".SH EXIT STATUS")
	if !found {
		t.Error("the page has no section on the exit status")
	}
	clitest.Compare(t, page, `.TH "TOOL" 1 "" contractactions
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
