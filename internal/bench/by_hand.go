package main

import (
	"context"
	"encoding/json"
	"io"
	"net/http"

	"github.com/talkdesk-express/contractactions/gen"
)

// newByHand returns what one writes without any client: net/http,
// encoding/json and the generated types. It follows the next links.
func newByHand(base string, client *http.Client) (reader, error) {
	return func(ctx context.Context, list listing, into *consumer) error {
		for next := base + list.path(); next != ""; {
			page, err := getAndDecode(ctx, client, next)
			if err != nil {
				return err
			}
			for _, action := range page.Embedded.ContractActions {
				if !into.action(action.ID, action.Quantity, action.CreatedAt) {
					return nil
				}
			}
			next = ""
			if page.Links.Next != nil {
				next = *page.Links.Next.Href
			}
		}
		return nil
	}, nil
}

func getAndDecode(ctx context.Context, client *http.Client, url string) (*gen.ContractActionPage, error) {
	response, err := get(ctx, client, url)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, err
	}
	page := new(gen.ContractActionPage)
	return page, json.Unmarshal(body, page)
}
