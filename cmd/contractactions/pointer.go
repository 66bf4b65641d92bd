package main

import (
	"maps"
	"slices"
	"strconv"
	"strings"
)

// pointerTo is the JSON pointer (RFC 6901) for a path in a body, and the one
// with * in place of array indexes, for all that are at the same place but for
// these. Names that look like ids are masked.
func pointerTo(body any, path []string, mask mask) (exact, general string) {
	var exactText, generalText strings.Builder
	for _, segment := range path {
		name := mask.name(segment)
		exact := name
		if _, isArray := body.([]any); isArray {
			exact, name = segment, "*"
		}
		exactText.WriteString("/" + escapeSegment(exact))
		generalText.WriteString("/" + escapeSegment(name))
		body = valueAt(body, []string{segment})
	}
	return exactText.String(), generalText.String()
}

// valueAt is what a path leads to, nil if that is nowhere.
func valueAt(body any, path []string) any {
	for _, segment := range path {
		switch container := body.(type) {
		case []any:
			index, err := strconv.Atoi(segment)
			if err != nil || index < 0 || index >= len(container) {
				return nil
			}
			body = container[index]
		case map[string]any:
			body = container[segment]
		default:
			return nil
		}
	}
	return body
}

var segmentEscapes = strings.NewReplacer("~", "~0", "/", "~1")

func escapeSegment(segment string) string { return segmentEscapes.Replace(segment) }

func sortedNames(object map[string]any) []string { return slices.Sorted(maps.Keys(object)) }
