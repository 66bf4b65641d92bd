package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/talkdesk-express/contractactions/internal/cli/exit"
)

// newHelp replaces cobra's own help command, which shows the help of the whole
// program and no error for a command that does not exist.
func newHelp() *cobra.Command {
	return &cobra.Command{
		Use:     "help [COMMAND]",
		Short:   "Show the help of a command",
		Long:    "help shows the help of a command, like COMMAND --help.\n\nEnvironment variables: none are read.",
		Example: "  contractactions help list",
		Args:    cobra.ArbitraryArgs,
		RunE: func(command *cobra.Command, arguments []string) error {
			topic, rest, err := command.Root().Find(arguments)
			if err == nil {
				err = noUnknownCommand(command.Root(), rest)
			}
			if err != nil {
				return exit.With(exit.Usage, fmt.Errorf("%w; see 'contractactions --help'", err))
			}
			topic.InitDefaultHelpFlag()
			topic.InitDefaultVersionFlag()
			return topic.Help()
		},
	}
}

// showHelp ends the help of each command with the exit codes.
func showHelp(command *cobra.Command, _ []string) {
	fmt.Fprintf(command.OutOrStdout(), "%s\n\n%s\n%s", command.Long, command.UsageString(), exit.Help)
}

// usageTemplate fits cobra's template into 80 columns.
var usageTemplate = strings.NewReplacer(".FlagUsages ", ".FlagUsagesWrapped 80 ", "more information about", "more about")

// noUnknownCommand refuses the arguments of a command that has subcommands.
func noUnknownCommand(root *cobra.Command, arguments []string) error {
	if len(arguments) == 0 {
		return nil
	}
	name := arguments[0]
	if similar := root.SuggestionsFor(name); len(similar) > 0 {
		return fmt.Errorf("unknown command %q (did you mean %s?)", name, strings.Join(similar, " or "))
	}
	return fmt.Errorf("unknown command %q", name)
}
