package main

import (
	"context"
	"fmt"
	"net/http"
	"slices"
)

const sceneFanOut = "fan-out"

// fanOutCells compare reading the lists of many accounts, with many workers
// that share one client; ours has ActionsOf for it. Every run begins cold, as a
// batch job does: a new client, no connection, no token.
//
// What the transport does to all clients alike is not held against the others:
// they get one that keeps a connection for each worker. Ours is on the one it
// comes with, and once more on http.DefaultTransport, for the difference.
func fanOutCells(settings settings) ([]cell, error) {
	var cells []cell
	for _, protocol := range []string{plainHTTP1, tlsHTTP1, tlsHTTP2} {
		for _, workers := range []int{8, 64, 256} {
			row, err := fanOutCell(settings, protocol, workers)
			if err != nil {
				return nil, err
			}
			cells = append(cells, row)
		}
	}
	return cells, nil
}

func fanOutCell(settings settings, protocol string, workers int) (cell, error) {
	at, err := settings.server.open(protocol)
	if err != nil {
		return cell{}, err
	}
	accounts := settings.fewer(1000)
	conditions := conditions{pages: 3, size: 50, together: min(workers, accounts)}
	base, lists := at.base(conditions), conditions.lists(accounts)
	want := contents(lists, base)

	row := cell{
		scene:     sceneFanOut,
		name:      fanOutName(protocol, workers),
		pages:     len(lists) * conditions.pages,
		reference: nameFloor,
		close:     at.close,
	}
	tuned := func() http.RoundTripper {
		transport := defaultTransport().(*http.Transport)
		transport.MaxIdleConns, transport.MaxIdleConnsPerHost = 0, workers
		return &tokenFirst{next: transport, url: at.tokenURL()}
	}
	clients := append(peers(tuned), ours(nameOurs, at), ours(nameOursDefault, at, onDefaultTransport()))
	if workers != 64 {
		// For the time it takes, all of them meet at one number of workers only.
		clients = slices.DeleteFunc(clients, func(c client) bool {
			return c.name == nameByHand || c.name == nameStock || c.name == nameOursDefault
		})
	}
	for _, each := range clients {
		run := cold(at, each.many, base, func(ctx context.Context, read readerOfMany) (measurement, error) {
			return measure(func() error { return read.whole(ctx, lists, workers, want) })
		})
		row.contestants = append(row.contestants, contestant{each.name, run})
	}
	return row, nil
}

func fanOutName(protocol string, workers int) string {
	return fmt.Sprintf("%d workers, %s", workers, protocol)
}
