// Package serve runs a sandbox of the service.
package serve

import (
	"cmp"
	"context"
	"crypto/ecdsa"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rs/cors"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/talkdesk-express/contractactions/api"
	"github.com/talkdesk-express/contractactions/api/sandbox"
	"github.com/talkdesk-express/contractactions/gen"
	"github.com/talkdesk-express/contractactions/internal/cli/exit"
	"github.com/talkdesk-express/contractactions/internal/cli/flagvalue"
	"github.com/talkdesk-express/contractactions/internal/cli/scenario"
	"github.com/talkdesk-express/contractactions/internal/control"
)

// settings are the values of the flags of serve.
type settings struct {
	address  string
	url      string // "" for the address
	envFile  string // "" for none
	quiet    bool
	scenario string // "" for none
	control  string // address to listen on; "" for none

	clientID      string
	clientSecret  string           // "" for a random one
	keyFile       string           // "" for none
	scopes        flagvalue.Scopes // nil for all
	tokenLifetime flagvalue.Duration

	actions  int
	seed     uint64
	until    newest
	progress flagvalue.Duration

	cors     flagvalue.StringList // origins
	latency  flagvalue.Duration
	failures failures
	ignored  flagvalue.StringList // query parameters
	refused  flagvalue.StringList // query parameters
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
	settings := settings{address: "127.0.0.1:8080", actions: 425, clientID: "sandbox-client", tokenLifetime: flagvalue.Duration(10 * time.Minute)}
	command := &cobra.Command{
		Use:   "serve",
		Short: "Run a sandbox of the service, with its documentation",
		Long: `serve runs a fake of the service on this machine, to try list and to test your
own programs in any language. The account ` + sandbox.DefaultAccountID + ` has
generated contract actions, and so have those that end in 41, 42 and 43; see
'contractactions accounts'. An account whose id is a status responds with that
status, such as ` + sandbox.StatusAccountID(http.StatusForbidden) + ` with 403. The statuses are 400, 401
(the client has no permission), 403, 404, 429 (with Retry-After), 500, 502
(HTML), 503 (text, with Retry-After) and 504 (no body).

--fail and --latency simulate a service in trouble, --ignore and --refuse one
that does not support query parameters, and --scopes a client that was not
granted every scope. The file of --scenario describes more: clients, accounts,
contract actions that change over time, faults. 'contractactions schema
scenario' prints its JSON Schema.

The same address serves a documentation page, /docs, that can send requests to
the sandbox, and the OpenAPI document: /sandbox.yaml and /sandbox.json for tools
that send requests, whose server is the sandbox, /openapi.yaml and /openapi.json
for the service itself, and /openapi-open.yaml and /openapi-open.json for
generators whose clients fail on values that the document does not list.

stdout has only lines that export variables, for list and for your programs:
paste them into a different shell, or write them to a file and source it. The
secret is accepted by this sandbox only. --env-file writes the variables to a
file once the sandbox listens, so that scripts can wait for the file, and
removes it at the end. stderr has a line for each request: method, path, status
and duration. Lines that are not read are dropped and counted. Ctrl-C ends the
sandbox, with exit code 0.

With --key-file, the variables are those of a client with a private key
(private_key_jwt). The file has the key as the service issues keys: PKCS#8 in
Base64. A missing file is created with the mode 0600; an existing one is never
changed, and is refused if others than its owner can read or change it.

Behind a proxy that ends TLS, or in a container, --url is the address that
clients use: the links between pages, the variables and the audience of client
assertions begin with it. Forwarded headers, which any client can send, are
ignored. If it is plain http, as between containers, the variables include
TALKDESK_PLAIN_HTTP_HOSTS, without which list refuses it.

--env also prints SANDBOX_PID, closes stdout and logs no requests, so that one
shell can do both:
  eval "$(contractactions serve --env &)"
  contractactions list ` + sandbox.DefaultAccountID + `
  kill $SANDBOX_PID

--control serves a second address, at which tests in any language can queue
faults, revoke tokens, set and advance contract actions, read the recorded
requests, and reset the sandbox. Its OpenAPI document is at /openapi.yaml there.
It takes requests with the token that is printed with the address.

--cors lets web pages of other origins use the sandbox from a browser. It is off
by default: otherwise every page that you visit could try to use the sandbox.`,
		Example: `  contractactions serve
  contractactions serve --addr 127.0.0.1:0     on a free port
  contractactions serve --env-file sandbox.env
  contractactions serve --until today          so that --since 7d finds something
  contractactions serve --fail 503:10% --latency 200ms
  contractactions serve --scenario scenario.yaml
  contractactions serve --control 127.0.0.1:0  for tests in any language
  contractactions serve --progress 30s         with contract actions that change
  contractactions serve --url https://sandbox.example.test
  contractactions serve --refuse filter,order_by`,
		RunE: func(command *cobra.Command, _ []string) error {
			if err := settings.checkScenario(command.Flags()); err != nil {
				return err
			}
			return settings.run(command.Context(), command.OutOrStdout(), command.ErrOrStderr())
		},
	}
	flags := command.Flags()
	flags.Var(hostAndPort(&settings.address), "addr", "address to listen on; port 0 selects a free port")
	flags.BoolVar(&settings.env, "env", false, "continue in the background of a shell: print SANDBOX_PID too, and close stdout")
	flags.Var(clientURL(&settings.url), "url", "URL at which clients reach the sandbox, by default the address")
	flags.Var(flagvalue.NotEmpty(&settings.envFile, "FILE"), "env-file", "write the variables to FILE while the sandbox listens")
	flags.Var(flagvalue.NotEmpty(&settings.scenario, "FILE"), "scenario", "clients, accounts and faults of the sandbox, in YAML")
	flags.Var(hostAndPort(&settings.control), "control", "address of the control API, which is off by default; port 0 selects a free port")
	flags.Var(plainID(&settings.clientID), "client-id", "client id to accept")
	flags.Var(plainSecret(&settings.clientSecret), "client-secret", "client secret to accept, by default a random one for each start")
	flags.Var(flagvalue.NotEmpty(&settings.keyFile, "FILE"), "key-file", "private key of the client; created if it is missing")
	flags.Var(grantedScopes(&settings.scopes), "scopes", "scopes that the client was granted, by default all; can be repeated")
	flags.Var(flagvalue.Positive(&settings.tokenLifetime), "token-lifetime", "lifetime of access tokens")
	flags.Var(flagvalue.Actions(&settings.actions), "actions", "number of contract actions of the account, up to a million")
	flags.Var(flagvalue.Uint64(&settings.seed), "seed", "seed of the generated contract actions and of --fail")
	flags.Var(endOfData(&settings.until), "until", "time of the last change of the generated contract actions: now, today (0:00 UTC), a date or a time; by default they begin in March 2022")
	flags.Var(flagvalue.Positive(&settings.progress), "progress",
		"advance each contract action by one status every DURATION, until COMPLETED or FAILED")
	flags.Var(failureRates(&settings.failures), "fail", "respond with an error status to a part of the requests, such as 503:10%; can be repeated")
	flags.Var(flagvalue.Positive(&settings.latency), "latency", "delay each response")
	var parameters []string
	for _, parameter := range gen.ListContractActionsParameters() {
		parameters = append(parameters, parameter.Name)
	}
	flags.Var(flagvalue.SomeOf(&settings.ignored, "PARAMETERS", parameters), "ignore", "ignore these query parameters: "+strings.Join(parameters, ", "))
	flags.Var(flagvalue.SomeOf(&settings.refused, "PARAMETERS", parameters), "refuse", "respond with 400 to requests that have any of these query parameters")
	flags.Var(origins(&settings.cors), "cors", "let pages of these origins use the sandbox: any, or a list such as http://localhost:5173")
	flags.BoolVarP(&settings.quiet, "quiet", "q", false, "print no lines for requests")
	return command
}

