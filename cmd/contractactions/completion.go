package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// shells are those that completion scripts can be had for.
var shells = map[string]func(root *cobra.Command, out io.Writer) error{
	"bash":       func(root *cobra.Command, out io.Writer) error { return root.GenBashCompletionV2(out, true) },
	"zsh":        func(root *cobra.Command, out io.Writer) error { return root.GenZshCompletion(out) },
	"fish":       func(root *cobra.Command, out io.Writer) error { return root.GenFishCompletion(out, true) },
	"powershell": func(root *cobra.Command, out io.Writer) error { return root.GenPowerShellCompletionWithDesc(out) },
}

var shellNames = []string{"bash", "zsh", "fish", "powershell"}

func newCompletion() *cobra.Command {
	return &cobra.Command{
		Use:   "completion SHELL",
		Short: "Print a script that completes commands in your shell",
		Long: `completion prints a script for bash, zsh, fish or powershell. With it, the shell
completes commands, flags, the values of some flags (formats, regions,
profiles), and the ids of Express accounts that your profile lists in
TALKDESK_ACCOUNT_IDS.

Bash needs its package bash-completion; zsh needs compinit, as in
'autoload -U compinit; compinit' in ~/.zshrc. It works from the next shell on.

Environment variables: none are read.`,
		Example: `  contractactions completion bash > ~/.local/share/bash-completion/completions/contractactions
  contractactions completion zsh > "${fpath[1]}/_contractactions"
  contractactions completion fish > ~/.config/fish/completions/contractactions.fish
  contractactions completion powershell >> $PROFILE`,
		ValidArgs: shellNames,
		Args: func(_ *cobra.Command, arguments []string) error {
			if len(arguments) != 1 || !slices.Contains(shellNames, arguments[0]) {
				return fmt.Errorf("completion needs the name of a shell: %s", strings.Join(shellNames, ", "))
			}
			return nil
		},
		RunE: func(command *cobra.Command, arguments []string) error {
			return shells[arguments[0]](command.Root(), command.OutOrStdout())
		},
	}
}

// completeEverything teaches a command, and those below it, to complete what
// can be told from how they are declared: the choices of a flag, profiles, and
// ids of accounts where the usage has ACCOUNT_ID.
func completeEverything(command *cobra.Command) {
	command.LocalFlags().VisitAll(func(flag *pflag.Flag) {
		if complete := completionOf(flag); complete != nil {
			// It fails only if there is one already, which then stays.
			_ = command.RegisterFlagCompletionFunc(flag.Name, complete)
		}
	})
	if command.ValidArgsFunction == nil && len(command.ValidArgs) == 0 && !command.HasSubCommands() {
		command.ValidArgsFunction = completeAccountIDs
	}
	for _, below := range command.Commands() {
		completeEverything(below)
	}
}

// completionOf is nil for flags that take files, which shells complete.
func completionOf(flag *pflag.Flag) cobra.CompletionFunc {
	if choice, ok := flag.Value.(interface{ Choices() []string }); ok {
		return cobra.FixedCompletions(choice.Choices(), cobra.ShellCompDirectiveNoFileComp)
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
	// Nobody wants to read an error in the middle of a line.
	names, _ := profileNames()
	return names, cobra.ShellCompDirectiveNoFileComp
}

// completeAccountIDs completes the ids of accounts where the usage asks for
// one, and for several if it ends in dots.
func completeAccountIDs(command *cobra.Command, given []string, _ string) ([]string, cobra.ShellCompDirective) {
	words := strings.Fields(command.Use)[1:]
	wanted := slices.ContainsFunc(words, func(word string) bool {
		return strings.Contains(word, "ACCOUNT_ID") && (len(given) == 0 || strings.HasSuffix(strings.TrimRight(word, "]"), "..."))
	})
	if !wanted {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	variables, err := variablesOf(command)
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	ids := slices.DeleteFunc(variables.accountIDs(), func(id string) bool { return slices.Contains(given, id) })
	return ids, cobra.ShellCompDirectiveNoFileComp
}
