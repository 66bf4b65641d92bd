package cli

import (
	"github.com/spf13/cobra"

	"github.com/talkdesk-express/contractactions/internal/cli/scenario"
)

func newSchema() *cobra.Command {
	command := &cobra.Command{
		Use:   "schema",
		Short: "Print the JSON Schema of a file",
		Long: `schema prints the JSON Schema (draft-07) of a file that this program reads, for
editors that check and complete such files.

Environment variables: none are read.`,
		Example: `  contractactions schema scenario > scenario.schema.json`,
		RunE:    func(command *cobra.Command, _ []string) error { return command.Help() },
	}
	command.AddCommand(&cobra.Command{
		Use:   "scenario",
		Short: "Print the JSON Schema of the file of serve --scenario",
		Long: `schema scenario prints the JSON Schema (draft-07) of the file of serve
--scenario. An editor with a YAML language server uses it if the file begins
with

  # yaml-language-server: $schema=scenario.schema.json

Environment variables: none are read.`,
		Example: `  contractactions schema scenario > scenario.schema.json`,
		RunE: func(command *cobra.Command, _ []string) error {
			_, err := command.OutOrStdout().Write(scenario.Schema())
			return err
		},
	})
	return command
}
