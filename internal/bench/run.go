package main

import (
	"context"
	"errors"
	"time"
)

// run is one turn of a contestant. It checks for itself that everything came.
type run func(context.Context) (measurement, error)

// readWhole is a run that reads a whole list, a number of times, and works on
// each page: it waits, as for a database.
func readWhole(read reader, base string, list listing, work time.Duration, times int) run {
	want := list.content(base)
	return func(ctx context.Context) (measurement, error) {
		return measure(func() error {
			for range times {
				into := consumer{pageSize: list.size}
				if work > 0 {
					into.eachPage = func() { time.Sleep(work) }
				}
				if err := read(ctx, list, &into); err != nil {
					return err
				}
				if err := into.verify(want); err != nil {
					return err
				}
			}
			return nil
		})
	}
}

// cold is a run of a new client that finds no connection open. It counts the
// connections that it dials.
func cold[R any](at site, open func(base string) (R, error), base string, use func(context.Context, R) (measurement, error)) run {
	return func(ctx context.Context) (measurement, error) {
		read, err := open(base)
		if err != nil {
			return measurement{}, err
		}
		if err := at.disconnect(); err != nil {
			return measurement{}, err
		}
		before, err := at.dials()
		if err != nil {
			return measurement{}, err
		}
		took, err := use(ctx, read)
		if err != nil {
			return took, err
		}
		after, err := at.dials()
		took.dials = after - before
		if err == nil && took.dials == 0 {
			err = errors.New("it did not dial")
		}
		return took, err
	}
}
