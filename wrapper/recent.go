package wrapper

// enoughIDs is how many ids a listing remembers at least, to notice those that
// come twice. A list that moves while it is read repeats what has just been
// read, so that there is no need to remember all of them.
const enoughIDs = 4096

// recent is a set that forgets the oldest: it keeps the last enoughIDs, and
// less than twice as many.
type recent struct{ newer, older map[string]struct{} }

// add remembers an id and reports whether it was there.
func (r *recent) add(id string) (before bool) {
	_, inNewer := r.newer[id]
	_, inOlder := r.older[id]
	if len(r.newer) >= enoughIDs {
		r.newer, r.older = r.older, r.newer
		clear(r.newer)
	}
	if r.newer == nil {
		r.newer = map[string]struct{}{}
	}
	r.newer[id] = struct{}{}
	return inNewer || inOlder
}
