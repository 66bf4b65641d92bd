package main

import (
	"context"
	"fmt"
	"os"
	"testing"
)

// running is the server's process of all tests.
var running *server

// TestMain is also the server's process, which the tests start like the
// program does.
func TestMain(m *testing.M) {
	if len(os.Args) == 2 && os.Args[1] == "serve" {
		if err := dispatch(context.Background(), os.Args[1:]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	var err error
	if running, err = startServer(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := m.Run()
	if err := running.stop(); err != nil {
		fmt.Fprintln(os.Stderr, "the server:", err)
		code = 1
	}
	os.Exit(code)
}

// open returns a site that is there until the test ends.
func open(t *testing.T, protocol string) site {
	t.Helper()
	at := must(running.open(protocol))
	t.Cleanup(func() {
		if err := at.close(); err != nil {
			t.Error(err)
		}
	})
	return at
}

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}
