// This program lists contract actions with package wrapper, to be weighed.
package main

import (
	"context"
	"log"
	"os"

	"github.com/talkdesk-express/contractactions/wrapper"
)

func main() {
	client, err := wrapper.NewFromEnvironment()
	if err != nil {
		log.Fatal(err)
	}
	for action, err := range client.Actions(context.Background(), os.Args[1]) {
		if err != nil {
			log.Fatal(err)
		}
		log.Print(action.ID)
	}
}
