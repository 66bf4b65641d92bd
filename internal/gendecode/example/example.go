// Package example is generated from a document with two lists that has all that
// internal/gendecode distinguishes. Its tests compare the result with
// encoding/json.
package example

//go:generate go run github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen --config models.yaml openapi.yaml
//go:generate go run .. openapi.yaml .
