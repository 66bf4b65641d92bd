package api_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"

	"github.com/talkdesk-express/contractactions/api"
	"github.com/talkdesk-express/contractactions/api/sandbox"
)

// Serve the document and its page below a prefix of an existing server.
func ExampleHandler() {
	mux := http.NewServeMux()
	mux.Handle("/contract/", http.StripPrefix("/contract", api.Handler()))
	server := httptest.NewServer(mux)
	defer server.Close()

	response, err := http.Get(server.URL + "/contract/openapi.yaml")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = response.Body.Close() }()
	beginning := make([]byte, len("openapi: 3"))
	_, err = io.ReadFull(response.Body, beginning)
	fmt.Println(response.Status, string(beginning), err)
	// Output: 200 OK openapi: 3 <nil>
}

// Serve a documentation page on which requests can be tried without an account.
func ExampleWithSandbox() {
	service := sandbox.New()
	server := httptest.NewServer(api.Handler(api.WithSandbox(service)))
	defer server.Close()

	response, err := http.Get(server.URL + "/docs")
	if err != nil {
		fmt.Println(err)
		return
	}
	_ = response.Body.Close()
	fmt.Println(response.Status)
	fmt.Println("authorize as", service.ClientID, "with", len(service.ClientSecret), "characters of secret")
	// Output:
	// 200 OK
	// authorize as sandbox-client with 26 characters of secret
}
