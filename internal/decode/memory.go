package decode

import "unsafe"

// textBlock is the size of a block in bytes. Keeping one text of a body keeps
// one block of its texts alive.
const textBlock = 2048

// keep returns a copy of a text. Copies share blocks: an allocation for each
// takes a seventh more time.
func (d *Decoder) keep(text []byte) string {
	if cap(d.texts)-len(d.texts) < len(text) {
		d.texts = make([]byte, 0, max(textBlock, len(text)))
	}
	start := len(d.texts)
	d.texts = append(d.texts, text...)
	// A block is only appended to, so that what it holds does not change.
	return unsafe.String(unsafe.SliceData(d.texts[start:]), len(text))
}

// Slab holds values behind pointers, several to an allocation, so that a page
// takes few.
type Slab[T any] []T

// slabBlock is the size of a block in bytes.
const slabBlock = 256

// next returns a pointer to a zero value.
func (s *Slab[T]) next() *T {
	if len(*s) == cap(*s) {
		*s = make([]T, 0, max(1, slabBlock/max(1, unsafe.Sizeof(*new(T)))))
	}
	*s = (*s)[:len(*s)+1]
	return &(*s)[len(*s)-1]
}
