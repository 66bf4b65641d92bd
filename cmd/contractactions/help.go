package main

import (
	"fmt"

	"github.com/spf13/cobra"
)

// newHelp replaces cobra's own help command, which shows the help of the whole
// program, as if all were well, when it is asked for a command that does not
// exist.
func newHelp() *cobra.Command {
	return &cobra.Command{
		Use:     "help [COMMAND]",
		Short:   "Show the help of a command",
		Long:    "help shows the help of a command, like COMMAND --help.\n\nEnvironment variables: none are read.",
		Example: "  contractactions help list",
		RunE: func(command *cobra.Command, arguments []string) error {
			topic, rest, err := command.Root().Find(arguments)
			if err == nil {
				err = noUnknownCommand(command.Root(), rest)
			}
			if err != nil {
				return usageError{fmt.Errorf("%w; see 'contractactions --help'", err)}
			}
			topic.InitDefaultHelpFlag()
			topic.InitDefaultVersionFlag()
			return topic.Help()
		},
	}
}

// showHelp ends the help of each command with the exit codes.
func showHelp(command *cobra.Command, _ []string) {
	fmt.Fprintf(command.OutOrStdout(), "%s\n\n%s\n%s", command.Long, command.UsageString(), exitCodesHelp)
}

// noUnknownCommand refuses arguments of the root command: whatever is there
// was meant to be a command.
func noUnknownCommand(root *cobra.Command, arguments []string) error {
	if len(arguments) == 0 {
		return nil
	}
	name := arguments[0]
	if similar := root.SuggestionsFor(name); len(similar) > 0 {
		return fmt.Errorf("unknown command %q (did you mean %s?)", name, similar[0])
	}
	return fmt.Errorf("unknown command %q", name)
}
