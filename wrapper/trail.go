package wrapper

import (
	"hash/maphash"
	"net/url"
)

// visited is where a listing has been, so that it does not go in circles. It
// knows the last few thousand pages; for larger circles, it also knows one
// page further back, which it moves up each time the way has doubled (as
// Brent's algorithm does), so that memory stays flat and every circle ends.
type visited struct {
	recent    seenIDs
	length    int
	milestone uint64
	moveAt    int
}

// add remembers a page by its address, however that is spelt, and reports
// whether it had been there.
func (t *visited) add(page *url.URL) (before bool) {
	place := hashOf(page)
	before = t.recent.addHash(place) || t.moveAt > 0 && place == t.milestone
	if t.length++; t.length > t.moveAt {
		t.milestone, t.moveAt = place, 2*t.length
	}
	return before
}

func hashOf(page *url.URL) uint64 {
	var hash maphash.Hash
	hash.SetSeed(hashSeed)
	origin := originOf(page)
	path := page.EscapedPath()
	if path == "" {
		path = "/"
	}
	for _, part := range []string{origin.scheme, origin.host, origin.port, path, page.RawQuery} {
		hash.WriteString(part)
		hash.WriteByte(0)
	}
	return hash.Sum64()
}
