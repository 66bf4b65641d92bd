package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// manPage returns a command's help as a manual page, in the man macros of roff.
// The generator of cobra would parse the help as Markdown, and needs a Markdown
// parser.
func manPage(command *cobra.Command) string {
	command.InitDefaultHelpFlag()
	var page strings.Builder
	section := func(title, text string) {
		if text != "" {
			fmt.Fprintf(&page, ".SH %s\n%s", title, text)
		}
	}
	name := pageName(command)
	// No date: the same program has the same pages.
	fmt.Fprintf(&page, ".TH %s 1 \"\" contractactions\n", quoted(strings.ToUpper(name)))
	section("NAME", roff(name)+` \- `+roff(command.Short)+"\n")
	if command.IsAdditionalHelpTopicCommand() {
		section("DESCRIPTION", roffText(command.Long))
		section("SEE ALSO", seeAlso(command))
		return page.String()
	}
	section("SYNOPSIS", ".nf\n"+roffLines(synopsis(command))+".fi\n")
	section("DESCRIPTION", roffText(command.Long))
	section("OPTIONS", roffFlags(command.LocalFlags()))
	if command.Example != "" {
		section("EXAMPLES", ".nf\n"+roffLines(command.Example)+".fi\n")
	}
	section("EXIT STATUS", ".PP\nSee "+reference(command.Root().Name()+"-exit-codes")+".\n")
	section("SEE ALSO", seeAlso(command))
	return page.String()
}

// pageName returns the name of a page, for example contractactions-auth-test.
func pageName(command *cobra.Command) string {
	return strings.ReplaceAll(command.CommandPath(), " ", "-")
}

func synopsis(command *cobra.Command) string {
	if command.HasAvailableSubCommands() {
		return command.CommandPath() + " COMMAND [flags]"
	}
	return command.UseLine()
}

// roffText keeps paragraphs, and the lines of paragraphs that are laid out, such as
// a table of variables.
func roffText(text string) string {
	var page strings.Builder
	for paragraph := range strings.SplitSeq(text, "\n\n") {
		paragraph = strings.Trim(strings.ReplaceAll(paragraph, "\t", "  "), "\n")
		if strings.Contains("\n"+paragraph, "\n  ") {
			page.WriteString(".PP\n.nf\n" + roffLines(paragraph) + ".fi\n")
			continue
		}
		page.WriteString(".PP\n" + roffLines(paragraph))
	}
	return page.String()
}

func roffLines(text string) string {
	var page strings.Builder
	for line := range strings.SplitSeq(text, "\n") {
		page.WriteString(roff(line) + "\n")
	}
	return page.String()
}

func roffFlags(flags *pflag.FlagSet) string {
	var page strings.Builder
	flags.VisitAll(func(flag *pflag.Flag) {
		if flag.Hidden {
			return
		}
		name := "--" + flag.Name
		if flag.Shorthand != "" {
			name = "-" + flag.Shorthand + ", " + name
		}
		value, usage := pflag.UnquoteUsage(flag)
		if value != "" {
			name += " " + value
		}
		if kind := flag.DefValue; kind != "" && kind != "0" && kind != "false" {
			usage += " (default " + kind + ")"
		}
		fmt.Fprintf(&page, ".TP\n.B %s\n%s\n", roff(name), roff(usage))
	})
	return page.String()
}

func seeAlso(command *cobra.Command) string {
	var others []string
	if command.HasParent() {
		others = append(others, pageName(command.Parent()))
	}
	for _, below := range documented(command) {
		others = append(others, pageName(below))
	}
	for i, name := range others {
		others[i] = reference(name)
	}
	return strings.Join(others, ",\n") + "\n"
}

// reference refers to a page.
func reference(name string) string { return `\fB` + roff(name) + `\fR(1)` }

var roffEscapes = strings.NewReplacer(`\`, `\e`, `-`, `\-`, `'`, `\(aq`, "`", `\(ga`, `^`, `\(ha`, `~`, `\(ti`)

// roff escapes a line: text to copy stays ASCII, and no line begins with a roff
// request.
func roff(line string) string {
	escaped := roffEscapes.Replace(line)
	if strings.HasPrefix(escaped, ".") {
		return `\&` + escaped
	}
	return escaped
}

func quoted(text string) string { return `"` + roff(text) + `"` }
