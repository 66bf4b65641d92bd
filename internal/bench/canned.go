package main

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strconv"
)

const cannedURL = "http://localhost"

// canned is a transport that answers out of memory: the page by its path and
// number.
type canned map[string][]byte

func newCanned(lists ...listing) canned {
	c := canned{}
	for _, list := range lists {
		for number := 1; number <= list.pages; number++ {
			c[list.path()+"?"+strconv.Itoa(number)] = list.page(cannedURL, number)
		}
	}
	return c
}

func (c canned) RoundTrip(request *http.Request) (*http.Response, error) {
	number := request.URL.Query().Get("page")
	if number == "" {
		number = "1"
	}
	body, ok := c[request.URL.Path+"?"+number]
	if !ok {
		return nil, fmt.Errorf("no page %q of %s", number, request.URL.Path)
	}
	return &http.Response{
		Status:        "200 OK",
		StatusCode:    http.StatusOK,
		Proto:         "HTTP/1.1",
		ProtoMajor:    1,
		ProtoMinor:    1,
		Header:        http.Header{"Content-Type": {"application/json"}},
		Body:          io.NopCloser(bytes.NewReader(body)),
		ContentLength: int64(len(body)),
		Request:       request,
	}, nil
}
