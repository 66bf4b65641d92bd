package main

import (
	"fmt"
	"path/filepath"
	"text/tabwriter"

	"github.com/spf13/cobra"
)

func newAuthProfiles() *cobra.Command {
	return &cobra.Command{
		Use:   "profiles",
		Short: "List the profiles there are",
		Long: `profiles lists the profiles in your configuration directory: their names,
accounts, regions and files, or what is wrong with them. It prints no secret. To
make one, write a file NAME.env into that directory, for yourself alone (chmod
600), as 'contractactions auth --help' shows.

Environment variables: XDG_CONFIG_HOME, where that is the custom.`,
		Example: `  contractactions auth profiles`,
		Args:    noArguments,
		RunE: func(command *cobra.Command, _ []string) error {
			return listProfiles(command)
		},
	}
}

func listProfiles(command *cobra.Command) error {
	names, err := profileNames()
	if err != nil {
		return err
	}
	directory, err := profilesDirectory()
	if err != nil {
		return err
	}
	if len(names) == 0 {
		fmt.Fprintf(command.ErrOrStderr(), "No profiles. To make one, write %s as 'contractactions auth --help' shows.\n",
			filepath.Join(directory, defaultProfile+profileSuffix))
		return nil
	}
	table := tabwriter.NewWriter(command.OutOrStdout(), 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "NAME\tACCOUNT\tREGION\tFILE")
	for _, name := range names {
		profile, err := readProfile(name)
		if err != nil {
			fmt.Fprintf(table, "%s\t-\t-\t%s\n", name, printable(err.Error()))
			continue
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", name, cell(profile.lookup("TALKDESK_ACCOUNT")),
			cell(profile.lookup("TALKDESK_REGION")), printable(filepath.Join(directory, name+profileSuffix)))
	}
	return table.Flush()
}
