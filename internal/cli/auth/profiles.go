package auth

import (
	"fmt"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/talkdesk-express/contractactions/internal/cli/config"
	"github.com/talkdesk-express/contractactions/internal/cli/exit"
	"github.com/talkdesk-express/contractactions/internal/cli/terminal"
)

func newProfiles() *cobra.Command {
	return &cobra.Command{
		Use:   "profiles",
		Short: "List the profiles",
		Long: `profiles lists the profiles in your configuration directory: their names,
accounts, regions and files, or the error of a file that cannot be read. It
prints no secret. To create a profile, run 'contractactions auth login', or write
a file NAME.env into that directory that only you can read (chmod 600), as
'contractactions auth --help' shows. NAME has only lower-case letters, digits and
hyphens; a file with any other name is listed as an error, and cannot be used.`,
		Example: `  contractactions auth profiles`,
		RunE:    listProfiles,
	}
}

func listProfiles(command *cobra.Command, _ []string) error {
	profiles, err := config.Profiles(command.Context())
	if err != nil {
		return exit.IfInterrupted(command.Context(), exit.With(exit.Usage, err))
	}
	if len(profiles) == 0 {
		file, err := config.ProfileFile(config.DefaultProfile)
		if err != nil {
			return err
		}
		fmt.Fprintf(command.ErrOrStderr(), "No profiles. To create one, run 'contractactions auth login', or write %s as 'contractactions auth --help' shows.\n", file)
		return nil
	}
	table := tabwriter.NewWriter(command.OutOrStdout(), 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "NAME\tACCOUNT\tREGION\tFILE")
	for _, profile := range profiles {
		file := profile.File
		if profile.Err != nil {
			file = profile.Err.Error()
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", terminal.Cell(profile.Name), terminal.Cell(profile.Account), terminal.Cell(profile.Region), terminal.Printable(file))
	}
	return table.Flush()
}