// checkScenario returns an error for a flag whose value the scenario has as well.
func (s settings) checkScenario(flags *pflag.FlagSet) error {
	for _, name := range []string{"client-id", "client-secret", "scopes", "actions"} {
		if s.scenario != "" && flags.Changed(name) {
			return exit.With(exit.Usage, fmt.Errorf("--%s cannot be used with --scenario: write it into the file", name))
		}
	}
	return nil
}

func (s settings) run(ctx context.Context, stdout, stderr io.Writer) error {
	prepared, err := s.prepare(ctx)
	if err != nil {
		return exit.IfInterrupted(ctx, exit.With(exit.Usage, err))
	}
	listener, err := net.Listen("tcp", s.address)
	if err != nil {
		return fmt.Errorf("%w; see --addr", err)
	}
	defer listener.Close()
	controlled, err := control.New(prepared.newServer)
	if err != nil {
		return err
	}
	where := listener.Addr().(*net.TCPAddr)
	url := cmp.Or(strings.TrimRight(s.url, "/"), addressOf(where))
	variables := s.variables(url, controlled.Server())
	lines := newLineLog(stderr)
	defer lines.close()
	logger := log.New(lines, "", 0)
	handler := s.allowOrigins(api.Handler(api.WithSandbox(controlled)))
	if !s.quiet && !s.env {
		handler = logAccess(logger, handler)
	}
	endpoints := []endpoint{{listener, handler}}
	if s.control != "" {
		listener, err := net.Listen("tcp", s.control)
		if err != nil {
			return fmt.Errorf("%w; see --control", err)
		}
		defer listener.Close()
		token := rand.Text()
		endpoints = append(endpoints, endpoint{listener, controlled.Handler(token)})
		variables = append(variables,
			variable{"SANDBOX_CONTROL_URL", addressOf(listener.Addr().(*net.TCPAddr))},
			variable{"SANDBOX_CONTROL_TOKEN", token})
	}
	if s.envFile != "" {
		file := envFile{s.envFile, envLines(variables)}
		if err := file.write(); err != nil {
			return exit.With(exit.Usage, fmt.Errorf("--env-file: %w", err))
		}
		defer file.remove()
	}
	if !s.env {
		fmt.Fprint(stderr, notice(where, url, prepared.scenario.AccountID()))
	}
	if err := s.print(stdout, variables); err != nil {
		return err
	}
	return serveAll(ctx, endpoints, logger)
}

