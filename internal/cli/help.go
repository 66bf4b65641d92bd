package cli

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/talkdesk-express/contractactions/internal/cli/config"
	"github.com/talkdesk-express/contractactions/internal/cli/exit"
	"github.com/talkdesk-express/contractactions/internal/cli/failure"
	"github.com/talkdesk-express/contractactions/internal/cli/list"
	"github.com/talkdesk-express/contractactions/internal/cli/output"
)

// newHelp replaces cobra's own help command, which shows the help of the whole
// program and no error for a command that does not exist.
func newHelp() *cobra.Command {
	return &cobra.Command{
		Use:   "help [COMMAND | TOPIC]",
		Short: "Show the help of a command, or about a topic",
		Long: `help shows the help of a command, like COMMAND --help, or about one of the topics
that the help of the program lists.`,
		Example: `  contractactions help list
  contractactions help exit-codes`,
		Args: cobra.ArbitraryArgs,
		ValidArgsFunction: func(command *cobra.Command, arguments []string, _ string) ([]string, cobra.ShellCompDirective) {
			above, _, err := command.Root().Find(arguments)
			var names []string
			if err == nil {
				for _, below := range documented(above) {
					names = append(names, below.Name())
				}
			}
			return names, cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(command *cobra.Command, arguments []string) error {
			topic, rest, err := command.Root().Find(arguments)
			if err == nil {
				err = noUnknownCommand(command.Root(), rest)
			}
			if err != nil {
				return exit.With(exit.Usage, fmt.Errorf("%w; see 'contractactions --help'", err))
			}
			topic.InitDefaultHelpFlag()
			return topic.Help()
		},
	}
}

// topics are about what several commands have in common.
func topics() []*cobra.Command {
	return []*cobra.Command{
		{Use: "environment", Short: "Environment variables, and where settings come from", Long: config.Help},
		{Use: "errors", Short: "Errors on stderr, as text and as JSON", Long: failure.Help()},
		{Use: "exit-codes", Short: "The exit codes", Long: exit.Help},
		{Use: "formats", Short: "The formats of --output, and --raw", Long: output.FormatsHelp},
		{Use: "into", Short: "--into of list: a file that is written exactly once", Long: list.IntoHelp},
		{Use: "selection", Short: "Which accounts and contract actions list prints, and in which order", Long: list.SelectionHelp},
	}
}

// showHelp fits the help to the width of the terminal. It ends with the topics
// that concern the command.
func showHelp(command *cobra.Command) error {
	out := command.OutOrStdout()
	width := helpWidth(out)
	text := wrapped(command.Long, width)
	if command.IsAdditionalHelpTopicCommand() {
		_, err := io.WriteString(out, text)
		return err
	}
	command.Root().SetUsageTemplate(strings.ReplaceAll(usageTemplate.Replace(command.Root().UsageTemplate()), "FlagUsages ", "FlagUsagesWrapped "+strconv.Itoa(width)+" "))
	_, err := fmt.Fprintf(out, "%s\n%s\n%s", text, command.UsageString(), wrapped(seeTopics(command), width))
	return err
}

// seeTopics refers to the help that is the same for several commands.
func seeTopics(command *cobra.Command) string {
	if command.Flags().Lookup("errors") == nil {
		return "Exit codes: see 'contractactions help exit-codes'."
	}
	return "Settings: see 'contractactions help environment'. Exit codes: see 'contractactions help exit-codes'."
}

// usageTemplate shortens cobra's template: to fit 80 columns, and to name topics
// as they are typed after help.
var usageTemplate = strings.NewReplacer("more information about", "more about",
	"Additional help topics:", "Topics, for 'contractactions help TOPIC':",
	"{{rpad .CommandPath .CommandPathPadding}} {{.Short}}{{end}}{{end}}{{end}}{{if .HasAvailableSubCommands}}",
	"{{rpad .Name .NamePadding}} {{.Short}}{{end}}{{end}}{{end}}{{if .HasAvailableSubCommands}}")

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
