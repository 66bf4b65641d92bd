// Package decode holds what the generated decoders of package gen share. They
// read usual JSON straight into the generated types, several times faster than
// encoding/json, and leave all other JSON to encoding/json: they have to be
// right about what they accept, and need not be complete.
package decode

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"
	"unsafe"

	"github.com/go-faster/jx"
)

// Decoder reads the parts of one body. Generated decoders embed it.
//
// Its methods, and the functions that take it, read one value each and return
// an error for every value that encoding/json might read differently.
type Decoder struct {
	// JSON is at the value to read. It is not one of jx's pool, which would
	// keep the body alive.
	JSON jx.Decoder

	texts []byte
	day   day
	list  int // bytes for the elements of the first array
	room  int // bytes that the elements of an array may take
}

// errDeclined leaves a body to encoding/json.
var errDeclined = errors.New("left to encoding/json")

// Body reads a body with read, which reads with d, or with encoding/json where
// read fails. It accepts and rejects what [json.Unmarshal] does, with the same
// result and the same errors, except that it rejects a page whose lists take more
// than a few times the body's size. The result shares no memory with the body.
func Body[T any](d *Decoder, body []byte, into *T, read func(*T) error) (*T, error) {
	if stringsAgree(body) {
		d.JSON.ResetBytes(body)
		d.list, d.room = len(body), room(body)
		if read(into) == nil && d.JSON.Skip() == io.EOF {
			return into, nil
		}
	}
	into = new(T)
	// What is not JSON takes no memory: json.Unmarshal checks that first.
	if err := makeRoom(body, reflect.ValueOf(into).Elem()); err != nil && json.Valid(body) {
		return nil, errTooMany
	}
	if err := json.Unmarshal(body, into); err != nil {
		return nil, err
	}
	return into, nil
}

// room returns how many bytes the items of a list may take in memory. A usual one
// takes less than it does in the body; {} would take forty times as much. Small
// bodies may have small items.
func room(body []byte) int { return max(64<<10, 3*len(body)) }

// stringsAgree reports whether jx reads the body's strings as encoding/json
// does. It accepts bytes that are not UTF-8, and pairs escaped surrogates
// differently.
func stringsAgree(body []byte) bool {
	return utf8.Valid(body) && !bytes.Contains(body, []byte(`\ud`)) && !bytes.Contains(body, []byte(`\uD`))
}

// Unknown skips the value of a field whose name is none of those known. It
// declines a name that encoding/json, which ignores case, takes for one of them.
func (d *Decoder) Unknown(name []byte, known ...string) error {
	for _, each := range known {
		if strings.EqualFold(each, string(name)) {
			return errDeclined
		}
	}
	return d.JSON.Skip()
}

// Optional returns the pointer to read the next value into: the current one,
// which encoding/json reuses when a field is repeated, or one from the slab. It
// returns nil if the next value is null, which is left to read.
func Optional[T any](d *Decoder, current *T, slab *Slab[T]) *T {
	switch {
	case d.JSON.Next() == jx.Null:
		return nil
	case current == nil:
		return slab.next()
	}
	return current
}

// Slice reads an array. It declines a second array for the same field:
// encoding/json merges the two.
//
// The first array of a body is usually the list that the body is about. Its
// elements get as many bytes as the body has, and that is usually enough. All
// others grow, up to the decoder's room.
func Slice[T any](d *Decoder, into *[]T, element func(*T) error) error {
	if *into != nil {
		return errDeclined
	}
	size := int(max(1, unsafe.Sizeof(*new(T))))
	*into = make([]T, 0, d.list/size)
	isFirst := d.list > 0
	d.list = 0
	return d.JSON.Arr(func(*jx.Decoder) error {
		switch {
		case len(*into)*size >= d.room:
			return errDeclined
		case isFirst && len(*into) == cap(*into):
			*into = slices.Grow(*into, d.room/size+1-len(*into)) // once: arrays that it outgrew take memory, too
		}
		*into = append(*into, *new(T))
		return element(&(*into)[len(*into)-1])
	})
}

// Any reads a value of any type with encoding/json.
func (d *Decoder) Any(into any) error {
	literal, err := d.JSON.Raw()
	if err != nil {
		return err
	}
	return json.Unmarshal(literal, into)
}