// print prints the variables. With --env it closes stdout: the shell that waits for
// its end continues.
func (s settings) print(stdout io.Writer, variables []variable) error {
	if s.env {
		variables = append(variables, variable{"SANDBOX_PID", strconv.Itoa(os.Getpid())})
	}
	_, err := io.WriteString(stdout, exportLines(variables))
	if file, ok := stdout.(io.Closer); ok && s.env && err == nil {
		err = file.Close()
	}
	return err
}

// prepared is what the files of the flags contain.
type prepared struct {
	scenario *scenario.Scenario
	options  []sandbox.Option
}

// newServer returns a server in its initial state.
func (p prepared) newServer() (*sandbox.Server, error) {
	server := sandbox.New(p.options...)
	return server, p.scenario.Apply(server, time.Now())
}

// prepare does what can fail because of the flags.
func (s settings) prepare(ctx context.Context) (prepared, error) {
	for _, name := range s.ignored {
		if slices.Contains(s.refused, name) {
			return prepared{}, fmt.Errorf("--ignore and --refuse both have %s: choose one", name)
		}
	}
	if s.envFile != "" && s.keyFile != "" && filepath.Clean(s.envFile) == filepath.Clean(s.keyFile) {
		return prepared{}, errors.New("--env-file and --key-file need different files")
	}
	described := new(scenario.Scenario)
	var key *ecdsa.PrivateKey
	var err error
	if s.scenario != "" {
		if described, err = scenario.Read(ctx, s.scenario); err != nil {
			return prepared{}, fmt.Errorf("--scenario: %w", err)
		}
	}
	if s.keyFile != "" {
		if key, err = keyOf(ctx, s.keyFile); err != nil {
			return prepared{}, fmt.Errorf("--key-file: %w", err)
		}
	}
	// After the key was created: an env file of the same name is an error then.
	if s.envFile != "" {
		if err := (envFile{name: s.envFile}).removeStale(); err != nil {
			return prepared{}, fmt.Errorf("--env-file: %w", err)
		}
	}
	options := append(s.options(key), described.Options()...)
	if len(described.Accounts) == 0 {
		options = append(options, sandbox.WithGeneratedAccount(sandbox.DefaultAccountID, s.actions), sandbox.WithAccountDetails(gen.Account{
			ID: sandbox.DefaultAccountID, Name: new("acme"), CompanyName: new("Acme Incorporated"), Status: new(gen.AccountStatusACTIVE),
		}))
		for status, name := range map[int]string{http.StatusUnauthorized: "unauthorized", http.StatusForbidden: "forbidden"} {
			options = append(options, sandbox.WithAccountDetails(
				gen.Account{ID: sandbox.StatusAccountID(status), Name: &name, Status: new(gen.AccountStatusCHURNED)}))
		}
		for _, details := range otherAccounts {
			options = append(options, sandbox.WithGeneratedAccount(details.ID, otherActions), sandbox.WithAccountDetails(details))
		}
	}
	return prepared{described, options}, nil
}

