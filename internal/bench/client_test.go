package main

import (
	"context"
	"testing"
)

// What is compared must do the same work: every client reads a whole list, and
// the run notices if not.
func TestEveryClientReadsTheWholeList(t *testing.T) {
	conditions := conditions{pages: 3, size: 4}
	for _, protocol := range []string{plainHTTP1, tlsHTTP1, tlsHTTP2} {
		for _, compressed := range []bool{false, true} {
			at := open(t, protocol)
			conditions.gzip = compressed
			base, list := at.base(conditions), conditions.list(7)
			for _, each := range append(peers(defaultTransport), ours(nameOurs, at), ours(nameOursDefault, at, onDefaultTransport())) {
				name := protocol + ", " + each.name
				if compressed {
					name += ", gzip"
				}
				t.Run(name, func(t *testing.T) {
					read := must(each.open(base))
					if _, err := readWhole(read, base, list, 0, 2)(context.Background()); err != nil {
						t.Error(err)
					}
					several := conditions.lists(3)
					if err := must(each.many(base)).whole(context.Background(), several, 2, contents(several, base)); err != nil {
						t.Error(err)
					}
					more := list
					more.pages++
					var into consumer
					if err := read(context.Background(), list, &into); err != nil {
						t.Fatal(err)
					}
					if into.verify(more.content(base)) == nil {
						t.Error("it was not noticed that a page is missing")
					}
				})
			}
		}
	}
}
