package changes

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/talkdesk-express/contractactions/gen"
	"github.com/talkdesk-express/contractactions/wrapper"
)

// position is how far the changes of an account have been printed: everything that
// was updated before since, and of what was updated since, the contract actions as
// they were known.
type position struct {
	since time.Time
	known map[fingerprint]struct{}
}

// fingerprint identifies a contract action as of an update.
type fingerprint [8]byte

// lookBack is the time before the latest update in which contract actions are
// compared one by one: a service can make an update visible after a later one.
const lookBack = 5 * time.Minute

var encoding = base64.RawStdEncoding

// parsePosition parses what String returned.
func parsePosition(text string) (position, error) {
	since, known, _ := strings.Cut(text, " ")
	p := position{known: make(map[fingerprint]struct{})}
	var err error
	if p.since, err = time.Parse(time.RFC3339Nano, since); err != nil {
		return position{}, err
	}
	all, err := encoding.DecodeString(known)
	if err != nil {
		return position{}, err
	}
	if len(all)%len(fingerprint{}) != 0 {
		return position{}, fmt.Errorf("%d bytes of fingerprints, not a multiple of %d", len(all), len(fingerprint{}))
	}
	for part := range slices.Chunk(all, len(fingerprint{})) {
		p.known[fingerprint(part)] = struct{}{}
	}
	return p, nil
}

// String returns the same text for the same position.
func (p position) String() string {
	var all []byte
	for _, known := range slices.SortedFunc(maps.Keys(p.known), func(a, b fingerprint) int { return bytes.Compare(a[:], b[:]) }) {
		all = append(all, known[:]...)
	}
	return p.since.UTC().Format(time.RFC3339Nano) + " " + encoding.EncodeToString(all)
}

// has reports whether a contract action was printed as it is.
func (p position) has(action *wrapper.ContractAction) bool {
	if action.UpdatedAt.Before(p.since) {
		return true
	}
	if len(p.known) == 0 {
		return false
	}
	_, known := p.known[fingerprintOf(action)]
	return known
}

var actionFields = gen.ContractActionFields()

func fingerprintOf(action *wrapper.ContractAction) fingerprint {
	hash := sha256.New()
	for _, field := range actionFields {
		value := field.Value(action)
		if moment, ok := value.(time.Time); ok {
			value = moment.UTC()
		}
		if value != nil { // a field that the contract gets later changes nothing while it is not sent
			fmt.Fprintf(hash, "%s=%v\x00", field.Name, value)
		}
	}
	return fingerprint(hash.Sum(nil))
}

// reading is an account whose changes are being read, from one position to the next.
type reading struct {
	from, next position
	begun      bool
}

// add advances the next position by a page.
//
// The first page decides how far: what is updated during the reading is not older
// than what it has, in whatever order the service lists. A time in the future, by
// the clock of this machine, does not count: later updates can be older.
func (r *reading) add(actions []wrapper.ContractAction, now time.Time) {
	if !r.begun {
		r.begun = true
		r.next = position{since: r.from.since, known: make(map[fingerprint]struct{})}
		for _, action := range actions {
			if start := action.UpdatedAt.Add(-lookBack); start.After(r.next.since) && !action.UpdatedAt.After(now) {
				r.next.since = start
			}
		}
	}
	for i := range actions {
		if !actions[i].UpdatedAt.Before(r.next.since) {
			r.next.known[fingerprintOf(&actions[i])] = struct{}{}
		}
	}
}
