package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
)

// finding is a difference that occurred once or more, as reports have it.
type finding struct {
	Kind         string `json:"kind"`
	Status       int    `json:"status"`
	Pointer      string `json:"pointer"`
	Count        int    `json:"count"`
	Page         int    `json:"page"`
	FirstPointer string `json:"first_pointer"`
	// Example is nil if there is nothing to show.
	Example  json.RawMessage `json:"example,omitempty"`
	Expected string          `json:"expected,omitempty"`
}

// isDrift reports whether the vendor's document does not allow it either.
func (f finding) isDrift() bool { return f.Kind != optionalFieldMissing }

// drift collects differences.
type drift struct {
	findings map[string]*finding
	omitted  map[string]bool
}

// mostFindings bounds the report, and the memory, where a service puts
// something else into each item.
const mostFindings = 200

func newDrift() drift {
	return drift{findings: make(map[string]*finding), omitted: make(map[string]bool)}
}

// add counts a difference in. Its path leads through the body.
func (d *drift) add(mask mask, body any, found difference) {
	exact, general := pointerTo(body, found.path, mask)
	example := exampleOf(mask, found)
	key := fmt.Sprint(found.status, " ", found.kind, " ", general, " ", variantOf(found, example))
	if known := d.findings[key]; known != nil {
		known.Count++
		return
	}
	if len(d.findings) == mostFindings {
		if len(d.omitted) < 100*mostFindings {
			d.omitted[key] = true
		}
		return
	}
	d.findings[key] = &finding{
		Kind: found.kind, Status: found.status, Pointer: general, Count: 1, Page: found.page,
		FirstPointer: exact, Example: example, Expected: found.expected,
	}
}

// variantOf tells apart what is at the same place: other unknown values, or
// values of other wrong types.
func variantOf(found difference, example json.RawMessage) string {
	switch found.kind {
	case unknownValue, undocumentedMediaType:
		return string(example)
	case wrongType:
		return typeOf(found.value)
	case brokenRule:
		return found.expected
	}
	return ""
}

func exampleOf(mask mask, found difference) json.RawMessage {
	if found.nothing {
		return nil
	}
	value := found.value
	switch found.kind {
	case unknownValue, undocumentedMediaType:
		value = mask.shown(fmt.Sprint(value))
	case undocumentedStatus:
	default:
		name := ""
		if len(found.path) > 0 {
			name = lastName(found.path)
		}
		value = mask.value(name, value)
	}
	return encodeExample(value)
}

// lastName is the name of the field that a path leads to or, for an item of an
// array, of the array.
func lastName(path []string) string {
	for _, segment := range slices.Backward(path) {
		if countDigits(segment) < len(segment) {
			return segment
		}
	}
	return ""
}

// sorted returns the findings in an order that does not depend on when they
// were found.
func (d *drift) sorted() []finding {
	sorted := make([]finding, 0, len(d.findings))
	for _, found := range d.findings {
		sorted = append(sorted, *found)
	}
	slices.SortFunc(sorted, func(a, b finding) int {
		return cmp.Or(cmp.Compare(a.Status, b.Status), cmp.Compare(a.Pointer, b.Pointer), cmp.Compare(a.Kind, b.Kind),
			cmp.Compare(string(a.Example), string(b.Example)), cmp.Compare(a.Expected, b.Expected))
	})
	return sorted
}
