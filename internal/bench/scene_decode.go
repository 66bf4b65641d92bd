package main

import (
	"context"
	"fmt"
	"net/http"

	"github.com/talkdesk-express/contractactions/wrapper"
)

const sceneDecode = "decode"

var decodeListings = []listing{
	{account: 1, pages: 400, size: 50},
	{account: 1, pages: 400, size: 50, milliseconds: true},
	{account: 1, pages: 20, size: 1000},
	{account: 1, pages: 20, size: 1000, milliseconds: true},
}

// decodeCells compare the time to decode contract actions. All are measured
// through their clients, since a caller waits for what a client checks as well,
// over a transport that answers at once out of memory: a list of full pages,
// less a list of as many pages without contract actions. What remains is reading,
// decoding and checking the contract actions.
func decodeCells(settings settings) ([]cell, error) {
	var cells []cell
	for _, full := range decodeListings {
		full.pages = settings.fewer(full.pages)
		empty := listing{account: 2, pages: full.pages}
		transport := newCanned(full, empty)

		row := cell{scene: sceneDecode, name: decodeName(full), pages: full.pages, reference: nameOurs}
		decoders := peers(func() http.RoundTripper { return transport })[1:] // the floor decodes nothing
		for _, each := range append(decoders, oursInProcess(transport)) {
			read, err := each.open(cannedURL)
			if err != nil {
				return nil, err
			}
			run := difference(readWhole(read, cannedURL, full, 0, 1), readWhole(read, cannedURL, empty, 0, 1))
			row.contestants = append(row.contestants, contestant{each.name, run})
		}
		cells = append(cells, row)
	}
	return cells, nil
}

func decodeName(list listing) string {
	if list.milliseconds {
		return fmt.Sprintf("a page of %d, with milliseconds", list.size)
	}
	return fmt.Sprintf("a page of %d", list.size)
}

// oursInProcess does not read ahead: a second goroutine would hide work.
func oursInProcess(transport http.RoundTripper) client {
	return client{name: nameOurs, open: func(base string) (reader, error) {
		opened, err := wrapper.New("", givenToken, wrapper.WithBaseURL(base), wrapper.WithHTTPClient(&http.Client{Transport: transport}))
		return readWith(opened, wrapper.NoPrefetch()), err
	}}
}

func difference(more, less run) run {
	return func(ctx context.Context) (measurement, error) {
		a, err := more(ctx)
		if err != nil {
			return a, err
		}
		b, err := less(ctx)
		a.duration -= b.duration
		a.allocations -= b.allocations
		return a, err
	}
}
