package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/talkdesk-express/contractactions/api"
	"github.com/talkdesk-express/contractactions/api/sandbox"
)

// Accounts that serve refuses, so that people can see what that looks like.
const (
	forbiddenAccountID    = "000000000000000000000403"
	unauthorizedAccountID = "000000000000000000000401"
)

// serveSettings is what the flags of serve say.
type serveSettings struct {
	address  string
	actions  int
	seed     uint64
	progress duration
	clientID string
	scopes   scopes // nil for all
	ignored  names  // query parameters
	refused  names  // query parameters
}

func newServe() *cobra.Command {
	settings := serveSettings{address: "127.0.0.1:8080", actions: 425, clientID: "sandbox-client"}
	command := &cobra.Command{
		Use:   "serve",
		Short: "Run a sandbox of the service, with its documentation",
		Long: `serve runs a fake of the service on this machine, to try list with and to test
your own programs against. It has three accounts:
  ` + sandbox.DefaultAccountID + `  has made-up contract actions
  ` + forbiddenAccountID + `  is refused with 403
  ` + unauthorizedAccountID + `  is refused with 401: the client has no permission

--ignore and --refuse simulate a service without support for query parameters,
and --scopes a client that was not granted every scope.

At the same address are a documentation page, /docs, on which calls to the
sandbox can be tried, and the OpenAPI document: /openapi.yaml and /openapi.json.

The lines on stdout are for another shell to paste: variables to export, among
them the secret, which this sandbox alone accepts and only until it ends, and
list commands to try. On stderr is a line for each request: method, path, status
and duration. Ctrl-C ends it, with exit code 0.

Clients can authenticate with that secret only, not with a private key
(private_key_jwt): serve prints none. A Go test gets one from sandbox.Start.

Environment variables: none are read.`,
		Example: `  contractactions serve
  contractactions serve --addr 127.0.0.1:0     on a free port
  contractactions serve --progress 30s         with contract actions that change
  contractactions serve --refuse filter,order_by
  contractactions serve --scopes express-accounts:read`,
		Args: noArguments,
		RunE: func(command *cobra.Command, _ []string) error {
			return settings.run(command.Context(), command.OutOrStdout(), command.ErrOrStderr())
		},
	}
	flags := command.Flags()
	flags.SortFlags = false
	flags.Var(hostAndPort(&settings.address), "addr", "where to listen; port 0 picks a free one")
	flags.Var(numberOfActions(&settings.actions), "actions", "how many contract actions the account has, up to a million")
	flags.Var(seed(&settings.seed), "seed", "make up other contract actions, the same for the same N")
	flags.Var(timeSpan(&settings.progress), "progress",
		"move contract actions on: CREATED, IN_PROGRESS, COMPLETED or FAILED, one step each DURATION")
	flags.Var(plainID(&settings.clientID), "client-id", "the client id to accept")
	flags.Var(scopeList(&settings.scopes), "scopes", "scopes that the client was granted, by default all; can be repeated")
	parameters := listContract().queryParameters()
	flags.Var(someOf(&settings.ignored, "PARAMETERS", parameters), "ignore", "ignore these query parameters: "+strings.Join(parameters, ", "))
	flags.Var(someOf(&settings.refused, "PARAMETERS", parameters), "refuse", "respond with 400 to requests that have any of these query parameters")
	return command
}

// hostAndPort is a flag that takes an address to listen at.
func hostAndPort(value *string) checked[string] {
	return checked[string]{value, "HOST:PORT", func(text string) (string, error) {
		_, port, err := net.SplitHostPort(text)
		if err == nil {
			_, err = strconv.ParseUint(port, 10, 16)
		}
		if err != nil {
			return "", errors.New("give a host and a port from 0 to 65535, such as 127.0.0.1:8080")
		}
		return text, nil
	}}
}

func (s serveSettings) run(ctx context.Context, stdout, stderr io.Writer) error {
	listener, err := net.Listen("tcp", s.address)
	if err != nil {
		return fmt.Errorf("%w; see --addr", err)
	}
	defer listener.Close()
	server := sandbox.New(s.sandboxOptions()...)
	where := listener.Addr().(*net.TCPAddr)
	fmt.Fprint(stderr, notice(where))
	if _, err := io.WriteString(stdout, pasteLines(addressOf(where), server)); err != nil {
		return err
	}
	logger := log.New(stderr, "", 0)
	return serveUntilDone(ctx, listener, logAccess(logger, api.Handler(api.WithSandbox(server))), logger)
}

func (s serveSettings) sandboxOptions() []sandbox.Option {
	options := []sandbox.Option{
		sandbox.WithGeneratedAccount(sandbox.DefaultAccountID, s.actions),
		sandbox.WithForbiddenAccount(forbiddenAccountID),
		sandbox.WithUnauthorizedAccount(unauthorizedAccountID),
		sandbox.WithSeed(s.seed),
		sandbox.WithProgress(time.Duration(s.progress)),
		sandbox.WithClient(s.clientID, rand.Text()),
		sandbox.WithIgnoredParameters(s.ignored...),
		sandbox.WithRefusedParameters(s.refused...),
	}
	if s.scopes != nil {
		options = append(options, sandbox.WithScopes(s.scopes...))
	}
	return options
}

// notice says what is there and what to do with it.
func notice(where *net.TCPAddr) string {
	address := addressOf(where)
	text := "Sandbox at " + address + ", documentation at " + address + "/docs. Paste these lines into another shell; " +
		"the last command will be refused with 403. Ctrl-C ends the sandbox.\n"
	if !where.IP.IsLoopback() {
		text += "Warning: other machines can reach this sandbox. list refuses plain http to any address " +
			"but a loopback one, such as 127.0.0.1.\n"
	}
	return text
}

// pasteLines are the lines with which another shell can list from the sandbox.
// There is no comment among them, since not every shell takes those.
func pasteLines(address string, server *sandbox.Server) string {
	return strings.Join([]string{
		"export TALKDESK_BASE_URL=" + shellQuote(address),
		"export TALKDESK_TOKEN_URL=" + shellQuote(address+sandbox.TokenPath),
		"export TALKDESK_CLIENT_ID=" + shellQuote(server.ClientID),
		"export TALKDESK_CLIENT_SECRET=" + shellQuote(server.ClientSecret),
		"contractactions list " + sandbox.DefaultAccountID,
		"contractactions list " + forbiddenAccountID,
	}, "\n") + "\n"
}

// addressOf is where clients on this machine find the server.
func addressOf(where *net.TCPAddr) string {
	reachable := *where
	if reachable.IP.IsUnspecified() {
		reachable.IP = net.IPv4(127, 0, 0, 1)
	}
	return "http://" + reachable.String()
}

// shellQuote quotes a text for POSIX shells.
func shellQuote(text string) string {
	return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
}
