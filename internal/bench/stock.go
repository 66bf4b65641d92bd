package main

import (
	"context"
	"fmt"
	"net/http"

	"github.com/talkdesk-express/contractactions/gen"
)

// newStock returns the client that oapi-codegen generates, as it comes. It
// counts pages up while there is a next link: the generated method takes a
// page's number and no link.
func newStock(base string, client *http.Client) (reader, error) {
	authorize := func(_ context.Context, request *http.Request) error {
		request.Header.Set("Authorization", "Bearer "+bearer)
		return nil
	}
	generated, err := gen.NewClientWithResponses(base, gen.WithHTTPClient(client), gen.WithRequestEditorFn(authorize))
	if err != nil {
		return nil, err
	}
	return func(ctx context.Context, list listing, into *consumer) error {
		for number := 1; ; number++ {
			response, err := generated.ListContractActionsWithResponse(ctx, list.accountID(), &gen.ListContractActionsParams{Page: &number})
			if err != nil {
				return err
			}
			page := response.JSON200
			if page == nil {
				return fmt.Errorf("page %d: %s", number, response.Status())
			}
			for _, action := range page.Embedded.ContractActions {
				if !into.action(action.ID, action.Quantity, action.CreatedAt) {
					return nil
				}
			}
			if page.Links.Next == nil {
				return nil
			}
		}
	}, nil
}
