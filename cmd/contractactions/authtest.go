package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/talkdesk-express/contractactions/wrapper"
)

func newAuthTest(options []wrapper.Option) *cobra.Command {
	output := "text"
	command := &cobra.Command{
		Use:   "test",
		Short: "Get an access token, and say what it is good for",
		Long: `test gets an access token as list would, and prints for which account, region and
scope it is, when it expires, and where the settings come from. It never prints
the token or the secret. Nothing is asked of the API itself, and so of no Express
account: whether you may see one, only list can tell.

The exit code is 0 if there is a token, 2 if something is missing or wrong before
anything is sent, 4 if the credentials are refused, and 1 if nobody answers. A
token without the scope that list needs is worth a warning on stderr.

` + environmentHelp,
		Example: `  contractactions auth test
  contractactions auth test --profile work --region eu
  contractactions auth test --output json | jq -r .expires_at`,
		Args: noArguments,
		RunE: func(command *cobra.Command, _ []string) error {
			return testCredentials(command, options, output)
		},
	}
	command.Flags().SortFlags = false
	command.Flags().VarP(oneOf(&output, "FORMAT", "text", "json"), "output", "o", "text or json")
	addClientFlags(command)
	return command
}

func testCredentials(command *cobra.Command, options []wrapper.Option, output string) error {
	// Both from one reading: a file may be a pipe.
	variables, err := variablesOf(command)
	if err != nil {
		return usageError{err}
	}
	client, err := newClientFrom(variables, command, options)
	if err != nil {
		return err
	}
	ctx, cancel := contextOf(command)
	defer cancel()
	grant, err := client.Authenticate(ctx)
	if err != nil {
		return interruptedOr(ctx, err)
	}
	found := newAuthentication(variables, client, grant)
	if !slices.Contains(strings.Fields(found.Scope), wrapper.ScopeWrite) {
		fmt.Fprintf(command.ErrOrStderr(), "contractactions: warning: the token lacks the scope %s, and without it "+
			"the service refuses to list: ask for the client to be allowed it\n", wrapper.ScopeWrite)
	}
	if output == "json" {
		return found.printJSON(command.OutOrStdout())
	}
	return found.print(command.OutOrStdout(), variables)
}

// authentication is what auth test has to say.
type authentication struct {
	Account       string    `json:"account,omitempty"` // not known where a token endpoint is given
	Region        string    `json:"region,omitempty"`  // likewise with both addresses
	TokenEndpoint string    `json:"token_endpoint"`
	API           string    `json:"api"`
	ClientID      string    `json:"client_id"`
	Scope         string    `json:"scope"`
	Expiry        time.Time `json:"expires_at"`
}

func newAuthentication(variables variables, client *wrapper.Client, grant wrapper.Grant) authentication {
	found := authentication{
		TokenEndpoint: grant.Endpoint,
		API:           strings.TrimSuffix(client.Raw().Server, "/"),
		ClientID:      variables.get("TALKDESK_CLIENT_ID"),
		// A token endpoint that says nothing has granted what was asked for.
		Scope:  cmp.Or(grant.Scope, wrapper.ScopeWrite),
		Expiry: grant.Expiry.UTC().Truncate(time.Second),
	}
	if variables.get("TALKDESK_TOKEN_URL") == "" {
		found.Account = variables.get("TALKDESK_ACCOUNT")
	}
	if variables.get("TALKDESK_TOKEN_URL") == "" || variables.get("TALKDESK_BASE_URL") == "" {
		found.Region = variables.region()
	}
	return found
}

func (f authentication) printJSON(out io.Writer) error {
	encoded, err := json.Marshal(f)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "%s\n", escapeControls(encoded))
	return err
}

func (f authentication) print(out io.Writer, variables variables) error {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	line := func(label, value string, names ...string) {
		fmt.Fprintf(table, "%s\t%s%s\n", label, cell(value), variables.origin(names))
	}
	line("Account", f.Account, "TALKDESK_ACCOUNT")
	line("Region", f.Region, "TALKDESK_REGION")
	line("Token endpoint", f.TokenEndpoint, "TALKDESK_TOKEN_URL")
	line("API", f.API, "TALKDESK_BASE_URL")
	line("Client id", f.ClientID, "TALKDESK_CLIENT_ID")
	method := "client secret"
	if variables.get("TALKDESK_CLIENT_SECRET") == "" {
		method = "private key " + variables.get("TALKDESK_KEY_ID")
	}
	line("Credentials", method, "TALKDESK_CLIENT_SECRET", "TALKDESK_PRIVATE_KEY", "TALKDESK_PRIVATE_KEY_FILE")
	line("Scope", f.Scope)
	line("Expires in", time.Until(f.Expiry).Round(time.Second).String())
	return table.Flush()
}

// origin says for people where the first of the variables that is set is from.
func (v variables) origin(names []string) string {
	for _, name := range names {
		if _, from := v.find(name); from != "" {
			return "  (from " + printable(from) + ")"
		}
	}
	return ""
}
