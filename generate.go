// Package contractactions holds the contract of the Talkdesk Express
// contract actions API: the OpenAPI document that everything else in this
// module is made from.
//
// To call the API, import the package wrapper. To test against it, import
// api/sandbox. This package is for those who want the document itself, for
// example to serve it or to feed it to a validator.
package contractactions

import _ "embed"

//go:generate go run github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen --config gen/models.yaml openapi.yaml
//go:generate go run github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen --config gen/client.yaml openapi.yaml
//go:generate go run github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen --config gen/server.yaml openapi.yaml
//go:generate go run ./internal/gendecode openapi.yaml gen

//go:embed openapi.yaml
var document string

//go:embed gen/openapi.json
var documentJSON string

// Document returns the OpenAPI document (YAML, UTF-8), byte for byte the file
// openapi.yaml that this module was generated from. Each call returns a copy
// of its own.
func Document() []byte { return []byte(document) }

// DocumentJSON returns the same document as JSON, indented, its keys in the same
// order. Each call returns a copy of its own.
func DocumentJSON() []byte { return []byte(documentJSON) }
