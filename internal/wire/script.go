package wire

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"
)

// Response returns an answer as it goes over the wire. Fields come before the usual
// ones, the type of JSON and the length, and replace those of the same name.
func Response(status int, body string, fields ...string) string {
	usual := []string{"Content-Type: application/json", fmt.Sprintf("Content-Length: %d", len(body))}
	for _, field := range usual {
		name, _, _ := strings.Cut(field, ":")
		if !strings.Contains(strings.Join(fields, "\n"), name+":") {
			fields = append(fields, field)
		}
	}
	return Head(status, fields...) + body
}

// Head returns a status line and a header block.
func Head(status int, fields ...string) string {
	return fmt.Sprintf("HTTP/1.1 %d %s\r\n%s\r\n\r\n", status, http.StatusText(status), strings.Join(fields, "\r\n"))
}

// Writes answers with these bytes.
func Writes(text string) Script {
	return func(c *Conversation) { io.WriteString(c, text) }
}

// Floods answers with these bytes, and then with as many more.
func Floods(text string, more int) Script {
	return func(c *Conversation) {
		const some = 10_000
		_, err := io.WriteString(c, text)
		for left := more; left > 0 && err == nil; left -= some {
			_, err = io.WriteString(c, strings.Repeat("x", some))
		}
	}
}

// HangsUp answers with these bytes and closes the connection, even a kept one.
func HangsUp(text string) Script {
	return func(c *Conversation) {
		io.WriteString(c, text)
		c.Close()
	}
}

// Resets answers with these bytes and resets the connection, which is to be one of
// [Loopback]. The client has read them by then: a reset overtakes what is under way.
func Resets(text string) Script {
	return func(c *Conversation) {
		if text != "" {
			io.WriteString(c, text)
			<-c.Heard
		}
		c.Conn.(*net.TCPConn).SetLinger(0)
		c.Close()
	}
}

// Stalls answers with these bytes and then nothing, until the client goes.
func Stalls(text string) Script {
	return func(c *Conversation) {
		io.WriteString(c, text)
		io.Copy(io.Discard, c)
	}
}

// Trickles answers with these bytes, and then with one after each pause.
func Trickles(text, rest string, pause time.Duration) Script {
	return func(c *Conversation) {
		_, err := io.WriteString(c, text)
		for i := 0; i < len(rest) && err == nil; i++ {
			time.Sleep(pause)
			_, err = io.WriteString(c, rest[i:i+1])
		}
	}
}
