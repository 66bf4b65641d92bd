package check

import (
	"strconv"
	"strings"

	"github.com/talkdesk-express/contractactions/internal/redact"
)

// pointerTo returns the JSON pointer (RFC 6901) for a path in a body, and the
// pointer with * in place of array indexes, which is the same for all items.
func pointerTo(body any, path []string, secrets redact.Secrets) (exact, general string) {
	var exactText, generalText strings.Builder
	for _, segment := range path {
		name := secrets.Withhold(describeName(segment))
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

// valueAt returns the value at a path; nil if there is none.
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
