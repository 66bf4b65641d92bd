// This program gets a page of contract actions with oapi-codegen's client as it
// comes, to be weighed.
package main

import (
	"context"
	"log"
	"net/http"
	"os"

	"github.com/talkdesk-express/contractactions/gen"
)

func main() {
	authorize := func(_ context.Context, request *http.Request) error {
		request.Header.Set("Authorization", "Bearer "+os.Getenv("TOKEN"))
		return nil
	}
	client, err := gen.NewClientWithResponses("https://api.talkdeskapp.com", gen.WithRequestEditorFn(authorize))
	if err != nil {
		log.Fatal(err)
	}
	response, err := client.ListContractActionsWithResponse(context.Background(), os.Args[1], nil)
	if err != nil {
		log.Fatal(err)
	}
	if page := response.JSON200; page != nil {
		for _, action := range page.Embedded.ContractActions {
			log.Print(action.ID)
		}
	}
}
