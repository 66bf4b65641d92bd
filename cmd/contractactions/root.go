package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/talkdesk-express/contractactions/wrapper"
)

// run is the program without the process around it: it carries out the
// arguments and returns the exit code. The options are those of every client
// that talks to the service.
func run(ctx context.Context, arguments []string, stdout, stderr io.Writer, options ...wrapper.Option) int {
	root := newRoot(options)
	root.SetOut(stdout)
	root.SetErr(stderr)
	root.SetArgs(arguments)
	called := false
	root.PersistentPreRun = func(*cobra.Command, []string) { called = true }

	command, err := root.ExecuteContextC(ctx)
	if err != nil && !called {
		// Whatever fails before a command begins is about how it was called.
		err = usageError{fmt.Errorf("%w; see '%s --help'", err, command.CommandPath())}
	}
	if err != nil {
		// One line, whatever the error quotes.
		fmt.Fprintln(stderr, "contractactions: "+printable(explain(err)))
	}
	return exitCode(err)
}

func newRoot(options []wrapper.Option) *cobra.Command {
	root := &cobra.Command{
		Use:   "contractactions",
		Short: "Follow the contract actions of Talkdesk Express accounts",
		Long: `contractactions lists the contract actions of Talkdesk Express accounts: what
became of each new subscription, amendment and cancellation.

It also brings a sandbox, a fake of the service on your own machine, to try
everything without an account, and the OpenAPI document of the service.

Not an official Talkdesk product.

Environment variables: see 'contractactions list --help'.`,
		Example: `  contractactions demo                            see what it does, without any account
  contractactions auth test                       try your credentials
  contractactions list 5ea75fe7aa224700012eae40   list the contract actions of an account
  contractactions wait 5ea75fe7aa224700012eae40 123245132132
  contractactions check 5ea75fe7aa224700012eae40  compare the service with the contract
  contractactions serve                           run a sandbox to test your own programs
  contractactions spec > openapi.yaml             save the OpenAPI document`,
		Version:                    versionLine(),
		Args:                       noUnknownCommand,
		RunE:                       func(root *cobra.Command, _ []string) error { return root.Help() },
		SilenceErrors:              true,
		SilenceUsage:               true,
		SuggestionsMinimumDistance: 2,
	}
	root.AddCommand(newList(options), newWait(options), newCheck(options), newAuth(options),
		newDemo(), newServe(), newSpec(), newCompletion(), newMan(), newVersion())
	root.CompletionOptions.DisableDefaultCmd = true
	root.SetVersionTemplate("{{.Version}}\n")
	root.SetHelpCommand(newHelp())
	root.SetHelpFunc(showHelp)
	root.SetUsageTemplate(usageTemplate.Replace(root.UsageTemplate()))
	completeEverything(root)
	return root
}

// usageTemplate fits cobra's into 80 columns.
var usageTemplate = strings.NewReplacer(".FlagUsages ", ".FlagUsagesWrapped 80 ", "more information about", "more about")
