package cli

import (
	"errors"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"
)

// newMan is hidden: it is for packages and releases, which contain the pages.
func newMan() *cobra.Command {
	return &cobra.Command{
		Use:    "man DIRECTORY",
		Short:  "Write the manual pages into a directory",
		Hidden: true,
		Long: `man writes a manual page for each command into a directory, and creates the
directory if necessary. A page has the text of --help.`,
		Example: `  contractactions man ~/.local/share/man/man1 && man contractactions-list`,
		Args: func(_ *cobra.Command, arguments []string) error {
			if len(arguments) != 1 {
				return errors.New("man needs a directory")
			}
			return nil
		},
		ValidArgsFunction: cobra.FixedCompletions(nil, cobra.ShellCompDirectiveFilterDirs),
		RunE: func(command *cobra.Command, arguments []string) error {
			if err := os.MkdirAll(arguments[0], 0o755); err != nil {
				return err
			}
			return writePages(command.Root(), arguments[0])
		},
	}
}

func writePages(command *cobra.Command, directory string) error {
	name := filepath.Join(directory, pageName(command)+".1")
	if err := os.WriteFile(name, []byte(manPage(command)), 0o644); err != nil {
		return err
	}
	for _, below := range documented(command) {
		if err := writePages(below, directory); err != nil {
			return err
		}
	}
	return nil
}

// documented returns the subcommands and topics that have a page.
func documented(command *cobra.Command) []*cobra.Command {
	var all []*cobra.Command
	for _, below := range command.Commands() {
		if below.IsAvailableCommand() || below.IsAdditionalHelpTopicCommand() {
			all = append(all, below)
		}
	}
	return all
}
