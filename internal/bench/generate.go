package main

//go:generate go run github.com/ogen-go/ogen/cmd/ogen@v1.24.0 --config ogen.yaml --target ogenclient --package ogenclient --clean ../../openapi.yaml
