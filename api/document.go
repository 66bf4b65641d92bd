package api

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"sync"

	"github.com/talkdesk-express/contractactions"
	"github.com/talkdesk-express/contractactions/api/sandbox"
)

const (
	yamlType = "application/yaml"
	jsonType = "application/json"
)

// documents maps the addresses of documents to their handlers: each has one for
// its latest version, and one that stays with this version.
func documents(service http.Handler) map[string]http.Handler {
	byName := maps.Clone(fixedDocuments())
	if service != nil {
		byName["sandbox.yaml"] = sandboxDocument(service, yamlType, contractactions.SandboxDocument)
		byName["sandbox.json"] = sandboxDocument(service, jsonType, contractactions.SandboxDocumentJSON)
	}
	byAddress := make(map[string]http.Handler)
	for name, handler := range byName {
		byAddress["/"+name] = handler
		byAddress["/v"+version()+"/"+name] = handler
	}
	return byAddress
}

// fixedDocuments are the documents that are the same at every address.
var fixedDocuments = sync.OnceValue(func() map[string]http.Handler {
	return map[string]http.Handler{
		"openapi.yaml":      newContent(yamlType, contractactions.Document()),
		"openapi.json":      newContent(jsonType, contractactions.DocumentJSON()),
		"openapi-open.yaml": newContent(yamlType, contractactions.OpenDocument()),
		"openapi-open.json": newContent(jsonType, contractactions.OpenDocumentJSON()),
	}
})

// version is the info.version of the document.
var version = sync.OnceValue(func() string {
	var document struct{ Info struct{ Version string } }
	if err := json.Unmarshal(contractactions.DocumentJSON(), &document); err != nil {
		panic(fmt.Sprintf("api: gen/openapi.json: %v", err))
	}
	return document.Info.Version
})

// sandboxDocument serves a document whose server is the sandbox, at the address
// that the client uses.
func sandboxDocument(service http.Handler, mediaType string, document func(url string) []byte) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		newContent(mediaType, document(sandboxURL(service, r))).ServeHTTP(w, r)
	})
}

// sandboxURL returns the URL at which the client that sent a request reaches the
// sandbox.
func sandboxURL(service http.Handler, r *http.Request) string {
	if replaceable, ok := service.(interface{ Server() *sandbox.Server }); ok {
		service = replaceable.Server()
	}
	if server, ok := service.(*sandbox.Server); ok && server.URL != "" {
		return server.URL
	}
	return sandbox.RequestOrigin(r) + prefix(r)
}

// prefix returns what [http.StripPrefix] has removed from the path of a request.
func prefix(r *http.Request) string {
	target, err := url.ParseRequestURI(r.RequestURI)
	if err != nil {
		return "" // no http.Server has received it
	}
	if before, ok := strings.CutSuffix(target.EscapedPath(), r.URL.EscapedPath()); ok {
		return before
	}
	return ""
}
