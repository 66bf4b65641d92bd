package wrapper_test

import (
	"context"
	"errors"
	"expvar"
	"fmt"
	"log"
	"log/slog"
	"os"
	"slices"
	"testing"
	"time"

	"golang.org/x/oauth2"
	"golang.org/x/time/rate"

	"github.com/talkdesk-express/contractactions/wrapper"
)

// The examples find a sandbox in the environment, as a program of yours would
// find the service.
func TestMain(m *testing.M) {
	examples := startForExamples()
	defer examples.Close()
	m.Run()
}

func Example() {
	client, err := wrapper.NewFromEnvironment()
	if err != nil {
		log.Fatal(err)
	}
	count := 0
	for action, err := range client.Actions(context.Background(), "5ea75fe7aa224700012eae40") {
		if err != nil {
			log.Fatal(err)
		}
		if count++; count == 1 {
			fmt.Println(action.ID, "created on", action.CreatedAt.Format(time.DateOnly))
		}
	}
	fmt.Println(count, "contract actions")
	// Output:
	// 123245132132 created on 2022-03-10
	// 425 contract actions
}

func ExampleNew() {
	client, err := wrapper.New("acme",
		wrapper.ClientSecret{ID: "my-client", Secret: wrapper.Secret(os.Getenv("MY_SECRET"))},
		wrapper.WithRegion(wrapper.EU),
		wrapper.WithRateLimit(rate.Every(500*time.Millisecond), 1),
		wrapper.WithLogger(slog.Default()),
		wrapper.WithUserAgent("billing/2.1"),
	)
	fmt.Println(client, err)
	// Output: <nil> create a contract actions client: the client secret is empty
}

func ExampleClient_Pages() {
	client, err := wrapper.NewFromEnvironment()
	if err != nil {
		log.Fatal(err)
	}
	for page, err := range client.Pages(context.Background(), "5ea75fe7aa224700012eae40", wrapper.PerPage(200)) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Printf("page %d of %d: %d contract actions\n", page.Number, page.TotalPages, len(page.Actions))
	}
	// Output:
	// page 1 of 3: 200 contract actions
	// page 2 of 3: 200 contract actions
	// page 3 of 3: 25 contract actions
}

func ExampleClient_ActionsOf() {
	client, err := wrapper.NewFromEnvironment()
	if err != nil {
		log.Fatal(err)
	}
	accounts := slices.Values([]string{"5ea75fe7aa224700012eae40", "not-mine"})
	counts := map[string]int{}
	for action, err := range client.ActionsOf(context.Background(), accounts, wrapper.Concurrency(4)) {
		var failure *wrapper.AccountError
		switch {
		case errors.As(err, &failure):
			fmt.Println(failure.AccountID, "failed; the others continue")
		case err != nil:
			log.Fatal(err)
		default:
			counts[action.AccountID]++
		}
	}
	fmt.Println(counts)
	// Unordered output:
	// not-mine failed; the others continue
	// map[5ea75fe7aa224700012eae40:425]
}

func ExampleClient_Changes() {
	client, err := wrapper.NewFromEnvironment()
	if err != nil {
		log.Fatal(err)
	}
	since := time.Date(2022, time.March, 27, 0, 0, 0, 0, time.UTC) // kept in a file or a database between runs
	for action, err := range client.Changes(context.Background(), "5ea75fe7aa224700012eae40", since) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println("the latest update is new:", action.UpdatedAt.After(since))
		break
	}
	// Output: the latest update is new: true
}

func ExampleClient_Accounts() {
	client, err := wrapper.NewFromEnvironment()
	if err != nil {
		log.Fatal(err)
	}
	for account, err := range client.Accounts(context.Background()) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(account.ID)
	}
	// Output: 5ea75fe7aa224700012eae40
}

// Two contract actions of one account, with one request per poll.
func ExampleClient_WaitFor() {
	client, err := wrapper.NewFromEnvironment()
	if err != nil {
		log.Fatal(err)
	}
	ids := []string{"123245132133", "123245132134"}
	for action, err := range client.WaitFor(context.Background(), "5ea75fe7aa224700012eae40", ids, wrapper.PollInterval(time.Second, time.Minute)) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(action.ID, action.Status)
	}
}

// Tokens from elsewhere, for example from a service that shares one between programs.
func ExampleTokens() {
	source := oauth2.StaticTokenSource(&oauth2.Token{AccessToken: os.Getenv("MY_TOKEN")})
	client, err := wrapper.New("", wrapper.Tokens(source), wrapper.WithRegion(wrapper.EU))
	fmt.Println(client, err)
	// Output: wrapper.Client(https://api.talkdeskapp.eu/) <nil>
}

// At most two requests per second, retries included.
func ExampleWithRateLimit() {
	client, err := wrapper.NewFromEnvironment(wrapper.WithRateLimit(rate.Every(500*time.Millisecond), 1))
	if err != nil {
		log.Fatal(err)
	}
	_, err = client.Authenticate(context.Background()) // tokens are not limited
	fmt.Println(err)
	// Output: <nil>
}

func ExampleFrom() {
	client, err := wrapper.NewFromEnvironment()
	if err != nil {
		log.Fatal(err)
	}
	var resume string // kept in a file or a database between runs
	for page, err := range client.Pages(context.Background(), "5ea75fe7aa224700012eae40", wrapper.PerPage(50), wrapper.MaxPages(4)) {
		if err != nil {
			log.Fatal(err)
		}
		resume = page.Next
	}
	count := 0
	for _, err := range client.Actions(context.Background(), "5ea75fe7aa224700012eae40", wrapper.From(resume)) {
		if err != nil {
			log.Fatal(err)
		}
		count++
	}
	fmt.Println(count, "more")
	// Output: 225 more
}

// Counters for whatever collects them, here package expvar.
func ExampleWithObserver() {
	requests := expvar.NewMap("contractactions_requests")
	client, err := wrapper.NewFromEnvironment(wrapper.WithObserver(func(_ context.Context, event wrapper.Event) {
		if event.Kind == wrapper.EventRequest {
			requests.Add(fmt.Sprintf("%s %d", event.Operation, event.Status), 1)
		}
	}))
	if err != nil {
		log.Fatal(err)
	}
	for _, err := range client.Pages(context.Background(), "5ea75fe7aa224700012eae40") {
		if err != nil {
			log.Fatal(err)
		}
	}
	fmt.Println(requests)
	// Output: {"listContractActions 200": 2, "token 200": 1}
}

func ExampleError() {
	client, err := wrapper.NewFromEnvironment()
	if err != nil {
		log.Fatal(err)
	}
	for _, err := range client.Actions(context.Background(), "not-mine") {
		var refused *wrapper.Error
		switch {
		case errors.Is(err, wrapper.ErrNotFound) && errors.As(err, &refused):
			fmt.Println(refused.StatusCode, refused.Code)
		case err != nil:
			log.Fatal(err)
		}
	}
	// Output: 404 3110006
}
