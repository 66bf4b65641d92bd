package main

import (
	"context"
	"errors"
	"time"
)

const (
	sceneFirst = "time to first action"
	firstTLS   = "cold, TLS HTTP/1.1"
)

// firstCells compare how long a new client takes from no connection to the
// first contract action: dial, shake hands, get a page, decode it. All have
// their token; what a request for it adds is a contestant of its own.
func firstCells(settings settings) ([]cell, error) {
	at, err := settings.server.open(tlsHTTP1)
	if err != nil {
		return nil, err
	}
	conditions := conditions{pages: 2, size: 50}
	base, list := at.base(conditions), conditions.list(1)

	row := cell{scene: sceneFirst, name: firstTLS, pages: 1, reference: nameFloor, close: at.close}
	for _, each := range append(peers(defaultTransport), oursWith(nameOurs, givenToken), ours(nameOursToken, at)) {
		one := cold(at, each.open, base, func(ctx context.Context, read reader) (measurement, error) {
			return readFirst(ctx, read, list)
		})
		row.contestants = append(row.contestants, contestant{each.name, average(one, settings.fewer(40))})
	}
	return []cell{row}, nil
}

// readFirst stops the clock at the first contract action: what follows, such
// as leaving the loop, is not part of it.
func readFirst(ctx context.Context, read reader, list listing) (measurement, error) {
	into := consumer{onlyOne: true}
	start := time.Now()
	if err := read(ctx, list, &into); err != nil {
		return measurement{}, err
	}
	if into.first.IsZero() {
		return measurement{}, errors.New("nothing came")
	}
	return measurement{duration: into.first.Sub(start)}, nil
}

func average(one run, times int) run {
	return func(ctx context.Context) (total measurement, err error) {
		for range times {
			took, err := one(ctx)
			if err != nil {
				return total, err
			}
			total.duration += took.duration / time.Duration(times)
		}
		return total, nil
	}
}
