package decode

import (
	"strconv"
	"time"
	"unsafe"

	"github.com/go-faster/jx"
)

// Text reads a string.
func Text[T ~string](d *Decoder, into *T) error {
	text, err := d.JSON.StrBytes()
	if err != nil {
		return err
	}
	*into = T(d.keep(text))
	return nil
}

// Integer reads a whole number. (The methods of jx let some overflow.)
func Integer[T ~int | ~int8 | ~int16 | ~int32 | ~int64](d *Decoder, into *T) error {
	literal, err := d.JSON.Raw()
	if err != nil {
		return err
	}
	number, err := strconv.ParseInt(string(literal), 10, 64)
	if err != nil || int64(T(number)) != number {
		return errDeclined
	}
	*into = T(number)
	return nil
}

// Float reads a number.
func Float[T ~float32 | ~float64](d *Decoder, into *T) error {
	if d.JSON.Next() != jx.Number {
		return errDeclined
	}
	literal, err := d.JSON.Raw()
	if err != nil {
		return err
	}
	number, err := strconv.ParseFloat(string(literal), int(8*unsafe.Sizeof(*into)))
	*into = T(number)
	return err
}

// Bool reads true or false.
func Bool[T ~bool](d *Decoder, into *T) error {
	value, err := d.JSON.Bool()
	*into = T(value)
	return err
}

// Time reads a time.
func Time(d *Decoder, into *time.Time) error {
	literal, err := d.JSON.Raw()
	if err != nil {
		return err
	}
	if usual, ok := d.day.parse(literal); ok {
		*into = usual
		return nil
	}
	return into.UnmarshalJSON(literal) // which gets what encoding/json would give it
}
