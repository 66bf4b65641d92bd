package decode

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/go-faster/jx"
)

// Page decodes the body of a page with decode. Unknown fields and unknown
// enumeration values pass. What is not a page is an error that describes it in
// words; the error for a value that does not fit its type names the item and the
// field.
func Page[T comparable](body []byte, decode func([]byte) (*T, error)) (*T, error) {
	start := bytes.TrimLeft(body, " \t\r\n")
	switch {
	case len(start) == 0:
		return nil, errors.New("the body is empty")
	case start[0] == '<':
		return nil, errors.New("the body is HTML or XML, not JSON: something in between may have answered")
	}
	page, err := decode(body)
	if err != nil {
		if other := withoutEmptyEmbedded(body); other != nil {
			page, err = decode(other)
		}
	}
	var syntax *json.SyntaxError
	switch {
	case errors.As(err, &syntax):
		return nil, errors.New("the body is not JSON, or not all of it")
	case start[0] != '{':
		// Decoders take null for a page without any fields.
		return nil, errors.New("the body is not a JSON object")
	case err != nil:
		return nil, locate(body, reflect.TypeFor[T](), err)
	case *page == *new(T) && hasOnlyOtherFields(body, reflect.TypeFor[T]()):
		// Every field of a page is optional. An error in the body of a success
		// must not pass for the end of the list.
		return nil, errors.New("the body has none of the fields of a page")
	}
	return page, nil
}

// errStop ends a walk through a body that has found what it looked for.
var errStop = errors.New("found")

// eachField calls f with the name and the JSON of each field of an object, until f
// returns an error. It needs no memory for fields that nobody wants, unlike a map.
func eachField(object []byte, f func(name string, value []byte) error) error {
	d := jx.DecodeBytes(object)
	if d.Next() != jx.Object {
		return nil
	}
	return d.ObjBytes(func(d *jx.Decoder, name []byte) error {
		value, err := d.Raw()
		if err != nil {
			return err
		}
		return f(string(name), value)
	})
}

// eachItem calls f with each element of the arrays in _embedded, until f returns an
// error. Names are compared as encoding/json does, which ignores case.
func eachItem(body []byte, f func(list string, index int, item []byte) error) error {
	return eachField(body, func(name string, embedded []byte) error {
		if !strings.EqualFold(name, "_embedded") {
			return nil
		}
		return eachField(embedded, func(list string, items []byte) error {
			d, index := jx.DecodeBytes(items), 0
			if d.Next() != jx.Array {
				return nil
			}
			return d.Arr(func(d *jx.Decoder) error {
				item, err := d.Raw()
				if err != nil {
					return err
				}
				index++
				return f(list, index-1, item)
			})
		})
	})
}

// errTooMany reports a list whose items would take more memory than room allows.
var errTooMany = errors.New("a list has more items than the size of the body allows")

// makeRoom gives the lists of a page the capacity that they need for a body, so that
// encoding/json does not make them grow, which takes twice as much. It returns an error
// if that is more than the room that they have.
func makeRoom(body []byte, page reflect.Value) error {
	type list struct {
		name string
		typ  reflect.Type
		most int
	}
	var all []list
	for name, typ := range lists(page.Type()) {
		all = append(all, list{name: name, typ: typ})
	}
	if err := eachItem(body, func(name string, index int, _ []byte) error {
		for i := range all {
			if !strings.EqualFold(all[i].name, name) {
				continue
			}
			if all[i].most = max(all[i].most, index+1); index*int(all[i].typ.Elem().Size()) >= room(body) {
				return errTooMany
			}
		}
		return nil
	}); err != nil {
		return err
	}
	for _, list := range all {
		if list.most > 0 {
			listOf(page, list.name).Set(reflect.MakeSlice(list.typ, 0, list.most))
		}
	}
	return nil
}

// listOf returns the field of a list, in an _embedded that it makes if there is none.
func listOf(page reflect.Value, name string) reflect.Value {
	embedded := fieldOf(page, "_embedded")
	if embedded.IsNil() {
		embedded.Set(reflect.New(embedded.Type().Elem()))
	}
	return fieldOf(embedded.Elem(), name)
}

// fieldOf returns the field with a name in JSON.
func fieldOf(structure reflect.Value, wanted string) reflect.Value {
	at := 0
	for name := range jsonFields(structure.Type()) {
		if name == wanted {
			break
		}
		at++
	}
	return structure.Field(at)
}

