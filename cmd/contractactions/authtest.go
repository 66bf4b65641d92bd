package main

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/talkdesk-express/contractactions/wrapper"
)

// errScopeMissing reports a token with which the service refuses to list.
var errScopeMissing = errors.New("the token cannot list contract actions")

func newAuthTest(options []wrapper.Option) *cobra.Command {
	output := "text"
	command := &cobra.Command{
		Use:   "test [ACCOUNT_ID]",
		Short: "Get an access token, and check what it is good for",
		Long: `test gets an access token as list does. It prints for which account and region
the token is, its scopes and whether they suffice for list, when it expires, and
where the settings come from. It never prints the token or the secret.

With ACCOUNT_ID, the id of an Express account, it also requests one page of this
account and prints how the service responds. Without it, nothing is requested
from the API itself.

The exit code is 4 if the credentials are refused or the scopes do not suffice,
2 if a setting is missing or wrong, and 1 if there is no response. With
ACCOUNT_ID, the response for the account decides in place of the scopes.

` + formatsOfAuthTest + `

` + environmentHelp,
		Example: `  contractactions auth test
  contractactions auth test 5ea75fe7aa224700012eae40
  contractactions auth test --profile work --region eu
  contractactions auth test --output json | jq -r .expires_at`,
		Args: atMostOneAccount,
		RunE: func(command *cobra.Command, arguments []string) error {
			return testCredentials(command, arguments, options, output)
		},
	}
	command.Flags().SortFlags = false
	command.Flags().VarP(oneOf(&output, "FORMAT", "text", "json"), "output", "o", "text or json")
	addClientFlags(command)
	return command
}

const formatsOfAuthTest = `Formats: text, or json for one JSON object:
  account, region   of the token; absent where addresses are given instead
  token_endpoint, api, client_id, expires_at
  scopes            of the token; null if the token endpoint names none
  can_list          whether one of them suffices for list; null if unknown
  request           with ACCOUNT_ID: account_id, ok, and contract_actions (how
                    many there are, null if unknown) or error and its code`

func atMostOneAccount(_ *cobra.Command, arguments []string) error {
	if len(arguments) > 1 {
		return fmt.Errorf("auth test takes the id of one account, not %d", len(arguments))
	}
	return nil
}

func testCredentials(command *cobra.Command, arguments []string, options []wrapper.Option, output string) error {
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
	ending := found.scopeError(variables.get("TALKDESK_SCOPE") != "")
	if len(arguments) == 1 {
		found.Request, ending = tryAccount(ctx, client, arguments[0])
	}
	print := found.print
	if output == "json" {
		print = found.printJSON
	}
	if err := print(command.OutOrStdout(), variables); err != nil {
		return err
	}
	return interruptedOr(ctx, ending)
}

// authentication is what auth test reports.
type authentication struct {
	Account       string          `json:"account,omitempty"` // not known where a token endpoint is given
	Region        string          `json:"region,omitempty"`  // likewise with both addresses
	TokenEndpoint string          `json:"token_endpoint"`
	API           string          `json:"api"`
	ClientID      string          `json:"client_id"`
	Scopes        []string        `json:"scopes"`   // nil if unknown
	CanList       *bool           `json:"can_list"` // nil if unknown
	Expiry        time.Time       `json:"expires_at"`
	Request       *accountRequest `json:"request,omitempty"`
}

func newAuthentication(variables variables, client *wrapper.Client, grant wrapper.TokenInfo) authentication {
	found := authentication{
		TokenEndpoint: grant.Endpoint,
		API:           strings.TrimSuffix(client.Raw().Server, "/"),
		ClientID:      variables.get("TALKDESK_CLIENT_ID"),
		Expiry:        grant.Expiry.UTC().Truncate(time.Second),
	}
	if scopes := strings.Fields(grant.Scope); len(scopes) > 0 {
		found.Scopes, found.CanList = scopes, new(grant.CanList())
	}
	if variables.get("TALKDESK_TOKEN_URL") == "" {
		found.Account = variables.get("TALKDESK_ACCOUNT")
	}
	if variables.get("TALKDESK_TOKEN_URL") == "" || variables.get("TALKDESK_BASE_URL") == "" {
		found.Region = variables.region()
	}
	return found
}

const neededScopes = wrapper.ScopeRead + " or " + wrapper.ScopeWrite

// scopeError is the error of a token that is known not to suffice for list. What
// to do depends on whether scopes were requested.
func (f authentication) scopeError(requested bool) error {
	if f.CanList == nil || *f.CanList {
		return nil
	}
	advice := "have the client granted one of them"
	if requested {
		advice = "request one of them with --scope or TALKDESK_SCOPE, or no scope to get all that the client was granted"
	}
	return fmt.Errorf("%w: it needs the scope %s; %s", errScopeMissing, neededScopes, advice)
}

func (f authentication) printJSON(out io.Writer, _ variables) error {
	encoded, err := encodeAny(f)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "%s\n", encoded)
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
	scopes := f.Scopes
	if scopes == nil {
		scopes = []string{"unknown: the token endpoint names none"}
	}
	line("Scopes", scopes[0], "TALKDESK_SCOPE")
	for _, scope := range scopes[1:] {
		fmt.Fprintf(table, "\t%s\n", cell(scope))
	}
	line("Can list", f.canList())
	line("Expires in", time.Until(f.Expiry).Round(time.Second).String())
	if err := table.Flush(); err != nil || f.Request == nil {
		return err
	}
	_, err := fmt.Fprintln(out, f.Request)
	return err
}

func (f authentication) canList() string {
	switch {
	case f.CanList == nil:
		return "unknown"
	case *f.CanList:
		return "yes"
	}
	return "no: needs " + neededScopes
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