// options returns those for the flags. The options of a scenario override them.
func (s settings) options(key *ecdsa.PrivateKey) []sandbox.Option {
	options := []sandbox.Option{
		sandbox.WithStatusAccounts(),
		sandbox.WithSeed(s.seed),
		sandbox.WithProgress(time.Duration(s.progress)),
		sandbox.WithClient(s.clientID, cmp.Or(s.clientSecret, rand.Text())),
		sandbox.WithTokenLifetime(time.Duration(s.tokenLifetime)),
		sandbox.WithLatency(time.Duration(s.latency)),
		sandbox.WithNewest(s.until.Time),
		sandbox.WithIgnoredParameters(s.ignored...),
		sandbox.WithRefusedParameters(s.refused...),
	}
	for _, failure := range s.failures {
		options = append(options, sandbox.WithFailures(failure.status, failure.percent))
	}
	if key != nil {
		options = append(options, sandbox.WithSigningKey(key))
	}
	if s.url != "" {
		options = append(options, sandbox.WithURL(s.url))
	}
	if s.scopes != nil {
		options = append(options, sandbox.WithScopes(s.scopes...))
	}
	return options
}

// variables returns those with which a client uses the sandbox.
func (s settings) variables(url string, server *sandbox.Server) []variable {
	variables := []variable{
		{"TALKDESK_BASE_URL", url},
		{"TALKDESK_TOKEN_URL", url + sandbox.TokenPath},
		{"TALKDESK_CLIENT_ID", server.ClientID},
	}
	if host, isPlain := strings.CutPrefix(s.url, "http://"); isPlain {
		host, _, _ = strings.Cut(host, "/")
		variables = append(variables, variable{"TALKDESK_PLAIN_HTTP_HOSTS", host})
	}
	if s.keyFile == "" {
		return append(variables, variable{"TALKDESK_CLIENT_SECRET", server.ClientSecret})
	}
	file, err := filepath.Abs(s.keyFile)
	if err != nil { // if the working directory no longer exists
		file = s.keyFile
	}
	return append(variables,
		variable{"TALKDESK_PRIVATE_KEY_FILE", file},
		variable{"TALKDESK_KEY_ID", server.KeyID},
		variable{"TALKDESK_KEY_ALGORITHM", server.Algorithm})
}

// allowOrigins lets pages of the origins of --cors send requests and read responses.
func (s settings) allowOrigins(next http.Handler) http.Handler {
	if len(s.cors) == 0 {
		return next
	}
	allowed := slices.Clone(s.cors)
	if slices.Contains(allowed, anyOrigin) {
		allowed = []string{"*"}
	}
	return cors.New(cors.Options{
		AllowedOrigins:      allowed,
		AllowedMethods:      []string{http.MethodGet, http.MethodHead, http.MethodPost},
		AllowedHeaders:      []string{"*"},
		ExposedHeaders:      []string{"Retry-After", "WWW-Authenticate", "X-Request-Id"},
		AllowPrivateNetwork: true,
	}).Handler(next)
}

// notice describes the addresses and how to use them.
func notice(where *net.TCPAddr, url, accountID string) string {
	text := "Sandbox at " + url + ", documentation at " + url + "/docs. Paste the lines on stdout into a different shell, and then try: " +
		"contractactions list " + accountID + ". Ctrl-C ends the sandbox.\n"
	if url != addressOf(where) {
		text += "It listens on " + where.String() + ".\n"
	}
	if where.IP.IsLoopback() {
		return text
	}
	text += "Warning: other machines can reach this sandbox."
	if url == addressOf(where) {
		text += " For clients on them, set the address in --url."
	}
	return text + "\n"
}

// addressOf returns the address for clients on this machine.
func addressOf(where *net.TCPAddr) string {
	reachable := *where
	if reachable.IP.IsUnspecified() {
		reachable.IP = net.IPv4(127, 0, 0, 1)
	}
	return "http://" + reachable.String()
}
