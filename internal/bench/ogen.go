package main

import (
	"context"
	"fmt"
	"net/http"

	"github.com/talkdesk-express/contractactions/internal/bench/ogenclient"
)

// newOgen returns the client that ogen generates. Like the stock one it counts
// pages up while there is a next link.
func newOgen(base string, client *http.Client) (reader, error) {
	generated, err := ogenclient.NewClient(base, staticToken{}, ogenclient.WithClient(client))
	if err != nil {
		return nil, err
	}
	return func(ctx context.Context, list listing, into *consumer) error {
		for number := 1; ; number++ {
			response, err := generated.ListContractActions(ctx, ogenclient.ListContractActionsParams{
				AccountID: ogenclient.AccountId(list.accountID()),
				Page:      ogenclient.NewOptPageNumber(ogenclient.PageNumber(number)),
			})
			if err != nil {
				return err
			}
			page, ok := response.(*ogenclient.ContractActionPage)
			if !ok {
				return fmt.Errorf("page %d: %T", number, response)
			}
			for _, action := range page.Embedded.Value.ContractActions {
				var quantity *int32
				if action.Quantity.Set {
					quantity = &action.Quantity.Value
				}
				if !into.action(action.ID, quantity, action.CreatedAt) {
					return nil
				}
			}
			if !page.Links.Value.Next.Set {
				return nil
			}
		}
	}, nil
}

type staticToken struct{}

func (staticToken) OAuth2(context.Context, ogenclient.OperationName) (ogenclient.OAuth2, error) {
	return ogenclient.OAuth2{Token: bearer}, nil
}
