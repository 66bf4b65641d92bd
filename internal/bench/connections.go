package main

import (
	"net"
	"net/http"
	"sync"
)

// connections counts those accepted and knows those that are open.
type connections struct {
	mu    sync.Mutex
	count int
	open  map[net.Conn]bool
}

func (c *connections) note(connection net.Conn, state http.ConnState) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch state {
	case http.StateNew:
		if c.open == nil {
			c.open = map[net.Conn]bool{}
		}
		c.count++
		c.open[connection] = true
	case http.StateClosed, http.StateHijacked:
		delete(c.open, connection)
	}
}

func (c *connections) accepted() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.count
}

func (c *connections) close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for connection := range c.open {
		connection.Close()
	}
}
