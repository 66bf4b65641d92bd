package sandbox_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"

	"github.com/talkdesk-express/contractactions/api/sandbox"
	"github.com/talkdesk-express/contractactions/gen"
)

// In a test, sandbox.Start(t) does what the first three lines do here.
func Example() {
	server := sandbox.New(sandbox.WithGeneratedAccount(sandbox.DefaultAccountID, 425))
	listening := httptest.NewServer(server)
	defer listening.Close()

	form := url.Values{"grant_type": {"client_credentials"}}
	request, _ := http.NewRequest(http.MethodPost, listening.URL+sandbox.TokenPath, strings.NewReader(form.Encode()))
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.SetBasicAuth(url.QueryEscape(server.ClientID), url.QueryEscape(server.ClientSecret))
	var token struct {
		AccessToken string `json:"access_token"`
	}
	fetch(request, &token)

	request, _ = http.NewRequest(http.MethodGet,
		listening.URL+"/express/accounts/"+sandbox.DefaultAccountID+"/contracts/actions", nil)
	request.Header.Set("Authorization", "Bearer "+token.AccessToken)
	var page gen.ContractActionPage
	fetch(request, &page)

	fmt.Println(*page.Count, "of", *page.Total, "on page", *page.Page, "of", *page.TotalPages)
	fmt.Println("newest:", page.Embedded.ContractActions[0].ID)
	// Output:
	// 50 of 425 on page 1 of 9
	// newest: 123245132556
}

func fetch(request *http.Request, into any) {
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = response.Body.Close() }()
	if err := json.NewDecoder(response.Body).Decode(into); err != nil {
		fmt.Println(response.Status, err)
	}
}
