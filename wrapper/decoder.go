package wrapper

import (
	"bytes"
	"errors"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/go-faster/jx"
)

// decoder reads single values as encoding/json does, or returns an error: then
// the page is encoding/json's. A field that comes twice is read twice, over or
// into what the first has left, and null takes a pointer back.
type decoder struct {
	json     jx.Decoder // of its own: jx's pool would hold on to the body
	memory   memory
	calendar calendar
	size     int // of the body
}

var errDeclined = errors.New("left to encoding/json")

// unknown skips the value of a field that the contract does not have.
func (d *decoder) unknown(name []byte) error {
	// encoding/json takes a name in any case. Those of the contract are in
	// lower case, and letters beyond ASCII have cases within it.
	if bytes.ContainsFunc(name, func(r rune) bool { return 'A' <= r && r <= 'Z' || r >= utf8.RuneSelf }) {
		return errDeclined
	}
	return d.json.Skip()
}

// optional reads a value behind a pointer.
func optional[T any](d *decoder, into **T, room *block[T], read func(*T) error) error {
	if d.json.Next() == jx.Null {
		*into = nil
		return d.json.Null()
	}
	if *into == nil {
		*into = room.keep(*new(T))
	}
	return read(*into)
}

// text reads a string.
func (d *decoder) text(into *string) error {
	text, err := d.json.StrBytes()
	if err != nil {
		return err
	}
	*into = d.memory.text(text)
	return nil
}

// repeated reads a string of those that come again and again.
func (d *decoder) repeated(into *string) error {
	text, err := d.json.StrBytes()
	if err != nil {
		return err
	}
	*into = d.memory.repeated(text)
	return nil
}

// time reads a time. UnmarshalJSON gets what encoding/json would give it.
func (d *decoder) time(into *time.Time) error {
	literal, err := d.json.Raw()
	if err != nil {
		return err
	}
	if usual, ok := d.calendar.parse(literal); ok {
		*into = usual
		return nil
	}
	return into.UnmarshalJSON(literal)
}

// integer reads a whole number behind a pointer. jx has a method for that, but
// lets some numbers overflow.
func integer[T int | int32](d *decoder, into **T, room *block[T]) error {
	literal, err := d.json.Raw()
	if err != nil {
		return err
	}
	if literal[0] == 'n' {
		*into = nil
		return nil
	}
	number, err := strconv.Atoi(string(literal))
	if err != nil || int(T(number)) != number {
		return errDeclined
	}
	*into = room.keep(T(number))
	return nil
}
