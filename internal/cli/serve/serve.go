// Package serve runs a sandbox of the service.
package serve

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/talkdesk-express/contractactions/api"
	"github.com/talkdesk-express/contractactions/api/sandbox"
	"github.com/talkdesk-express/contractactions/gen"
	"github.com/talkdesk-express/contractactions/internal/cli/exit"
	"github.com/talkdesk-express/contractactions/internal/cli/flagvalue"
	"github.com/talkdesk-express/contractactions/internal/cli/output"
)

// The accounts that serve refuses, to try what a refusal looks like.
const (
	forbiddenAccountID    = "000000000000000000000403"
	unauthorizedAccountID = "000000000000000000000401"
)

// settings are the values of the flags of serve.
type settings struct {
	address  string
	url      string // "" for the address
	quiet    bool
	actions  int
	seed     uint64
	progress flagvalue.Duration
	clientID string
	scopes   flagvalue.Scopes     // nil for all
	ignored  flagvalue.StringList // query parameters
	refused  flagvalue.StringList // query parameters
	recent   bool
	env      bool
}

// otherActions is the number of contract actions of the accounts beside the first.
const otherActions = 60

// otherAccounts are those that serve has beside the first.
var otherAccounts = []gen.Account{
	{ID: "5ea75fe7aa224700012eae41", Name: new("globex"), CompanyName: new("Globex Corporation"), Status: new(gen.AccountStatusACTIVE)},
	{ID: "5ea75fe7aa224700012eae42", Name: new("initech"), CompanyName: new("Initech"), Status: new(gen.AccountStatusACTIVE)},
	{ID: "5ea75fe7aa224700012eae43", Name: new("hooli"), CompanyName: new("Hooli"), Status: new(gen.AccountStatusINTRIAL)},
}

// NewCommand returns the command serve.
func NewCommand() *cobra.Command {
	settings := settings{address: "127.0.0.1:8080", actions: 425, clientID: "sandbox-client"}
	command := &cobra.Command{
		Use:   "serve",
		Short: "Run a sandbox of the service, with its documentation",
		Long: `serve runs a fake of the service on this machine, to try list and to test your
own programs. Its accounts, as 'contractactions accounts' lists them:
  ` + sandbox.DefaultAccountID + `  acme, ACTIVE: has generated contract actions
  5ea75fe7aa224700012eae41  globex, ACTIVE: has 60
  5ea75fe7aa224700012eae42  initech, ACTIVE: has 60
  5ea75fe7aa224700012eae43  hooli, IN_TRIAL: has 60
  ` + forbiddenAccountID + `  CHURNED: is refused with 403
  ` + unauthorizedAccountID + `  CHURNED: is refused with 401: no permission

--ignore and --refuse simulate a service that does not support query parameters,
and --scopes simulates a client that was not granted every scope.

The same address serves a documentation page, /docs, that can send requests to
the sandbox, and the OpenAPI document: /openapi.yaml and /openapi.json.

Paste the lines on stdout into a different shell: they export variables,
including a secret that only this sandbox accepts, until it ends, and run list.
stderr has a line for each request: method, path, status and duration. Lines
that are not read are dropped and counted. Ctrl-C ends the sandbox, with exit
code 0.

Behind a proxy that ends TLS, or in a container, --url is the address that
clients use: the links between pages, the variables and the audience of client
assertions begin with it. Forwarded headers, which any client can send, are
ignored.

--env prints the variables only, with SANDBOX_PID to end the sandbox, closes
stdout and logs no requests, so that one shell can do both:
  eval "$(contractactions serve --env &)"
  contractactions list ` + sandbox.DefaultAccountID + `
  kill $SANDBOX_PID

Clients can authenticate with the secret only, not with a private key
(private_key_jwt). In a Go test, sandbox.Start provides a key.`,
		Example: `  contractactions serve
  contractactions serve --addr 127.0.0.1:0     on a free port
  contractactions serve --progress 30s         with contract actions that change
  contractactions serve --url https://sandbox.example.test
  eval "$(contractactions serve --env --recent &)"
  contractactions serve --refuse filter,order_by
  contractactions serve --scopes express-accounts:read`,
		RunE: func(command *cobra.Command, _ []string) error {
			return settings.run(command.Context(), command.OutOrStdout(), command.ErrOrStderr())
		},
	}
	flags := command.Flags()
	flags.Var(hostAndPort(&settings.address), "addr", "address to listen on; port 0 selects a free port")
	flags.Var(clientURL(&settings.url), "url", "URL at which clients reach the sandbox, by default the address")
	flags.Var(flagvalue.Actions(&settings.actions), "actions", "number of contract actions of the first account, up to a million")
	flags.Var(flagvalue.Uint64(&settings.seed), "seed", "seed of the generated contract actions")
	flags.Var(flagvalue.Positive(&settings.progress), "progress",
		"advance each contract action by one status every DURATION, until COMPLETED or FAILED")
	flags.BoolVar(&settings.recent, "recent", false, "let the latest update of each account be now, not in 2022")
	flags.BoolVar(&settings.env, "env", false, "print the variables only, and close stdout")
	flags.Var(plainID(&settings.clientID), "client-id", "client id to accept")
	flags.Var(grantedScopes(&settings.scopes), "scopes", "scopes that the client was granted, by default all; can be repeated")
	var parameters []string
	for _, parameter := range gen.ListContractActionsParameters() {
		parameters = append(parameters, parameter.Name)
	}
	flags.Var(flagvalue.SomeOf(&settings.ignored, "PARAMETERS", parameters), "ignore", "ignore these query parameters: "+strings.Join(parameters, ", "))
	flags.Var(flagvalue.SomeOf(&settings.refused, "PARAMETERS", parameters), "refuse", "respond with 400 to requests that have any of these query parameters")
	flags.BoolVarP(&settings.quiet, "quiet", "q", false, "print no lines for requests")
	return command
}

