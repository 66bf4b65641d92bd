package main

import (
	"github.com/spf13/cobra"

	"github.com/talkdesk-express/contractactions/wrapper"
)

func newCheck(options []wrapper.Option) *cobra.Command {
	var (
		output            = "table"
		perPage, maxPages int
	)
	command := &cobra.Command{
		Use:   "check ACCOUNT_ID",
		Short: "Compare the service with the contract",
		Long: `check reads the list of an account and compares every answer of the service,
refusals included, with the OpenAPI document that this program was built from
(see spec). It reports how the service differs from the contract. The exit code
is 8 if it does, whatever else goes wrong, and 0 if it does not.

Kinds of findings:
  undocumented_field       a field that the contract does not have
  unknown_value            a value that an enumeration does not have
  missing_field            a required field is not there
  optional_field_missing   the same, where the vendor's own document does not
                           require the field: reported, but not drift
  wrong_type               for example a number in place of a string, or null
  wrong_format             for example a date-time that is none
  broken_rule              any other rule of a schema, such as a minimum
  undocumented_status      a status that the contract does not name, such as a
                           429 or 503: an outage is reported here too
  undocumented_media_type  another Content-Type
  not_json                 a body that is not JSON, or not all of it

What occurs several times is one finding, with its count. In examples, strings
and long numbers have their letters and digits replaced by x, X and 9, and so
have field names that look like ids; dates, short numbers, words in capitals and
unknown values are shown. No token, secret, id or name is in the report, unless
the service puts one where the contract has an enumeration.

Formats, on a terminal and in a pipe alike: table, or json for one JSON object:
  contract_version  of the OpenAPI document
  drift             whether there are findings but for optional_field_missing
  list              complete; more_pages after --max-pages; broken_off;
                    interrupted
  answers, pages, contract_actions
                    how many were compared, and how many were read
  findings          sorted by status, pointer and kind; each with kind, status,
                    pointer (a JSON pointer with * for array indexes), count,
                    page and first_pointer (where it was first seen; "" is the
                    whole body), and if there is one, example and expected
  omitted           findings beyond the first 200, which are not listed

A list that breaks off, as it does at a page that cannot be decoded, has been
compared up to there: the error says so. If the service refuses the request as
the contract says, with 403 for example, that is no drift but exit code 5.

` + environmentHelp,
		Example: `  contractactions check 5ea75fe7aa224700012eae40
  contractactions check 5ea75fe7aa224700012eae40 --max-pages 10 --output json > drift.json
  contractactions check 5ea75fe7aa224700012eae40 -o json | jq -r '.findings[] | "\(.kind) \(.pointer)"'`,
		Args: oneAccountToCheck,
		RunE: func(command *cobra.Command, arguments []string) error {
			inspector := newInspector(listContract())
			client, err := newClient(command, append(options[:len(options):len(options)], inspector.option()))
			if err != nil {
				return err
			}
			ctx, cancel := contextOf(command)
			defer cancel()
			return checking{
				client:    client,
				inspector: inspector,
				accountID: arguments[0],
				options:   pageOptions(perPage, maxPages),
				format:    output,
				stdout:    command.OutOrStdout(),
				stderr:    progressWriter(command),
			}.run(ctx)
		},
	}
	flags := command.Flags()
	flags.SortFlags = false
	flags.VarP(oneOf(&output, "FORMAT", "table", "json"), "output", "o", "table or json")
	addClientFlags(command)
	addPerPageFlag(flags, &perPage)
	flags.Var(atLeast(&maxPages, 1), "max-pages", "end after N pages")
	return command
}
