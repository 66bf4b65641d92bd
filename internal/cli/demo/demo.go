// Package demo lists a generated account from a sandbox in the same process.
package demo

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"

	"github.com/spf13/cobra"

	"github.com/talkdesk-express/contractactions/api/sandbox"
	"github.com/talkdesk-express/contractactions/internal/cli/flagvalue"
	"github.com/talkdesk-express/contractactions/internal/cli/list"
	"github.com/talkdesk-express/contractactions/internal/cli/output"
	"github.com/talkdesk-express/contractactions/wrapper"
)

// NewCommand returns the command demo.
func NewCommand() *cobra.Command {
	format, actions := output.Formats[0], 425
	command := &cobra.Command{
		Use:   "demo",
		Short: "See a listing of a generated account",
		Long: `demo starts a sandbox in this process, on a free port of this machine, and lists
a generated account, as list would: it gets an access token, follows the pages
of 50 contract actions, and prints them. stderr has a line about it. demo needs
no account, no credentials and no network. See
'contractactions help formats' for the formats.`,
		Example: `  contractactions demo
  contractactions demo --actions 3 --output json`,
		RunE: func(command *cobra.Command, _ []string) error {
			return run(command.Context(), actions, format, command.OutOrStdout(), command.ErrOrStderr())
		},
	}
	flags := command.Flags()
	flags.VarP(flagvalue.OneOf(&format, "FORMAT", output.Formats...), "output", "o", output.FormatUsage)
	flags.Var(flagvalue.Actions(&actions), "actions", "number of contract actions of the account, up to a million")
	return command
}

func run(ctx context.Context, actions int, format string, stdout, stderr io.Writer) error {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fake := sandbox.New(sandbox.WithGeneratedAccount(sandbox.DefaultAccountID, actions))
	server := &http.Server{Handler: fake, ReadHeaderTimeout: 5 * time.Second}
	go func() { _ = server.Serve(listener) }() // if it fails, the client reports it
	defer server.Close()

	address := "http://" + listener.Addr().String()
	client, err := wrapper.New("",
		wrapper.ClientSecret{ID: fake.ClientID, Secret: wrapper.Secret(fake.ClientSecret)},
		wrapper.WithBaseURL(address), wrapper.WithTokenURL(address+sandbox.TokenPath))
	if err != nil {
		return err
	}
	fmt.Fprintf(stderr, "Listing the generated account %s from a sandbox at %s, 50 contract actions per page.\n",
		sandbox.DefaultAccountID, address)
	return list.Account(ctx, client, sandbox.DefaultAccountID, format, stdout, stderr, wrapper.PerPage(50))
}
