package wrapper_test

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

func connectionFaults() []faultGroup {
	goodHead := head(200, "Content-Type: application/json", "Content-Length: 1000")
	halfHead := goodHead[:len(goodHead)/2]
	noAnswer := unanswered("no response from ", nil)

	sockets := append(anyPage(
		family{fault{situation: "The connection is reset before the answer", want: noAnswer}, resets("")},
		family{fault{situation: "The connection is reset inside the header block", want: noAnswer}, resets(halfHead)},
		family{fault{situation: "The connection is reset after the header block", want: brokenOff(nil)}, resets(goodHead)},
		family{fault{situation: "The connection is reset inside the body", want: brokenOff(nil)}, resets(goodHead + firstPage[:500])},
		family{fault{situation: "The connection is closed before the answer", want: noAnswer}, writes("")},
		family{fault{situation: "The connection is closed inside the header block", want: noAnswer}, writes(halfHead)},
		family{fault{situation: "The connection is closed after the header block", want: brokenOff(io.ErrUnexpectedEOF)}, writes(goodHead)},
		family{fault{situation: "The connection is closed inside the body", want: brokenOff(io.ErrUnexpectedEOF)}, writes(goodHead + firstPage[:500])},
	),
		fault{
			situation: "A connection that was kept open is closed while nobody uses it", keepAlive: true,
			actions: []script{hangsUp(response200(firstPage)), good}, want: whole(2),
		},
		fault{
			situation: "A connection that was kept open is closed in answer to the next request", keepAlive: true,
			actions: []script{good, hangsUp(""), good}, want: whole(3),
		},
		fault{
			situation: "A connection that was kept open is reset in answer to the next request", keepAlive: true,
			actions: []script{good, resets(""), good}, want: whole(3),
		},
	)
	streams := anyPage(
		family{fault{situation: "The stream is reset before the answer", want: noAnswer}, writes("")},
		family{fault{situation: "The stream is reset inside the body", want: brokenOff(nil)}, writes(goodHead + firstPage[:500])},
	)
	nobody := fault{
		situation: "Nobody listens at the address", network: refusing,
		want: outcome{failure: "*Error", says: "no response from ", attempts: 4},
	}
	return []faultGroup{
		{title: "The connection", note: "The cause of a connection's failure is in the error, in the operating system's words.", rows: append(over(loopback, sockets), nobody)},
		{title: "The connection in HTTP/2", rows: over(overHTTP2, streams)},
		{title: "Answers cut short", rows: cuts()},
		{title: "Answers that take too long", rows: delays()},
	}
}

// brokenOff is the outcome of bodies that always end too early.
func brokenOff(cause error) outcome {
	want := unanswered("200 OK: the body is incomplete", cause)
	want.status = 200
	return want
}

// family is a fault, with what the caller gets if it lasts.
type family struct {
	lasting fault
	bad     script
}

// lastingAndPassing are faults that happen to all requests, then the same to
// the first request only.
func lastingAndPassing(all ...family) []fault {
	var lasting, passing []fault
	for _, family := range all {
		row := family.lasting
		row.actions = []script{family.bad}
		lasting = append(lasting, row)
		row.when, row.actions, row.want = once, []script{family.bad, good}, whole(3)
		passing = append(passing, row)
	}
	return append(lasting, passing...)
}

// anyPage are faults as in lastingAndPassing, then the same to all requests
// for the second page.
func anyPage(all ...family) []fault {
	rows := lastingAndPassing(all...)
	for _, family := range all {
		row := family.lasting
		row.when, row.actions = fromSecondPage, []script{good, family.bad}
		row.want.requests++
		row.want.delivered += firstPageActions
		rows = append(rows, row)
	}
	return rows
}

// over runs the rows over another network.
func over(network network, rows []fault) []fault {
	for i := range rows {
		rows[i].network = network
	}
	return rows
}

// cuts are the good answer, closed after every tenth byte.
func cuts() []fault {
	goodHead := head(200, "Content-Type: application/json", fmt.Sprintf("Content-Length: %d", len(firstPage)))
	everyTenth := func(situation, before, text string, want outcome) (all []family) {
		for position := 0; position < len(text); position += 10 {
			all = append(all, family{fault{situation: situation, variant: fmt.Sprint(position), want: want}, writes(before + text[:position])})
		}
		return all
	}
	untilClosed := "HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n"
	return slices.Concat(
		lastingAndPassing(slices.Concat(
			everyTenth("The header block ends after so many bytes", "", goodHead, unanswered("no response from ", nil)),
			everyTenth("The body ends after so many bytes", goodHead, firstPage, brokenOff(io.ErrUnexpectedEOF)),
			everyTenth("The chunked body ends after so many bytes", head(200, "Transfer-Encoding: chunked"), chunked(firstPage), brokenOff(nil)),
		)...),
		[]fault{{
			situation: "The body has no stated length and ends in the middle", actions: []script{writes(untilClosed + firstPage[:500])},
			want: brokenOff(io.ErrUnexpectedEOF),
		}, {
			situation: "The body has no stated length and does not begin", actions: []script{writes(untilClosed)},
			want: brokenOff(io.ErrUnexpectedEOF),
		}, {
			situation: "The body has no stated length and is whole", actions: []script{writes(untilClosed + firstPage), good}, want: whole(2),
		}},
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

func delays() []fault {
	goodHead := head(200, "Content-Type: application/json", "Content-Length: 1000")
	late := func(want outcome) outcome { want.cause = context.DeadlineExceeded; return want }
	noAnswer := late(unanswered("no response from localhost within 1m0s", nil))
	rows := anyPage(
		family{fault{situation: "There is no answer", want: noAnswer}, stalls("")},
		family{fault{situation: "The header block stops", want: noAnswer}, stalls(goodHead[:30])},
		family{fault{situation: "The body does not begin", want: late(brokenOff(nil))}, stalls(goodHead)},
		family{fault{situation: "The body stops", want: late(brokenOff(nil))}, stalls(goodHead + firstPage[:500])},
		family{fault{situation: "The header block comes by a byte in ten seconds", want: noAnswer}, trickles("", goodHead, 10*time.Second)},
		family{fault{situation: "The body comes by a byte in ten seconds", want: late(brokenOff(nil))}, trickles(goodHead, firstPage, 10*time.Second)},
	)
	deadline := late(unanswered("context deadline exceeded", nil))
	deadline.attempts, deadline.requests = 1, 1
	return append(rows,
		fault{
			situation: "All of it comes slowly, but within a minute",
			actions:   []script{trickles("", response200(firstPage), 10*time.Millisecond), trickles("", response200(secondPage), 10*time.Millisecond)},
			want:      whole(2),
		},
		fault{situation: "There is no answer before the caller's own deadline", deadline: 10 * time.Second, actions: []script{stalls("")}, want: deadline},
	)
}
