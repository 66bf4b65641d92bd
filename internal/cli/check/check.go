// Package check compares the responses of the service with the contract.
package check

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/talkdesk-express/contractactions/internal/cli/config"
	"github.com/talkdesk-express/contractactions/internal/cli/flagvalue"
	"github.com/talkdesk-express/contractactions/wrapper"
)

// NewCommand returns the command check. The options are those of its client.
func NewCommand(options []wrapper.Option) *cobra.Command {
	var (
		format            = "table"
		perPage, maxPages int
	)
	command := &cobra.Command{
		Use:   "check ACCOUNT_ID",
		Short: "Compare the service with the contract",
		Long: `check reads the list of an account and compares each response, refusals
included, with the OpenAPI document that this program was built from (see spec).
It reports how the service differs from the contract. The exit code is 8 if it
does, whatever else fails, and 0 if it does not.

Kinds of findings:
  undocumented_field       a field that the contract does not have
  unknown_value            a value that an enumeration does not have
  missing_field            a required field is missing
  optional_field_missing   a field is missing that the contract requires and the
                           vendor's own document does not: this is not drift
  wrong_type               for example a number in place of a string, or null
  wrong_format             for example an invalid date-time
  broken_rule              any other rule of a schema, such as a minimum; or a
                           body of more than 100,000 values, not compared
  undocumented_status      a status that the contract does not list, such as 429
                           or 503: an outage is reported here too
  undocumented_media_type  a different Content-Type
  not_json                 a body that is not JSON, or is truncated

A difference that occurs several times is one finding, with a count. Findings
show the type and size of what was found, and never a value, with two
exceptions: unknown values of an enumeration and media types are shown. Field
names that can be ids or addresses are replaced by their size. Credentials are
never shown.

Formats: table, or json for one JSON object: 'contractactions schema check'
describes it. At most 200 findings are listed, and the others are counted.

A list can break off, for example at a page that cannot be decoded. The report
then covers the responses up to there. A refusal that the contract documents,
such as 403, is not drift; the exit code is then 5. Without any page, the report
says that drift is unknown.`,
		Example: `  contractactions check 5ea75fe7aa224700012eae40
  contractactions check 5ea75fe7aa224700012eae40 --max-pages 10 --output json > drift.json
  contractactions check 5ea75fe7aa224700012eae40 -o json | jq -r '.findings[] | "\(.kind) \(.pointer)"'`,
		Args: oneAccount,
		RunE: func(command *cobra.Command, arguments []string) error {
			settings, err := config.Load(command)
			if err != nil {
				return err
			}
			transport := newConformanceTransport(listOperation())
			client, err := settings.NewClient(command.Context(), append(options[:len(options):len(options)], transport.option())...)
			if err != nil {
				return err
			}
			ctx, cancel := settings.WithTimeout(command.Context())
			defer cancel()
			return check{
				client:    client,
				transport: transport,
				accountID: arguments[0],
				options:   config.PageOptions(perPage, maxPages),
				format:    format,
				stdout:    command.OutOrStdout(),
				stderr:    settings.ProgressWriter(),
			}.run(ctx)
		},
	}
	flags := command.Flags()
	flags.VarP(flagvalue.OneOf(&format, "FORMAT", "table", "json"), "output", "o", "table or json")
	config.AddFlags(command)
	config.AddPageFlags(command, &perPage, &maxPages)
	return command
}

func oneAccount(_ *cobra.Command, arguments []string) error {
	switch len(arguments) {
	case 0:
		return errors.New("check needs the id of an account")
	case 1:
		return nil
	}
	return fmt.Errorf("check takes the id of one account, not %d", len(arguments))
}
