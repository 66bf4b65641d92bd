package cli

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/talkdesk-express/contractactions/internal/cli/config"
)

// addCompletions adds the completions that follow from how a command is declared:
// the choices of its flags, profiles, and ids of accounts where the usage has
// ACCOUNT_ID. The command completion is cobra's own.
func addCompletions(command *cobra.Command) {
	command.LocalFlags().VisitAll(func(flag *pflag.Flag) {
		if complete := completionOf(flag); complete != nil {
			// It fails only if the flag has a completion already, which then stays.
			_ = command.RegisterFlagCompletionFunc(flag.Name, complete)
		}
	})
	if command.ValidArgsFunction == nil && len(command.ValidArgs) == 0 && !command.HasSubCommands() {
		command.ValidArgsFunction = completeAccountIDs
	}
}

// refuseUnknownShells makes an unknown shell an error of the command completion, as
// an unknown command is of any other. The root has its output by then: cobra's
// command keeps that which it finds.
func refuseUnknownShells(root *cobra.Command) {
	root.InitDefaultCompletionCmd()
	completion, _, _ := root.Find([]string{"completion"})
	completion.Args = noUnknownCommand
	completion.RunE = func(command *cobra.Command, _ []string) error { return command.Help() }
}

// completionOf returns the completion of a flag; nil for files, which the shell
// completes.
func completionOf(flag *pflag.Flag) cobra.CompletionFunc {
	if value, ok := flag.Value.(interface {
		Completions(beginning string) []string
	}); ok && value.Completions("") != nil {
		return func(_ *cobra.Command, _ []string, beginning string) ([]string, cobra.ShellCompDirective) {
			return value.Completions(beginning), cobra.ShellCompDirectiveNoFileComp
		}
	}
	switch {
	case flag.Name == "profile":
		return completeProfiles
	case flag.Value.Type() == "FILE", flag.NoOptDefVal != "":
		return nil
	}
	return cobra.NoFileCompletions
}

func completeProfiles(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	// An error would appear in the middle of the line that is completed.
	names, _ := config.ProfileNames()
	return names, cobra.ShellCompDirectiveNoFileComp
}

// completeAccountIDs completes one account id if the usage has ACCOUNT_ID, and any
// number if it ends in dots.
func completeAccountIDs(command *cobra.Command, given []string, _ string) ([]string, cobra.ShellCompDirective) {
	words := strings.Fields(command.Use)[1:]
	wanted := slices.ContainsFunc(words, func(word string) bool {
		return strings.Contains(word, "ACCOUNT_ID") && (len(given) == 0 || strings.HasSuffix(strings.TrimRight(word, "]"), "..."))
	})
	if !wanted {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	settings, err := config.Load(command)
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	others := slices.DeleteFunc(settings.KnownAccounts(), func(known cobra.Completion) bool {
		id, _, _ := strings.Cut(known, "\t")
		return slices.Contains(given, id)
	})
	return others, cobra.ShellCompDirectiveNoFileComp
}
