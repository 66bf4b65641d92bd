package serve

import (
	"context"
	"errors"
	"log"
	"net"
	"net/http"
	"time"
)

// maxHeaderSize is in bytes, to which net/http adds 4096. An access token takes
// one or two kilobytes.
const maxHeaderSize = 64 << 10

// endpoint is an address and what is there.
type endpoint struct {
	listener net.Listener
	handler  http.Handler
}

// serveAll serves requests until the context is done or one of the endpoints fails.
func serveAll(ctx context.Context, endpoints []endpoint, errorLog *log.Logger) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	ended := make(chan error)
	for _, e := range endpoints {
		go func() { ended <- serveUntilDone(ctx, e.listener, e.handler, errorLog) }()
	}
	var err error
	for range endpoints {
		err = errors.Join(err, <-ended)
		cancel()
	}
	return err
}

// serveUntilDone serves requests until the context is done, and then waits for
// those in progress.
func serveUntilDone(ctx context.Context, listener net.Listener, handler http.Handler, errorLog *log.Logger) error {
	server := &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       30 * time.Second,
		WriteTimeout:      10 * time.Minute, // which includes latency and the delays of faults
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    maxHeaderSize,
		ErrorLog:          errorLog,
	}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	if err := server.Shutdown(grace); err != nil {
		return server.Close()
	}
	return nil
}
