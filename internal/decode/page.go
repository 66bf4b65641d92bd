package decode

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"reflect"
	"strings"
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
		return nil, fmt.Errorf("%s does not fit the contract: %w", locate(body, reflect.TypeFor[T]()), err)
	case *page == *new(T) && hasOnlyOtherFields(body, reflect.TypeFor[T]()):
		// Every field of a page is optional. An error in the body of a success
		// must not pass for the end of the list.
		return nil, errors.New("the body has none of the fields of a page")
	}
	return page, nil
}

// hasOnlyOtherFields reports whether an object has fields, but none of a page.
func hasOnlyOtherFields(body []byte, page reflect.Type) bool {
	var fields map[string]json.RawMessage
	if json.Unmarshal(body, &fields) != nil || len(fields) == 0 {
		return false
	}
	for name := range jsonFields(page) {
		if _, present := fields[name]; present {
			return false
		}
	}
	return true
}

// Items returns the JSON of each element of the array at a path of a page. It is
// nil if there is no such array.
func Items(body []byte, path ...string) ([]json.RawMessage, error) {
	rest := json.RawMessage(body)
	for _, name := range path {
		var fields map[string]json.RawMessage
		if err := json.Unmarshal(rest, &fields); err != nil {
			return nil, err
		}
		if rest = fields[name]; rest == nil {
			return nil, nil
		}
	}
	var items []json.RawMessage
	err := json.Unmarshal(rest, &items)
	return items, err
}

// withoutEmptyEmbedded returns the page without an _embedded that is an empty
// array, which other lists of the vendor have where nothing is embedded (source:
// V); nil if that is not the case.
func withoutEmptyEmbedded(body []byte) []byte {
	var fields map[string]json.RawMessage
	if json.Unmarshal(body, &fields) != nil {
		return nil
	}
	var embedded []json.RawMessage
	if json.Unmarshal(fields["_embedded"], &embedded) != nil || embedded == nil || len(embedded) > 0 {
		return nil
	}
	delete(fields, "_embedded")
	rest, _ := json.Marshal(fields) // cannot fail: it was valid
	return rest
}

// locate finds the first item and field of a page that cannot be decoded.
// encoding/json reports neither for a time that is not one.
func locate(body []byte, page reflect.Type) string {
	var fields struct {
		Embedded map[string]json.RawMessage `json:"_embedded"`
	}
	if json.Unmarshal(body, &fields) != nil {
		return "the page"
	}
	for name, list := range jsonFields(jsonField(page, "_embedded").Elem()) {
		var items []json.RawMessage
		_ = json.Unmarshal(fields.Embedded[name], &items) // if it fails, no item is at fault
		for i, item := range items {
			if !fits(item, list.Elem()) {
				kind := strings.ReplaceAll(strings.TrimSuffix(name, "s"), "_", " ")
				return fmt.Sprintf("%s %d of the page%s", kind, i+1, locateField(item, list.Elem()))
			}
		}
	}
	return "the page"
}

func locateField(item []byte, typ reflect.Type) string {
	var values map[string]json.RawMessage
	if json.Unmarshal(item, &values) != nil {
		return ""
	}
	for name, field := range jsonFields(typ) {
		value, present := values[name]
		if present && !fits(value, field) {
			if id := string(values["id"]); len(id) <= 80 { // never a part of it: that could be a part of a secret
				return fmt.Sprintf(" (id %s), field %s,", id, name)
			}
			return fmt.Sprintf(", field %s,", name)
		}
	}
	return ""
}

func fits(value []byte, typ reflect.Type) bool {
	return json.Unmarshal(value, reflect.New(typ).Interface()) == nil
}

// jsonFields yields the names in JSON and the types of a generated struct's
// fields.
func jsonFields(typ reflect.Type) iter.Seq2[string, reflect.Type] {
	return func(yield func(string, reflect.Type) bool) {
		for field := range typ.Fields() {
			name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
			if !yield(name, field.Type) {
				return
			}
		}
	}
}

// jsonField returns the type of the field with a name in JSON.
func jsonField(typ reflect.Type, wanted string) reflect.Type {
	for name, field := range jsonFields(typ) {
		if name == wanted {
			return field
		}
	}
	panic(fmt.Sprintf("%v has no field %s", typ, wanted))
}
