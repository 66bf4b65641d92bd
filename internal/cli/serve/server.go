package serve

import (
	"context"
	"log"
	"net"
	"net/http"
	"time"
)

// maxHeaderSize is in bytes, to which net/http adds 4096. An access token takes
// one or two kilobytes.
const maxHeaderSize = 64 << 10

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
