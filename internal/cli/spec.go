package cli

import (
	"github.com/spf13/cobra"

	"github.com/talkdesk-express/contractactions"
	"github.com/talkdesk-express/contractactions/internal/cli/flagvalue"
)

func newSpec() *cobra.Command {
	output := "yaml"
	command := &cobra.Command{
		Use:   "spec",
		Short: "Print the OpenAPI document",
		Long: `spec prints the OpenAPI document of the contract actions API, byte for byte the
openapi.yaml that this program was built from. Use it to generate a client in
any language.`,
		Example: `  contractactions spec > openapi.yaml`,
		RunE: func(command *cobra.Command, _ []string) error {
			_, err := command.OutOrStdout().Write(contractactions.Document())
			return err
		},
	}
	command.Flags().VarP(flagvalue.OneOf(&output, "FORMAT", "yaml"), "output", "o", "yaml")
	return command
}