// hostAndPort accepts an address to listen on.
func hostAndPort(target *string) flagvalue.Value[string] {
	return flagvalue.Value[string]{Target: target, Kind: "HOST:PORT", Parse: func(text string) (string, error) {
		_, port, err := net.SplitHostPort(text)
		if err == nil {
			_, err = strconv.ParseUint(port, 10, 16)
		}
		if err != nil {
			return "", errors.New("use a host and a port from 0 to 65535, such as 127.0.0.1:8080")
		}
		return text, nil
	}}
}

// clientURL accepts a URL that can be that of a sandbox.
func clientURL(target *string) flagvalue.Value[string] {
	return flagvalue.Value[string]{Target: target, Kind: "URL", Parse: func(text string) (string, error) {
		return text, sandbox.CheckURL(text)
	}}
}

// plainID accepts an id that can be pasted into a shell. It has no colon, which
// separates the id from the secret in HTTP Basic authentication.
func plainID(target *string) flagvalue.Value[string] {
	return flagvalue.Value[string]{Target: target, Kind: "ID", Parse: func(text string) (string, error) {
		if text == "" || strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r > '~' || r == ':' }) {
			return "", errors.New("use one or more printable ASCII characters, without spaces and colons")
		}
		return text, nil
	}}
}

// grantedScopes accepts scopes of which a token can have any (RFC 6749, section
// 3.3), separated by commas or spaces.
func grantedScopes(target *flagvalue.Scopes) flagvalue.Value[flagvalue.Scopes] {
	scopes := flagvalue.ScopeList(target)
	return flagvalue.Value[flagvalue.Scopes]{Target: target, Kind: scopes.Kind, Parse: func(text string) (flagvalue.Scopes, error) {
		if strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r > '~' || r == '"' || r == '\\' }) {
			return nil, errors.New(`a scope has printable ASCII characters other than " and \`)
		}
		return scopes.Parse(text)
	}}
}

func (s settings) run(ctx context.Context, stdout, stderr io.Writer) error {
	if err := s.checkParameters(); err != nil {
		return err
	}
	listener, err := net.Listen("tcp", s.address)
	if err != nil {
		return fmt.Errorf("%w; see --addr", err)
	}
	defer listener.Close()
	where := listener.Addr().(*net.TCPAddr)
	url := cmp.Or(strings.TrimRight(s.url, "/"), addressOf(where))
	server := sandbox.New(s.sandboxOptions()...)
	if s.env {
		err = printVariables(stdout, url, server)
	} else {
		fmt.Fprint(stderr, notice(where, url))
		_, err = io.WriteString(stdout, pasteLines(url, server))
	}
	if err != nil {
		return err
	}
	lines := newLineLog(stderr)
	defer lines.close()
	logger := log.New(lines, "", 0)
	handler := api.Handler(api.WithSandbox(server))
	if !s.quiet && !s.env {
		handler = logAccess(logger, handler)
	}
	return serveUntilDone(ctx, listener, handler, logger)
}

// checkParameters returns an error if a parameter is to be both ignored and
// refused.
func (s settings) checkParameters() error {
	for _, name := range s.ignored {
		if slices.Contains(s.refused, name) {
			return exit.With(exit.Usage, fmt.Errorf("--ignore and --refuse both have %s: choose one", name))
		}
	}
	return nil
}

func (s settings) sandboxOptions() []sandbox.Option {
	options := []sandbox.Option{
		sandbox.WithGeneratedAccount(sandbox.DefaultAccountID, s.actions),
		sandbox.WithAccountDetails(gen.Account{
			ID: sandbox.DefaultAccountID, Name: new("acme"), CompanyName: new("Acme Incorporated"), Status: new(gen.AccountStatusACTIVE),
		}),
		sandbox.WithForbiddenAccount(forbiddenAccountID),
		sandbox.WithUnauthorizedAccount(unauthorizedAccountID),
		sandbox.WithSeed(s.seed),
		sandbox.WithProgress(time.Duration(s.progress)),
		sandbox.WithClient(s.clientID, rand.Text()),
		sandbox.WithIgnoredParameters(s.ignored...),
		sandbox.WithRefusedParameters(s.refused...),
	}
	if s.url != "" {
		options = append(options, sandbox.WithURL(s.url))
	}
	for _, details := range otherAccounts {
		options = append(options, sandbox.WithGeneratedAccount(details.ID, otherActions), sandbox.WithAccountDetails(details))
	}
	for id, name := range map[string]string{forbiddenAccountID: "forbidden", unauthorizedAccountID: "unauthorized"} {
		options = append(options, sandbox.WithAccountDetails(gen.Account{ID: id, Name: &name, Status: new(gen.AccountStatusCHURNED)}))
	}
	if s.recent {
		options = append(options, sandbox.WithLatestUpdate(time.Now()))
	}
	if s.scopes != nil {
		options = append(options, sandbox.WithScopes(s.scopes...))
	}
	return options
}

// notice describes the addresses and how to use them.
func notice(where *net.TCPAddr, url string) string {
	text := "Sandbox at " + url + ", documentation at " + url + "/docs. Paste these lines into a different shell; " +
		"the last command is refused with 403. Ctrl-C ends the sandbox.\n"
	if url != addressOf(where) {
		text += "It listens on " + where.String() + ".\n"
	}
	if where.IP.IsLoopback() {
		return text
	}
	text += "Warning: other machines can reach this sandbox."
	if !strings.HasPrefix(url, "https:") {
		text += " list refuses plain http to any address except loopback ones, such as 127.0.0.1; see --url."
	}
	return text + "\n"
}

// pasteLines returns the lines with which a shell can list from the sandbox. They
// have no comments, which not every shell accepts.
func pasteLines(url string, server *sandbox.Server) string {
	return variables(url, server) +
		"contractactions list " + sandbox.DefaultAccountID + "\n" +
		"contractactions list " + forbiddenAccountID + "\n"
}

// printVariables prints the variables, and closes stdout: the shell that waits for
// them to end continues.
func printVariables(stdout io.Writer, url string, server *sandbox.Server) error {
	_, err := fmt.Fprintf(stdout, "%sexport SANDBOX_PID=%d\n", variables(url, server), os.Getpid())
	if file, ok := stdout.(io.Closer); ok && err == nil {
		err = file.Close()
	}
	return err
}

// variables returns the lines that set the variables of a client.
func variables(url string, server *sandbox.Server) string {
	return strings.Join([]string{
		"export TALKDESK_BASE_URL=" + output.ShellQuote(url),
		"export TALKDESK_TOKEN_URL=" + output.ShellQuote(url+sandbox.TokenPath),
		"export TALKDESK_CLIENT_ID=" + output.ShellQuote(server.ClientID),
		"export TALKDESK_CLIENT_SECRET=" + output.ShellQuote(server.ClientSecret),
	}, "\n") + "\n"
}

// addressOf returns the address for clients on this machine.
func addressOf(where *net.TCPAddr) string {
	reachable := *where
	if reachable.IP.IsUnspecified() {
		reachable.IP = net.IPv4(127, 0, 0, 1)
	}
	return "http://" + reachable.String()
}
