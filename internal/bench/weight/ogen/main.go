// This program gets a page of contract actions with ogen's client, to be
// weighed.
package main

import (
	"context"
	"log"
	"os"

	"github.com/talkdesk-express/contractactions/internal/bench/ogenclient"
)

func main() {
	client, err := ogenclient.NewClient("https://api.talkdeskapp.com", token{})
	if err != nil {
		log.Fatal(err)
	}
	response, err := client.ListContractActions(context.Background(), ogenclient.ListContractActionsParams{AccountID: ogenclient.AccountId(os.Args[1])})
	if err != nil {
		log.Fatal(err)
	}
	if page, ok := response.(*ogenclient.ContractActionPage); ok {
		for _, action := range page.Embedded.Value.ContractActions {
			log.Print(action.ID)
		}
	}
}

type token struct{}

func (token) OAuth2(context.Context, ogenclient.OperationName) (ogenclient.OAuth2, error) {
	return ogenclient.OAuth2{Token: os.Getenv("TOKEN")}, nil
}
