package wrapper

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"

	"github.com/talkdesk-express/contractactions/gen"
)

// decodeUnusual reads a page with encoding/json, and says what is wrong with
// one that cannot be read.
func decodeUnusual(body []byte) (*gen.ContractActionPage, error) {
	trimmed := bytes.TrimLeft(body, " \t\r\n")
	switch {
	case len(trimmed) == 0:
		return nil, errors.New("the body is empty")
	case trimmed[0] == '<':
		return nil, errors.New("the body is HTML or XML, not JSON: something in between may have answered")
	}
	page := new(gen.ContractActionPage)
	err := json.Unmarshal(body, page)
	if err != nil {
		if other := withoutEmptyEmbedded(body); other != nil {
			page = new(gen.ContractActionPage)
			err = json.Unmarshal(other, page)
		}
	}
	var syntax *json.SyntaxError
	switch {
	case errors.As(err, &syntax):
		return nil, errors.New("the body is not JSON, or not all of it")
	case trimmed[0] != '{':
		// encoding/json would take null for a page without anything.
		return nil, errors.New("the body is not a JSON object")
	case err != nil:
		return nil, fmt.Errorf("%s does not fit the contract: %w", locate(body), err)
	}
	return page, nil
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
// encoding/json says neither for a time that is not one.
func locate(body []byte) string {
	var page struct {
		Embedded struct {
			Actions []json.RawMessage `json:"contract_actions"`
		} `json:"_embedded"`
	}
	if json.Unmarshal(body, &page) != nil {
		return "the page"
	}
	for i, item := range page.Embedded.Actions {
		if json.Unmarshal(item, new(gen.ContractAction)) != nil {
			return fmt.Sprintf("contract action %d of the page%s", i+1, locateField(item))
		}
	}
	return "the page"
}

func locateField(item []byte) string {
	var fields map[string]json.RawMessage
	if json.Unmarshal(item, &fields) != nil {
		return ""
	}
	for field := range reflect.TypeFor[gen.ContractAction]().Fields() {
		name := jsonName(field)
		value, present := fields[name]
		if present && json.Unmarshal(value, reflect.New(field.Type).Interface()) != nil {
			if id := string(fields["id"]); len(id) <= 80 { // never a part of it: that could be a part of a secret
				return fmt.Sprintf(" (id %s), field %s,", printable(id), name)
			}
			return fmt.Sprintf(", field %s,", name)
		}
	}
	return ""
}

// jsonName is what the contract calls a field of a generated type.
func jsonName(field reflect.StructField) string {
	name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
	return name
}
