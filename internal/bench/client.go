package main

import (
	"context"
	"net/http"
)

// bearer is the token that the server issues and asks for.
const bearer = "benchmark"

// reader reads a whole list into a consumer.
type reader func(ctx context.Context, list listing, into *consumer) error

// client is one of those compared: its name in the tables, and how to make a
// new one for the lists at base, with connections of its own.
type client struct {
	name     string
	open     func(base string) (reader, error)
	openMany func(base string) (readerOfMany, error) // nil: workers share what open returns
}

// The names of the clients. The first is the floor beneath the others.
const (
	nameFloor       = "bare net/http"
	nameByHand      = "encoding/json by hand"
	nameStock       = "stock oapi-codegen"
	nameOgen        = "ogen"
	nameBusyFloor   = "bare net/http, and 20 µs a page"
	nameLibraries   = "the libraries of ours, without it"
	nameOurs        = "ours"
	nameOursDefault = "ours on http.DefaultTransport"
	nameOursToken   = "ours with the token request"
)

// peers are all clients but ours, on the transports given.
func peers(newTransport func() http.RoundTripper) []client {
	peer := func(name string, open func(string, *http.Client) (reader, error)) client {
		return client{name: name, open: func(base string) (reader, error) {
			return open(base, &http.Client{Transport: newTransport()})
		}}
	}
	return []client{
		peer(nameFloor, newFloor),
		peer(nameByHand, newByHand),
		peer(nameStock, newStock),
		peer(nameOgen, newOgen),
	}
}

// defaultTransport is what http.DefaultTransport is, shared with nobody.
func defaultTransport() http.RoundTripper {
	return http.DefaultTransport.(*http.Transport).Clone()
}
