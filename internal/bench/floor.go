package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"
)

// newFloor returns what no client can be faster than, as long as it asks for
// one page after the other: it knows every page's address, and throws away
// what comes.
func newFloor(base string, client *http.Client) (reader, error) {
	return func(ctx context.Context, list listing, into *consumer) error {
		for number := range list.pages {
			size, err := getAndDiscard(ctx, client, base+list.path()+"?page="+strconv.Itoa(number+1))
			if err != nil {
				return err
			}
			if !into.page(size) {
				return nil
			}
		}
		return nil
	}, nil
}

// newBusyFloor returns the floor with a program around it that computes for
// 20 µs before it asks for the next page: what our decoder takes for one of 50
// where nothing else happens.
func newBusyFloor(base string, client *http.Client) (reader, error) {
	read, err := newFloor(base, client)
	return func(ctx context.Context, list listing, into *consumer) error {
		into.eachPage = func() {
			for start := time.Now(); time.Since(start) < 20*time.Microsecond; {
			}
		}
		return read(ctx, list, into)
	}, err
}

func getAndDiscard(ctx context.Context, client *http.Client, url string) (size int64, err error) {
	response, err := get(ctx, client, url)
	if err != nil {
		return 0, err
	}
	defer response.Body.Close()
	return io.Copy(io.Discard, response.Body)
}

// get sends an authenticated request. The caller closes the body.
func get(ctx context.Context, client *http.Client, url string) (*http.Response, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, err
	}
	request.Header.Set("Authorization", "Bearer "+bearer)
	response, err := client.Do(request)
	if err != nil {
		return nil, err
	}
	if response.StatusCode != http.StatusOK {
		response.Body.Close()
		return nil, fmt.Errorf("GET %s: %s", url, response.Status)
	}
	return response, nil
}
