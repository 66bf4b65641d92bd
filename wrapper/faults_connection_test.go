package wrapper_test

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/talkdesk-express/contractactions/internal/wire"
)

var (
	noResponse = unanswered("no response from ", nil)
	pageHead   = wire.Head(200, "Content-Type: application/json", "Content-Length: 1000")
)

func connectionFaults() []faultGroup {
	halfHead := pageHead[:len(pageHead)/2]
	sockets := append(alsoLater(
		always("The connection is reset before the response", wire.Resets(""), noResponse),
		always("The connection is reset inside the header block", wire.Resets(halfHead), noResponse),
		always("The connection is reset after the header block", wire.Resets(pageHead), incompleteBody(nil)),
		always("The connection is reset inside the body", wire.Resets(pageHead+firstPage[:500]), incompleteBody(nil)),
		always("The connection is closed before the response", wire.Writes(""), noResponse),
		always("The connection is closed inside the header block", wire.Writes(halfHead), noResponse),
		always("The connection is closed after the header block", wire.Writes(pageHead), incompleteBody(io.ErrUnexpectedEOF)),
		always("The connection is closed inside the body", wire.Writes(pageHead+firstPage[:500]), incompleteBody(io.ErrUnexpectedEOF)),
	),
		kept("A kept connection is closed while it is idle", whole(2), wire.HangsUp(response200(firstPage)), good),
		kept("A kept connection is closed in response to the next request", whole(3), good, wire.HangsUp(""), good),
		kept("A kept connection is reset in response to the next request", whole(3), good, wire.Resets(""), good),
	)
	refusing := fault{
		situation: "The connection is refused", network: wire.Refusing,
		want: outcome{failure: "*Error", says: "no response from ", attempts: 4},
	}
	streams := alsoLater(
		always("The stream is reset before the response", wire.Writes(""), noResponse),
		always("The stream is reset inside the body", wire.Writes(pageHead+firstPage[:500]), incompleteBody(nil)),
	)
	none := always("No fault", good, whole(2))
	return []faultGroup{
		{title: "The connection", note: "The error contains the cause, in the operating system's words.", rows: append(over(wire.Loopback, append(sockets, none)...), refusing)},
		{title: "The connection in HTTP/2", rows: over(wire.OverHTTP2, append(streams, none)...)},
		{title: "Truncated responses", rows: truncations()},
		{title: "Slow responses", rows: delays()},
	}
}

// kept is a row with several requests on one connection.
func kept(situation string, want outcome, actions ...wire.Script) fault {
	return fault{situation: situation, keepAlive: true, actions: actions, want: want}
}

// everyTenth are rows for a response that is closed after every tenth byte of
// the text.
func everyTenth(situation, before, text string, want outcome) (rows []fault) {
	for position := 0; position < len(text); position += 10 {
		row := refused(situation, before+text[:position], want)
		row.unlisted = strconv.Itoa(position)
		rows = append(rows, row)
	}
	return rows
}

func truncations() []fault {
	goodHead := wire.Head(200, "Content-Type: application/json", fmt.Sprintf("Content-Length: %d", len(firstPage)))
	untilClosed := "HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n"
	return append(
		alsoOnce(slices.Concat(
			everyTenth("The header block ends after 0, 10, 20, … bytes", "", goodHead, noResponse),
			everyTenth("The body ends after 0, 10, 20, … bytes", goodHead, firstPage, incompleteBody(io.ErrUnexpectedEOF)),
			everyTenth("The chunked body ends after 0, 10, 20, … bytes", wire.Head(200, "Transfer-Encoding: chunked"), chunked(firstPage), incompleteBody(nil)),
		)...),
		refused("A body without a stated length ends in the middle", untilClosed+firstPage[:500], incompleteBody(io.ErrUnexpectedEOF)),
		refused("A body without a stated length is empty", untilClosed, incompleteBody(io.ErrUnexpectedEOF)),
		accepted("A body without a stated length is whole", untilClosed+firstPage),
	)
}

// chunked is the body in chunks of fifty bytes.
func chunked(body string) string {
	var text strings.Builder
	for chunk := range slices.Chunk([]byte(body), 50) {
		fmt.Fprintf(&text, "%x\r\n%s\r\n", len(chunk), chunk)
	}
	return text.String() + "0\r\n\r\n"
}

// timedOut is the outcome of an attempt that takes too long.
func timedOut(want outcome) outcome {
	want.cause = context.DeadlineExceeded
	return want
}

func delays() []fault {
	noResponse := timedOut(unanswered("no response from localhost within 1m0s", nil))
	deadline := timedOut(unrepeated(0, "context deadline exceeded"))
	return append(
		alsoLater(
			always("No response", wire.Stalls(""), noResponse),
			always("The header block stops", wire.Stalls(pageHead[:30]), noResponse),
			always("The body does not begin", wire.Stalls(pageHead), timedOut(incompleteBody(nil))),
			always("The body stops", wire.Stalls(pageHead+firstPage[:500]), timedOut(incompleteBody(nil))),
			always("The header block arrives at one byte per 10 seconds", wire.Trickles("", pageHead, 10*time.Second), noResponse),
			always("The body arrives at one byte per 10 seconds", wire.Trickles(pageHead, firstPage, 10*time.Second), timedOut(incompleteBody(nil))),
		),
		fault{
			situation: "The whole response arrives slowly, but within a minute",
			actions:   []wire.Script{wire.Trickles("", response200(firstPage), 10*time.Millisecond), wire.Trickles("", response200(secondPage), 10*time.Millisecond)},
			want:      whole(2),
		},
		fault{situation: "No response before the caller's own deadline", deadline: 10 * time.Second, actions: []wire.Script{wire.Stalls("")}, want: deadline},
	)
}
