package main

import (
	"fmt"
	"io"
	"net/http"
	"sync"
)

// tokenFirst requests a token before it sends anything else, over the same
// connections, as the program around every client has to.
type tokenFirst struct {
	next http.RoundTripper
	url  string
	once sync.Once
	err  error
}

func (t *tokenFirst) RoundTrip(request *http.Request) (*http.Response, error) {
	t.once.Do(func() { t.err = t.requestToken() })
	if t.err != nil {
		return nil, t.err
	}
	return t.next.RoundTrip(request)
}

func (t *tokenFirst) requestToken() error {
	response, err := (&http.Client{Transport: t.next}).Post(t.url, "application/x-www-form-urlencoded", nil)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("token endpoint: %s", response.Status)
	}
	_, err = io.Copy(io.Discard, response.Body)
	return err
}
