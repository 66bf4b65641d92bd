package wrapper

import (
	"strconv"
	"strings"
)

// unescaped is a text without its escapes, and where in the original each of
// its bytes comes from.
type unescaped struct {
	text  string
	start []int // of each byte, and of the end
}

func newUnescaped(text string) unescaped {
	start := make([]int, len(text)+1)
	for i := range start {
		start[i] = i
	}
	return unescaped{text, start}
}

// again undoes what escapes there are for URLs, JSON and HTML.
func (u unescaped) again() unescaped {
	var text strings.Builder
	start := make([]int, 0, len(u.start))
	for i := 0; i < len(u.text); {
		plain, length := unescape(u.text[i:])
		for range len(plain) {
			start = append(start, u.start[i])
		}
		text.WriteString(plain)
		i += length
	}
	return unescaped{text.String(), append(start, u.start[len(u.text)])}
}

// unescape returns what the beginning of a text stands for, and its length.
func unescape(text string) (plain string, length int) {
	const longestEntity = len("&#x10ffff;")
	switch {
	case text[0] == '%' && len(text) >= 3:
		if b, err := strconv.ParseUint(text[1:3], 16, 8); err == nil {
			return string([]byte{byte(b)}), 3
		}
	case text[0] == '\\' && len(text) >= 6 && text[1] == 'u':
		if r, err := strconv.ParseUint(text[2:6], 16, 16); err == nil {
			return string(rune(r)), 6
		}
	case text[0] == '\\' && len(text) >= 2:
		return text[1:2], 2
	case text[0] == '&':
		if end := strings.IndexByte(text[:min(len(text), longestEntity)], ';'); end > 0 {
			if plain := entity(text[1:end]); plain != "" {
				return plain, end + 1
			}
		}
	}
	return text[:1], 1
}

// entity is the character that has a name in XML, or a number. Package html
// knows two thousand more, which no encoder writes and every importer would
// carry.
func entity(name string) string {
	digits, base := strings.TrimPrefix(name, "#"), 10
	if len(digits) > 0 && (digits[0] == 'x' || digits[0] == 'X') {
		digits, base = digits[1:], 16
	}
	if strings.HasPrefix(name, "#") {
		r, err := strconv.ParseInt(digits, base, 32)
		if err != nil {
			return ""
		}
		return string(rune(r))
	}
	return map[string]string{"amp": "&", "lt": "<", "gt": ">", "quot": `"`, "apos": "'"}[name]
}

// replace puts another text in place of each secret, as far as the original
// goes.
func (u unescaped) replace(original, secret, with string) string {
	var replaced strings.Builder
	end := 0
	for i := strings.Index(u.text, secret); i >= 0; {
		after := i + len(secret)
		replaced.WriteString(original[end:u.start[i]] + with)
		end = u.start[after]
		next := strings.Index(u.text[after:], secret)
		if next < 0 {
			break
		}
		i = after + next
	}
	return replaced.String() + original[end:]
}
