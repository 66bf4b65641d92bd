//go:build ignore

// Command list-actions prints the ids of an account's contract actions, one per
// line, with the client that ogen generates.
package main

import (
	"context"
	"fmt"
	"log"
	"net/url"
	"os"
	"strconv"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"

	"example.com/list-actions/generated"
)

type tokens struct{ oauth2.TokenSource }

func (t tokens) OAuth2(context.Context, generated.OperationName) (generated.OAuth2, error) {
	token, err := t.Token()
	if err != nil {
		return generated.OAuth2{}, err
	}
	return generated.OAuth2{Token: token.AccessToken}, nil
}

func list(ctx context.Context, accountID string) error {
	config := clientcredentials.Config{
		ClientID:     os.Getenv("TALKDESK_CLIENT_ID"),
		ClientSecret: os.Getenv("TALKDESK_CLIENT_SECRET"),
		TokenURL:     os.Getenv("TALKDESK_TOKEN_URL"),
		AuthStyle:    oauth2.AuthStyleInHeader,
	}
	client, err := generated.NewClient(os.Getenv("TALKDESK_BASE_URL"), tokens{config.TokenSource(ctx)})
	if err != nil {
		return err
	}
	parameters := generated.ListContractActionsParams{
		AccountID: generated.ExpressAccountId(accountID),
		OrderBy:   generated.NewOptContractActionOrder(generated.ContractActionOrderCreatedAtAsc),
	}
	for {
		response, err := client.ListContractActions(ctx, parameters)
		if err != nil {
			return err
		}
		page, ok := response.(*generated.ContractActionPage)
		if !ok {
			return fmt.Errorf("refused: %T", response)
		}
		for _, action := range page.Embedded.Value.ContractActions {
			fmt.Println(action.ID)
		}
		next := page.Links.Value.Next.Value.Href.Value
		if next == "" {
			return nil
		}
		// The generated method takes parameters in place of a URL.
		link, err := url.Parse(next)
		if err != nil {
			return err
		}
		number, err := strconv.Atoi(link.Query().Get("page"))
		if err != nil {
			return fmt.Errorf("the next link is %s: %w", next, err)
		}
		parameters.Page = generated.NewOptPageNumber(generated.PageNumber(number))
	}
}

func main() {
	if err := list(context.Background(), os.Args[1]); err != nil {
		log.Fatal(err)
	}
}
