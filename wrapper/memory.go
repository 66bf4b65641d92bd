package wrapper

import (
	"strings"

	"github.com/talkdesk-express/contractactions/gen"
)

// memory is where a page's small values are kept: in blocks, not each by
// itself. Whoever holds on to one value holds on to its block, about 1 KiB,
// and to nothing else of the page.
type memory struct {
	texts      strings.Builder
	recent     [32]string
	quantities block[int32]

	counters  block[int]
	embedded  block[gen.Embedded]
	linkSets  block[gen.Links]
	links     block[gen.Link]
	addresses block[string]
}

// newPage returns a page, and makes room beside it for what it points to.
func (m *memory) newPage() *gen.ContractActionPage {
	room := new(struct {
		page      gen.ContractActionPage
		counters  [5]int
		embedded  [1]gen.Embedded
		linkSets  [1]gen.Links
		links     [5]gen.Link
		addresses [5]string
	})
	m.counters, m.embedded, m.linkSets = room.counters[:0], room.embedded[:0], room.linkSets[:0]
	m.links, m.addresses = room.links[:0], room.addresses[:0]
	return &room.page
}

// text returns a copy of b.
func (m *memory) text(b []byte) string {
	if m.texts.Cap()-m.texts.Len() < len(b) {
		m.texts = strings.Builder{}
		m.texts.Grow(max(1024, len(b)))
	}
	start := m.texts.Len()
	m.texts.Write(b)
	return m.texts.String()[start:]
}

// repeated returns a copy of b, the same as before if b came recently.
func (m *memory) repeated(b []byte) string {
	if len(b) == 0 {
		return ""
	}
	// Any place will do, if few texts share one.
	place := &m.recent[(7*len(b)+3*int(b[0])+int(b[len(b)-1]))%len(m.recent)]
	if *place != string(b) {
		*place = m.text(b)
	}
	return *place
}

// block holds values that are pointed to.
type block[T any] []T

// keep returns a pointer to a copy of value.
func (b *block[T]) keep(value T) *T {
	if len(*b) == cap(*b) {
		*b = make([]T, 0, 64)
	}
	*b = append(*b, value)
	return &(*b)[len(*b)-1]
}
