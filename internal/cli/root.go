// Package cli is the command contractactions.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/talkdesk-express/contractactions/internal/cli/accounts"
	"github.com/talkdesk-express/contractactions/internal/cli/auth"
	"github.com/talkdesk-express/contractactions/internal/cli/changes"
	"github.com/talkdesk-express/contractactions/internal/cli/check"
	"github.com/talkdesk-express/contractactions/internal/cli/demo"
	"github.com/talkdesk-express/contractactions/internal/cli/exit"
	"github.com/talkdesk-express/contractactions/internal/cli/failure"
	"github.com/talkdesk-express/contractactions/internal/cli/get"
	"github.com/talkdesk-express/contractactions/internal/cli/list"
	"github.com/talkdesk-express/contractactions/internal/cli/serve"
	"github.com/talkdesk-express/contractactions/internal/cli/terminal"
	"github.com/talkdesk-express/contractactions/internal/cli/wait"
	"github.com/talkdesk-express/contractactions/wrapper"
)

// Main runs the command with the arguments and streams of the process, and
// returns the exit code.
func Main() int {
	signals := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) { // as it is under nohup
		signals = append(signals, syscall.SIGHUP)
		// A second one has no effect: for a terminal that closes, the kernel and the
		// shell send one each. (signal.Ignore has a moment in which one kills.)
		signal.Notify(make(chan os.Signal, 1), syscall.SIGHUP)
	}
	// The first signal requests a clean end. A second one ends a program that hangs.
	ctx, stop := signal.NotifyContext(context.Background(), signals...)
	context.AfterFunc(ctx, stop)
	return Run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
}

// Run runs the command with these arguments and streams, and returns the exit
// code. A cancelled context interrupts it. The options are added to those of every
// client of the service.
func Run(ctx context.Context, arguments []string, stdin io.Reader, stdout, stderr io.Writer, options ...wrapper.Option) int {
	root := newRoot(options)
	root.SetIn(stdin)
	root.SetOut(stdout)
	root.SetErr(stderr)
	root.SetArgs(append([]string{}, arguments...)) // for nil, cobra takes os.Args
	began := false
	root.PersistentPreRun = func(*cobra.Command, []string) { began = true }
	var unwritten error // why help could not be written, for which cobra has no error
	root.SetHelpFunc(func(command *cobra.Command, _ []string) { unwritten = showHelp(command) })
	refuseUnknownShells(root)

	command, err := root.ExecuteContextC(ctx)
	if err != nil && !began {
		// An error before a command begins is about its arguments.
		err = exit.With(exit.Usage, fmt.Errorf("%w; see '%s --help'", err, command.CommandPath()))
	}
	if err == nil {
		err = unwritten
	}
	switch explained := explain(err); {
	case err == nil:
	case wantsErrorsAsJSON(arguments):
		failure.Print(stderr, explained)
	default:
		// One line, even if the error contains line breaks.
		fmt.Fprintln(stderr, "contractactions: "+terminal.Printable(explained.Error()))
	}
	return exit.Code(err)
}

// wantsErrorsAsJSON looks for --errors json in the arguments themselves, since an
// error in a different flag ends the parsing.
func wantsErrorsAsJSON(arguments []string) bool {
	for i, argument := range arguments {
		name, value, _ := strings.Cut(argument, "=")
		if value == "" && i+1 < len(arguments) {
			value = arguments[i+1]
		}
		switch {
		case argument == "--":
			return false
		case name == "--errors" && strings.EqualFold(value, "json"):
			return true
		}
	}
	return false
}

func newRoot(options []wrapper.Option) *cobra.Command {
	version := false
	root := &cobra.Command{
		Use:   "contractactions",
		Short: "Follow the contract actions of Talkdesk Express accounts",
		Long: `contractactions lists the contract actions of Talkdesk Express accounts: the
progress and the result of each new subscription, amendment and cancellation.

It includes a sandbox, a fake of the service on your own machine, to try
everything without an account, and the OpenAPI document of the service.

Not an official Talkdesk product.`,
		Example: `  contractactions demo                            see a listing, without an account
  contractactions auth test                       verify your credentials
  contractactions accounts                        list your accounts
  contractactions list 5ea75fe7aa224700012eae40   list the contract actions of an account
  contractactions changes 5ea75fe7aa224700012eae40 --state changes.state
  contractactions wait 5ea75fe7aa224700012eae40 123245132132
  contractactions check 5ea75fe7aa224700012eae40  compare the service with the contract
  contractactions serve                           run a sandbox to test your own programs
  contractactions spec > openapi.yaml             save the OpenAPI document`,
		RunE: func(root *cobra.Command, _ []string) error {
			if version {
				return printVersion(root, nil)
			}
			return root.Help()
		},
		SilenceErrors:              true,
		SilenceUsage:               true,
		SuggestionsMinimumDistance: 2,
	}
	root.AddCommand(accounts.NewCommand(options), list.NewCommand(options), changes.NewCommand(options), get.NewCommand(options),
		wait.NewCommand(options), check.NewCommand(options), auth.NewCommand(options), demo.NewCommand(), serve.NewCommand(),
		newSpec(), newSchema(), newMan(), newVersion())
	root.Flags().BoolVarP(&version, "version", "v", false, "version for contractactions")
	root.SetFlagErrorFunc(flagError)
	root.SetHelpCommand(newHelp())
	root.AddCommand(topics()...)
	complete(root)
	return root
}

// flagError is the error for a flag, in which the standard library's text for a
// switch is replaced.
func flagError(_ *cobra.Command, err error) error {
	invalid, ok := errors.AsType[*pflag.InvalidValueError](err)
	if !ok || invalid.GetFlag().Value.Type() != "bool" {
		return err
	}
	return fmt.Errorf("invalid argument %q for \"--%s\" flag: use true or false, or the flag alone", invalid.GetValue(), invalid.GetFlag().Name)
}

// complete sets what is the same in all commands and follows from how they are
// declared: no arguments where none are declared, flags in the order of their
// declaration, and shell completion.
func complete(command *cobra.Command) {
	switch {
	case command.Args != nil:
	case command.HasSubCommands():
		command.Args = noUnknownCommand
	default:
		command.Args = noArguments
	}
	command.Flags().SortFlags = false
	addCompletions(command)
	for _, below := range command.Commands() {
		complete(below)
	}
}

func noArguments(command *cobra.Command, arguments []string) error {
	if len(arguments) > 0 {
		name := strings.TrimPrefix(command.CommandPath(), command.Root().Name()+" ")
		return fmt.Errorf("%s takes no arguments", name)
	}
	return nil
}
