package main

import (
	"github.com/spf13/cobra"

	"github.com/talkdesk-express/contractactions"
)

func newSpec() *cobra.Command {
	output := "yaml"
	command := &cobra.Command{
		Use:   "spec",
		Short: "Print the OpenAPI document",
		Long: `spec prints the OpenAPI document of the contract actions API, byte for byte the
openapi.yaml that this program was built from. Generate a client from it in
whatever language, or feed it to a validator.

Environment variables: none are read.`,
		Example: `  contractactions spec > openapi.yaml`,
		Args:    noArguments,
		RunE: func(command *cobra.Command, _ []string) error {
			_, err := command.OutOrStdout().Write(contractactions.Document())
			return err
		},
	}
	command.Flags().VarP(oneOf(&output, "FORMAT", "yaml"), "output", "o", "yaml, the only one")
	return command
}
