// Package control lets tests in any language change a running sandbox over HTTP and
// read the requests that it has received. The server is generated from control.yaml.
package control

//go:generate go run github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen --config server.yaml control.yaml