// hasOnlyOtherFields reports whether an object has fields, but none of a page.
func hasOnlyOtherFields(body []byte, page reflect.Type) bool {
	var known []string
	for name := range jsonFields(page) {
		known = append(known, name)
	}
	others := 0
	err := eachField(body, func(name string, _ []byte) error {
		if others++; slices.Contains(known, name) {
			return errStop
		}
		return nil
	})
	return err == nil && others > 0
}

// Items returns the JSON of each element of the array at a path of a page. It is
// nil if there is no such array.
func Items(body []byte, path ...string) (items []json.RawMessage, err error) {
	rest := body
	for _, wanted := range path {
		var found []byte
		if err := eachField(rest, func(name string, value []byte) error {
			if name == wanted {
				found = value
			}
			return nil
		}); err != nil || found == nil {
			return nil, err
		}
		rest = found
	}
	err = json.Unmarshal(rest, &items)
	return items, err
}

// withoutEmptyEmbedded returns the page with null for an _embedded that is an empty
// array, which other lists of the vendor have where nothing is embedded (source:
// V). It returns nil if that is not the case.
func withoutEmptyEmbedded(body []byte) (other []byte) {
	_ = eachField(body, func(name string, value []byte) error {
		if len(value) >= 2 && name == "_embedded" && value[0] == '[' && len(bytes.TrimSpace(value[1:len(value)-1])) == 0 {
			at := cap(body) - cap(value) // value is a part of body
			other = slices.Concat(body[:at], []byte("null"), body[at+len(value):])
		}
		return nil
	})
	return other
}

// locate describes the error of a page by the first item and field that cannot be
// decoded. encoding/json reports neither for a time that is not one.
func locate(body []byte, page reflect.Type, failure error) error {
	known, at := maps.Collect(lists(page)), "the page"
	err := eachItem(body, func(list string, index int, item []byte) error {
		typ := known[list]
		if typ == nil {
			return nil
		}
		err := misfit(item, typ.Elem())
		if err == nil && (failure != errTooMany || hasID(item)) {
			return nil
		}
		at = fmt.Sprintf("%s %d of the page", strings.ReplaceAll(strings.TrimSuffix(list, "s"), "_", " "), index+1)
		if err == nil {
			return errNoID
		}
		if failure == errTooMany || len(item) > longValue {
			failure = err
		}
		at += locateField(item, typ.Elem())
		return errStop
	})
	switch {
	case errors.Is(err, errNoID):
		return fmt.Errorf("%s %w", at, errNoID)
	case failure == errTooMany:
		return failure
	}
	return fmt.Errorf("%s does not fit the contract: %w", at, failure)
}

var errNoID = errors.New("has no id")

func hasID(item []byte) bool {
	var identified struct{ ID string }
	return json.Unmarshal(item, &identified) == nil && identified.ID != ""
}

func locateField(item []byte, typ reflect.Type) (text string) {
	values, fields := map[string][]byte{}, map[string]reflect.Type{}
	for name, field := range jsonFields(typ) {
		fields[name] = field
	}
	_ = eachField(item, func(name string, value []byte) error {
		if fields[name] != nil {
			values[name] = value
		}
		return nil
	})
	for name, field := range jsonFields(typ) {
		if value, present := values[name]; present && misfit(value, field) != nil {
			if id := string(values["id"]); len(id) <= 80 { // never a part of it: that could be a part of a secret
				return fmt.Sprintf(" (id %s), field %s,", id, name)
			}
			return fmt.Sprintf(", field %s,", name)
		}
	}
	return ""
}

// longValue is the size of the longest value, in bytes, that an error may repeat.
const longValue = 10_000

// misfit returns why a value cannot be decoded into a type.
func misfit(value []byte, typ reflect.Type) error {
	err := json.Unmarshal(value, reflect.New(typ).Interface())
	if err != nil && len(value) > longValue {
		return errors.New("it is too long to be shown")
	}
	return err
}

// lists yields the lists of a page: the slices in its _embedded.
func lists(page reflect.Type) iter.Seq2[string, reflect.Type] {
	return func(yield func(string, reflect.Type) bool) {
		for name, embedded := range jsonFields(page) {
			if name != "_embedded" || embedded.Kind() != reflect.Pointer {
				continue
			}
			for name, list := range jsonFields(embedded.Elem()) {
				if list.Kind() == reflect.Slice && !yield(name, list) {
					return
				}
			}
		}
	}
}

// jsonFields yields the names in JSON and the types of a generated struct's
// fields.
func jsonFields(typ reflect.Type) iter.Seq2[string, reflect.Type] {
	return func(yield func(string, reflect.Type) bool) {
		if typ.Kind() != reflect.Struct {
			return
		}
		for field := range typ.Fields() {
			name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
			if !yield(name, field.Type) {
				return
			}
		}
	}
}
