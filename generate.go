// Package contractactions holds the contract of the Talkdesk Express
// contract actions API: the OpenAPI document that everything else in this
// module is made from.
//
// To call the API, import the package wrapper. To test against it, import
// api/sandbox. This package is for those who want the document itself, for
// example to serve it or to feed it to a validator.
package contractactions

import (
	_ "embed"
	"encoding/json"
	"strings"
)

//go:generate go run github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen --config gen/models.yaml openapi.yaml
//go:generate go run github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen --config gen/client.yaml openapi.yaml
//go:generate go run github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen --config gen/server.yaml openapi.yaml
//go:generate go run ./internal/gendecode openapi.yaml gen
//go:generate go run ./internal/gendocument openapi.yaml gen

//go:embed openapi.yaml
var document string

//go:embed gen/openapi.json
var documentJSON string

//go:embed gen/openapi-open.yaml
var openDocument string

//go:embed gen/openapi-open.json
var openDocumentJSON string

//go:embed gen/sandbox.yaml
var sandboxDocument string

//go:embed gen/sandbox.json
var sandboxDocumentJSON string

// Document returns the OpenAPI document (YAML, UTF-8), byte for byte the file
// openapi.yaml that this module was generated from. Each call returns a copy
// of its own.
func Document() []byte { return []byte(document) }

// DocumentJSON returns the same document as JSON, indented, its keys in the same
// order. Each call returns a copy of its own.
func DocumentJSON() []byte { return []byte(documentJSON) }

// OpenDocument returns the variant of [Document] in which the enumerations of
// responses are open: x-extensible-enum in place of enum. Clients that other
// generators make from it accept values that the contract does not list. Those of
// parameters stay closed. Each call returns a copy of its own.
func OpenDocument() []byte { return []byte(openDocument) }

// OpenDocumentJSON returns [OpenDocument] as JSON.
func OpenDocumentJSON() []byte { return []byte(openDocumentJSON) }

// SandboxDocument returns the variant of [Document] for tools that send requests:
// its only server is the sandbox at a URL such as http://127.0.0.1:8080, and its
// token endpoint and the links in its examples are there, too. Optional parameters
// have no examples, which such tools would send. Each call returns a copy of its own.
func SandboxDocument(url string) []byte { return withSandboxAt(sandboxDocument, url) }

// SandboxDocumentJSON returns [SandboxDocument] as JSON.
func SandboxDocumentJSON(url string) []byte { return withSandboxAt(sandboxDocumentJSON, url) }

// withSandboxAt replaces the URL in a generated document, where it is in double
// quotes. Strings of JSON are strings of YAML, so one way to escape fits both.
func withSandboxAt(document, url string) []byte {
	const generated = `"http://127.0.0.1:8080`
	quoted, _ := json.Marshal(strings.TrimRight(url, "/")) // a string can always be encoded
	return []byte(strings.ReplaceAll(document, generated, strings.TrimSuffix(string(quoted), `"`)))
}
