package wrapper

import "hash/maphash"

// enough is how many texts a recent remembers at least.
const enough = 4096

// seenIDs remembers texts for a while: the last enough, and less than twice as
// many. It keeps hashes of 64 bits and no text alive. In a listing of a million,
// the chance that one is mistaken for another is below one in a thousand million.
type seenIDs struct{ newer, older map[uint64]struct{} }

var hashSeed = maphash.MakeSeed()

// add remembers a text and reports whether it was there.
func (r *seenIDs) add(text string) (before bool) { return r.addHash(maphash.String(hashSeed, text)) }

func (r *seenIDs) addHash(hash uint64) (before bool) {
	if len(r.newer) >= enough {
		r.newer, r.older = r.older, r.newer
		clear(r.newer)
	}
	if r.newer == nil {
		r.newer = map[uint64]struct{}{}
	}
	_, before = r.older[hash]
	known := len(r.newer)
	r.newer[hash] = struct{}{}
	return before || len(r.newer) == known // it has not grown
}
