package main

import (
	"fmt"
	"net/http"
	"slices"
	"time"
)

const sceneListing = "whole listing"

// The rows that targets are about.
var (
	plainListing = listingName(conditions{}, 0)
	busyListing  = listingName(conditions{latency: 5 * time.Millisecond}, 10*time.Millisecond)
)

// listingCells compare reading a whole list, page after page over warm
// connections, under latency and with work on each page.
func listingCells(settings settings) ([]cell, error) {
	const ms = time.Millisecond
	var cells []cell
	for _, row := range []struct {
		conditions
		work  time.Duration
		times int // per run, to make it long enough to measure
	}{
		{conditions{pages: 200, size: 50}, 0, 5},
		{conditions{pages: 200, size: 50, gzip: true}, 0, 2},
		{conditions{pages: 100, size: 50}, 1 * ms, 1},
		{conditions{pages: 20, size: 50}, 10 * ms, 1},
		{conditions{pages: 50, size: 50, latency: 5 * ms}, 0, 1},
		{conditions{pages: 50, size: 50, latency: 5 * ms}, 1 * ms, 1},
		{conditions{pages: 200, size: 50, latency: 5 * ms}, 10 * ms, 1},
		{conditions{pages: 8, size: 50, latency: 50 * ms}, 0, 1},
		{conditions{pages: 8, size: 50, latency: 50 * ms}, 1 * ms, 1},
		{conditions{pages: 8, size: 50, latency: 50 * ms}, 10 * ms, 1},
	} {
		row.pages = settings.fewer(row.pages)
		cell, err := listingCell(settings.server, row.conditions, row.work, row.times)
		if err != nil {
			return nil, err
		}
		cells = append(cells, cell)
	}
	return cells, nil
}

func listingCell(server *server, conditions conditions, work time.Duration, times int) (cell, error) {
	at, err := server.open(plainHTTP1)
	if err != nil {
		return cell{}, err
	}
	name := listingName(conditions, work)
	row := cell{scene: sceneListing, name: name, pages: times * conditions.pages, reference: nameFloor, close: at.close}
	clients := append(peers(defaultTransport), ours(nameOurs, at))
	if name == plainListing {
		clients = append(clients, client{name: nameBusyFloor, open: func(base string) (reader, error) {
			return newBusyFloor(base, &http.Client{Transport: defaultTransport()})
		}})
	}
	if work > 0 || conditions.latency > 0 {
		// They all wait for one page after the other; one of them is enough.
		clients = slices.DeleteFunc(clients, func(c client) bool { return c.name == nameByHand || c.name == nameStock })
	}
	for _, each := range clients {
		read, err := each.open(at.base(conditions))
		if err != nil {
			return cell{}, err
		}
		row.contestants = append(row.contestants, contestant{each.name, readWhole(read, at.base(conditions), conditions.list(1), work, times)})
	}
	return row, nil
}

func listingName(c conditions, work time.Duration) string {
	name := fmt.Sprintf("%d ms latency, %d ms work", c.latency.Milliseconds(), work.Milliseconds())
	if c.gzip {
		name += ", gzip"
	}
	return name
}
