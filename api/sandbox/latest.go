package sandbox

// maxLatest bounds the memory for tokens and assertions.
const maxLatest = 10_000

// latest is a map that keeps the values that were added last. Adding one takes
// constant time. The zero value is empty.
type latest[V any] struct {
	values map[string]V
	keys   []string // in the order in which they were added
}

// add adds a value, and removes the oldest ones that are outdated or too many.
func (l *latest[V]) add(key string, value V, isOutdated func(V) bool) {
	if l.values == nil {
		l.values = make(map[string]V)
	}
	l.values[key] = value
	l.keys = append(l.keys, key)
	for len(l.keys) > maxLatest || len(l.keys) > 0 && isOutdated(l.values[l.keys[0]]) {
		delete(l.values, l.keys[0])
		l.keys = l.keys[1:]
	}
}
