package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/talkdesk-express/contractactions/internal/cli/auth"
	"github.com/talkdesk-express/contractactions/internal/cli/check"
	"github.com/talkdesk-express/contractactions/internal/cli/exit"
	"github.com/talkdesk-express/contractactions/internal/cli/failure"
	"github.com/talkdesk-express/contractactions/internal/cli/flagvalue"
	"github.com/talkdesk-express/contractactions/internal/cli/output"
	"github.com/talkdesk-express/contractactions/internal/cli/scenario"
)

// schemas are those of the outputs for programs, and of the file that people write.
var schemas = []struct {
	name, text string
	schema     any // marshals to it
}{
	{"list", "list, get and wait", output.ContractActions.Schema("contractactions list")},
	{"changes", "changes, in ndjson", output.ContractActions.Schema("contractactions changes")},
	{"list-raw", "list --raw", output.RawContractActions.Schema("contractactions list --raw")},
	{"accounts", "accounts", output.Accounts.Schema("contractactions accounts")},
	{"check", "check", check.Schema()},
	{"auth-test", "auth test", auth.Schema()},
	{"errors", "--errors json, of all commands", failure.Schema()},
	{"scenario", "the file of serve --scenario (draft-07, for editors)", json.RawMessage(scenario.Schema())},
}

func newSchema() *cobra.Command {
	var names []string
	var table strings.Builder
	for _, known := range schemas {
		names = append(names, known.name)
		fmt.Fprintf(&table, "  %-9s  %s\n", known.name, known.text)
	}
	return &cobra.Command{
		Use:   "schema NAME",
		Short: "Print the JSON Schema of an output or a file",
		Long: `schema prints the JSON Schema (2020-12) of an output for programs, or of the
scenario file that serve reads:
` + table.String() + `
The schemas of list and accounts are those of json, an array. A line of ndjson,
and of wait, is described by the definition item in it: #/$defs/item. They
require all fields, which outputs with --fields do not have.

Values that an enumeration of the contract does not list are allowed, since the
service can send them. Later versions can add members to objects.

An editor with a YAML language server checks and completes a scenario that
begins with

  # yaml-language-server: $schema=scenario.schema.json`,
		Example: `  contractactions schema list > actions.schema.json
  contractactions schema scenario > scenario.schema.json
  contractactions schema errors | jq -r '.properties.kind.enum[]'`,
		ValidArgs: names,
		Args: func(_ *cobra.Command, arguments []string) error {
			if len(arguments) != 1 {
				return errors.New("schema needs one of: " + strings.Join(names, ", "))
			}
			return nil
		},
		RunE: func(command *cobra.Command, arguments []string) error {
			name, found := flagvalue.Choice(names, arguments[0])
			if !found {
				return exit.With(exit.Usage, fmt.Errorf("there is no schema of %q: use one of: %s", arguments[0], strings.Join(names, ", ")))
			}
			encoder := json.NewEncoder(command.OutOrStdout())
			encoder.SetIndent("", "  ")
			return encoder.Encode(schemas[slices.Index(names, name)].schema)
		},
	}
}
