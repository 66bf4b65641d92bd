package check

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/talkdesk-express/contractactions/internal/redact"
)

// finding is a difference that occurred once or more, as reports have it.
type finding struct {
	Kind         string `json:"kind" description:"One of the kinds in the help of check."`
	Status       int    `json:"status" description:"The HTTP status of the response."`
	Pointer      string `json:"pointer" description:"A JSON pointer with * for array indexes; empty for the whole body."`
	Count        int    `json:"count" description:"How often it occurred."`
	Page         int    `json:"page" description:"The page on which it first occurred."`
	FirstPointer string `json:"first_pointer" description:"The JSON pointer to where it first occurred."`
	Found        string `json:"found,omitempty" description:"The type and size of what was found, or an unknown value of an enumeration."`
	Expected     string `json:"expected,omitempty" description:"What the contract has."`
}

// isDrift reports whether the vendor's document does not allow it either.
func (f finding) isDrift() bool { return f.Kind != optionalFieldMissing }

// drift collects differences.
type drift struct {
	findings map[string]*finding
	omitted  map[string]bool
}

// mostFindings bounds the report, and the memory, if a service sends a different
// value in each item.
const mostFindings = 200

func newDrift() drift {
	return drift{findings: make(map[string]*finding), omitted: make(map[string]bool)}
}

// add counts a difference in a body.
func (d *drift) add(secrets redact.Secrets, body any, found difference) {
	exact, general := pointerTo(body, found.path, secrets)
	found.found = capped(secrets.Withhold(found.found))
	key := fmt.Sprint(found.status, " ", found.kind, " ", general, " ", found.variant())
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
		FirstPointer: exact, Found: found.found, Expected: found.expected,
	}
}

// variant distinguishes differences at the same place: different unknown values,
// or values of different wrong types.
func (d difference) variant() string {
	switch d.kind {
	case unknownValue, undocumentedMediaType:
		return d.found
	case wrongType:
		kind, _, _ := strings.Cut(d.found, ",")
		return kind
	case brokenRule:
		return d.expected
	}
	return ""
}

// capped bounds a value that is shown.
func capped(text string) string {
	const most = 60
	if characters := []rune(text); len(characters) > most {
		return string(characters[:most]) + "…" // a copy, without the rest of the body
	}
	return text
}

// sorted returns the findings in an order that does not depend on the order of
// responses.
func (d *drift) sorted() []finding {
	sorted := make([]finding, 0, len(d.findings))
	for _, found := range d.findings {
		sorted = append(sorted, *found)
	}
	slices.SortFunc(sorted, func(a, b finding) int {
		return cmp.Or(cmp.Compare(a.Status, b.Status), cmp.Compare(a.Pointer, b.Pointer), cmp.Compare(a.Kind, b.Kind),
			cmp.Compare(a.Found, b.Found), cmp.Compare(a.Expected, b.Expected))
	})
	return sorted
}
