// This program is stock, and makes package wrapper's libraries do what they do
// for it, without the package: what they weigh, it cannot be lighter than.
package main

import (
	"context"
	"errors"
	"log"
	"log/slog"
	"net/http"
	"os"

	"github.com/avast/retry-go/v5"
	"github.com/go-faster/jx"
	"github.com/golang-jwt/jwt/v5"
	"golang.org/x/oauth2/clientcredentials"
	"golang.org/x/time/rate"

	"github.com/talkdesk-express/contractactions/gen"
)

func main() {
	ctx := context.Background()
	key, err := jwt.ParseECPrivateKeyFromPEM([]byte(os.Getenv("KEY")))
	if err != nil {
		log.Fatal(err)
	}
	assertion, err := jwt.NewWithClaims(jwt.GetSigningMethod(os.Getenv("ALGORITHM")), jwt.RegisteredClaims{}).SignedString(key)
	if err != nil {
		log.Fatal(err)
	}
	slog.LogAttrs(ctx, slog.LevelInfo, "signed", slog.Int("length", len(assertion)))
	token, err := (&clientcredentials.Config{TokenURL: os.Getenv("TOKEN_URL")}).Token(ctx)
	if err != nil {
		log.Fatal(err)
	}
	client, err := gen.NewClientWithResponses("https://api.talkdeskapp.com",
		gen.WithRequestEditorFn(func(_ context.Context, request *http.Request) error {
			token.SetAuthHeader(request)
			return rate.NewLimiter(2, 1).Wait(ctx)
		}))
	if err != nil {
		log.Fatal(err)
	}
	err = retry.New(retry.Context(ctx)).Do(func() error {
		response, err := client.ListContractActionsWithResponse(ctx, os.Args[1], nil)
		if err != nil {
			return err
		}
		if response.JSON200 == nil {
			return errors.New(response.Status())
		}
		return jx.DecodeBytes(response.Body).ObjBytes(func(d *jx.Decoder, name []byte) error {
			log.Printf("%s", name)
			return d.Skip()
		})
	})
	if err != nil {
		log.Fatal(err)
	}
}
