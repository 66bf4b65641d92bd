package main

import (
	"context"
	"fmt"
	"io"
	"log"
	"net"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"github.com/talkdesk-express/contractactions/api/sandbox"
	"github.com/talkdesk-express/contractactions/wrapper"
)

func newDemo() *cobra.Command {
	output, actions := formats[0], 425
	command := &cobra.Command{
		Use:   "demo",
		Short: "See a listing of a made-up account",
		Long: `demo starts a sandbox in this process, on a free port of this machine, and lists
a made-up account from it as list would: it gets an access token, follows the
pages of 50 contract actions, and prints them. A line about that goes to stderr.
It needs no account, no credentials and no network.

` + formatsHelp + `

Environment variables: none are read.`,
		Example: `  contractactions demo
  contractactions demo --actions 3 --output json`,
		Args: noArguments,
		RunE: func(command *cobra.Command, _ []string) error {
			return demonstrate(command.Context(), actions, output, command.OutOrStdout(), command.ErrOrStderr())
		},
	}
	addOutputFlag(command, &output)
	command.Flags().Var(numberOfActions(&actions), "actions", "how many contract actions the account has, up to a million")
	return command
}

func demonstrate(ctx context.Context, actions int, format string, stdout, stderr io.Writer) error {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	server := sandbox.New(sandbox.WithGeneratedAccount(sandbox.DefaultAccountID, actions))
	serving, stop := context.WithCancel(ctx)
	var running sync.WaitGroup
	// If the server fails, the client will have something to say about it.
	running.Go(func() { _ = serveUntilDone(serving, listener, server, log.New(io.Discard, "", 0)) })
	defer running.Wait()
	defer stop()

	address := "http://" + listener.Addr().String()
	client, err := wrapper.New("",
		wrapper.ClientSecret{ID: server.ClientID, Secret: wrapper.Secret(server.ClientSecret)},
		wrapper.WithBaseURL(address), wrapper.WithTokenURL(address+sandbox.TokenPath))
	if err != nil {
		return err
	}
	fmt.Fprintf(stderr, "Listing the made-up account %s from a sandbox at %s, 50 contract actions a page.\n",
		sandbox.DefaultAccountID, address)
	return listing{
		client:   client,
		accounts: newAccounts([]string{sandbox.DefaultAccountID}, nil, nil),
		options:  []wrapper.ListOption{wrapper.PerPage(50)},
		shape:    shape{format: format, zone: time.UTC, terminal: terminalOf(stdout)},
		stdout:   stdout,
		stderr:   stderr,
	}.run(ctx)
}

func noArguments(command *cobra.Command, arguments []string) error {
	if len(arguments) > 0 {
		return fmt.Errorf("%s takes no arguments", command.Name())
	}
	return nil
}
