package auth

import (
	"context"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/talkdesk-express/contractactions/internal/cli/config"
	"github.com/talkdesk-express/contractactions/internal/cli/exit"
	"github.com/talkdesk-express/contractactions/internal/cli/failure"
	"github.com/talkdesk-express/contractactions/internal/cli/flagvalue"
	"github.com/talkdesk-express/contractactions/internal/cli/output"
	"github.com/talkdesk-express/contractactions/internal/cli/terminal"
	"github.com/talkdesk-express/contractactions/wrapper"
)

func newTest(options []wrapper.Option) *cobra.Command {
	format := "text"
	command := &cobra.Command{
		Use:   "test [ACCOUNT_ID]",
		Short: "Get an access token, and verify its scopes",
		Long: `test gets an access token, as list does. It prints the account and region of the
token, its scopes and whether they suffice for list, when it expires, and where
the settings come from. It never prints the token or the secret.

With ACCOUNT_ID, the id of an Express account, it also requests one page of this
account and prints the result. Without it, no request is sent to the API itself.

The exit code is 4 if the credentials are refused or the scopes do not suffice,
2 if a setting is missing or wrong, and 1 if there is no response. With
ACCOUNT_ID, the response for the account determines the exit code in place of
the scopes.

Formats: text, or json for one JSON object: 'contractactions schema auth-test'
describes it.`,
		Example: `  contractactions auth test
  contractactions auth test 5ea75fe7aa224700012eae40
  contractactions auth test --profile work --region eu
  contractactions auth test --output json | jq -r .expires_at`,
		Args: atMostOneAccount,
		RunE: func(command *cobra.Command, arguments []string) error {
			settings, err := config.Load(command)
			if err != nil {
				return err
			}
			client, err := settings.NewClient(command.Context(), options...)
			if err != nil {
				return err
			}
			ctx, cancel := settings.WithTimeout(command.Context())
			defer cancel()
			return test(ctx, settings, client, arguments, format, command.OutOrStdout())
		},
	}
	command.Flags().VarP(flagvalue.OneOf(&format, "FORMAT", "text", "json"), "output", "o", "text or json")
	config.AddFlags(command)
	return command
}

func atMostOneAccount(_ *cobra.Command, arguments []string) error {
	if len(arguments) > 1 {
		return fmt.Errorf("auth test takes the id of one account, not %d", len(arguments))
	}
	return nil
}

func test(ctx context.Context, settings *config.Config, client *wrapper.Client, accountIDs []string, format string, stdout io.Writer) error {
	token, err := client.Authenticate(ctx)
	if err != nil {
		return failure.WithCode(ctx, err)
	}
	result := newAuthentication(settings, client, token)
	ending := result.scopeError(settings.Get("TALKDESK_SCOPE") != "")
	if len(accountIDs) == 1 {
		result.Request, err = requestAccount(ctx, client, accountIDs[0])
		ending = failure.WithCode(ctx, err)
	}
	print := result.print
	if format == "json" {
		print = result.printJSON
	}
	if err := print(stdout, settings); err != nil {
		return err
	}
	return exit.IfInterrupted(ctx, ending)
}

// authentication is the result of auth test, and the JSON that it prints.
type authentication struct {
	Account       string          `json:"account,omitempty" description:"The Talkdesk account of the token; absent if a token endpoint is set instead."`
	Region        string          `json:"region,omitempty" description:"The region of the token; absent if both addresses are set instead."`
	TokenEndpoint string          `json:"token_endpoint" description:"The URL of the token endpoint."`
	API           string          `json:"api" description:"The URL of the API."`
	ClientID      string          `json:"client_id" description:"The client id."`
	Scopes        []string        `json:"scopes" nullable:"" description:"The scopes of the token; null if the token endpoint names none."`
	CanList       *bool           `json:"can_list" description:"Whether the scopes suffice for list; null if unknown."`
	Expiry        time.Time       `json:"expires_at" description:"When the token expires."`
	Request       *accountRequest `json:"request,omitempty" description:"The result for the account, if an id was given."`
}

// Schema returns the schema of the JSON that auth test prints.
func Schema() output.Schema { return output.SchemaOf("contractactions auth test", authentication{}) }

func newAuthentication(settings *config.Config, client *wrapper.Client, token wrapper.TokenInfo) authentication {
	found := authentication{
		TokenEndpoint: token.Endpoint,
		API:           strings.TrimSuffix(client.Raw().Server, "/"),
		ClientID:      settings.Get("TALKDESK_CLIENT_ID"),
		Expiry:        token.Expiry.UTC().Truncate(time.Second),
	}
	if scopes := strings.Fields(token.Scope); len(scopes) > 0 {
		found.Scopes, found.CanList = scopes, new(token.CanList())
	}
	if settings.Get("TALKDESK_TOKEN_URL") == "" {
		found.Account = settings.Get("TALKDESK_ACCOUNT")
	}
	if settings.Get("TALKDESK_TOKEN_URL") == "" || settings.Get("TALKDESK_BASE_URL") == "" {
		found.Region = settings.Region()
	}
	return found
}

const neededScopes = wrapper.ScopeRead + " or " + wrapper.ScopeWrite

// scopeError returns an error if the scopes of the token are known not to suffice
// for list. The advice depends on whether scopes were requested.
func (f authentication) scopeError(requested bool) error {
	if f.CanList == nil || *f.CanList {
		return nil
	}
	advice := "have the client granted one of them"
	if requested {
		advice = "request one of them with --scope or TALKDESK_SCOPE, or no scope to get all that the client was granted"
	}
	return exit.With(exit.Authentication, fmt.Errorf("the token cannot list contract actions: it needs the scope %s; %s", neededScopes, advice))
}

func (f authentication) printJSON(out io.Writer, _ *config.Config) error {
	encoded, err := output.JSON(f)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "%s\n", encoded)
	return err
}

func (f authentication) print(out io.Writer, settings *config.Config) error {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	line := func(label, value string, names ...string) {
		from := ""
		if source := settings.Source(names...); source != "" {
			from = "  (from " + terminal.Printable(source) + ")"
		}
		fmt.Fprintf(table, "%s\t%s%s\n", label, terminal.Cell(value), from)
	}
	line("Talkdesk account", f.Account, "TALKDESK_ACCOUNT")
	line("Region", f.Region, "TALKDESK_REGION")
	line("Token endpoint", f.TokenEndpoint, "TALKDESK_TOKEN_URL")
	line("API", f.API, "TALKDESK_BASE_URL")
	line("Client id", f.ClientID, "TALKDESK_CLIENT_ID")
	line("Credentials", settings.Credentials(), "TALKDESK_CLIENT_SECRET", "TALKDESK_CLIENT_SECRET_COMMAND", "TALKDESK_PRIVATE_KEY", "TALKDESK_PRIVATE_KEY_FILE")
	scopes := f.Scopes
	if scopes == nil {
		scopes = []string{"unknown: the token endpoint names none"}
	}
	line("Scopes", scopes[0], "TALKDESK_SCOPE")
	for _, scope := range scopes[1:] {
		fmt.Fprintf(table, "\t%s\n", terminal.Cell(scope))
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
