package sandbox

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"sync"
	"time"
)

// Fault spoils one answer. Its fields can be combined; the zero value spoils
// nothing, which lets an answer pass between two faults.
type Fault struct {
	// Status replaces the answer's status, and with it the body by Body. Zero
	// leaves the status as it is. With another value the request is not
	// carried out: no token is issued for example.
	Status int

	// Header is added to the answer and replaces what the answer has under
	// the same name. A nil value removes the header. Content-Length cannot be
	// changed: it is always the length of the body.
	Header http.Header

	// Body replaces the body if it is not empty or Status is set. Without a
	// Content-Type in Header, the body gets the one that it looks like.
	Body string

	// Delay is how long to wait before the request is dealt with. The wait
	// ends early when the request's context does.
	Delay time.Duration

	// Drop closes the connection without an answer. The request is not
	// carried out. Mind that Go's http.Transport repeats a GET by itself when
	// this happens on a connection that it has used before. If ServeHTTP is
	// called without a server around it, it panics with
	// [http.ErrAbortHandler].
	Drop bool

	// CutAfter, if positive, closes the connection after so many bytes of the
	// body, although Content-Length promises all of it. A body that is not
	// longer is not cut. Without a server around it, ServeHTTP panics as for
	// Drop.
	CutAfter int

	// Rewrite, if not nil, changes the body of the real answer. The contract
	// is not consulted about the result. It does nothing to a body that comes
	// from Body.
	Rewrite func(body []byte) []byte
}

// Fail queues faults for the requests for contract actions: each of the next
// requests takes one, in the order of their arrival. Requests that use the
// wrong method do not count.
func (s *Server) Fail(faults ...Fault) { s.actions.enqueue(faults) }

// FailToken queues faults for the token endpoint, as [Server.Fail] does for
// contract actions.
func (s *Server) FailToken(faults ...Fault) { s.tokens.enqueue(faults) }

// ActionRequests is the number of requests for contract actions so far,
// whatever became of them. Requests that use the wrong method do not count.
func (s *Server) ActionRequests() int { return s.actions.count() }

// TokenRequests is the number of requests for tokens so far, whatever became
// of them. Requests that use the wrong method do not count.
func (s *Server) TokenRequests() int { return s.tokens.count() }

// gate stands in front of an endpoint, counts who passes, and spoils answers.
type gate struct {
	next http.Handler

	mutex  sync.Mutex
	faults []Fault
	passed int
}

func (g *gate) enqueue(faults []Fault) {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	for _, fault := range faults {
		fault.Header = fault.Header.Clone()
		g.faults = append(g.faults, fault)
	}
}

func (g *gate) count() int {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	return g.passed
}

// pass counts a request and returns its fault, the zero value if there is
// none.
func (g *gate) pass() Fault {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	g.passed++
	if len(g.faults) == 0 {
		return Fault{}
	}
	fault := g.faults[0]
	g.faults = g.faults[1:]
	return fault
}

func (g *gate) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	fault := g.pass()
	wait(r.Context(), fault.Delay)
	if fault.Drop {
		panic(http.ErrAbortHandler)
	}
	spoilt := fault.answer(g.next, r)
	if fault.CutAfter > 0 && fault.CutAfter < spoilt.body.Len() {
		spoilt.cut(w, fault.CutAfter)
	}
	spoilt.send(w)
}

func wait(ctx context.Context, delay time.Duration) {
	if delay <= 0 {
		return
	}
	timer := time.NewTimer(delay)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// answer makes the answer that the fault asks for, out of the real one where
// it is needed.
func (f Fault) answer(next http.Handler, r *http.Request) *answer {
	var spoilt *answer
	if f.Status != 0 {
		spoilt = &answer{status: f.Status, header: make(http.Header)}
	} else {
		spoilt = answerOf(next, r)
	}
	switch {
	case f.Body != "":
		spoilt.header.Set("Content-Type", contentTypeOf([]byte(f.Body)))
		spoilt.replaceBody([]byte(f.Body))
	case f.Status == 0 && f.Rewrite != nil:
		spoilt.replaceBody(f.Rewrite(bytes.Clone(spoilt.body.Bytes())))
	}
	for name, values := range f.Header {
		spoilt.header[http.CanonicalHeaderKey(name)] = values
	}
	return spoilt
}

// contentTypeOf knows JSON, unlike http.DetectContentType.
func contentTypeOf(body []byte) string {
	if json.Valid(body) {
		return "application/json"
	}
	return http.DetectContentType(body)
}

// cut sends the beginning of the answer and closes the connection.
func (a *answer) cut(w http.ResponseWriter, after int) {
	a.sendHead(w)
	_, _ = w.Write(a.body.Bytes()[:after])
	// What is still in the server's buffer would be lost with the connection.
	_ = http.NewResponseController(w).Flush()
	panic(http.ErrAbortHandler)
}
