package flagvalue

import (
	"slices"
	"strings"
)

// Other selects all values that the contract does not list, and missing ones.
const Other = "unknown"

// Texts returns the values of an enumeration.
func Texts[T ~string](values []T) []string {
	var texts []string
	for _, value := range values {
		texts = append(texts, string(value))
	}
	return texts
}

// SomeValues accepts some of the documented values of an enumeration, and [Other].
func SomeValues[T ~string](target *StringList, kind string, documented []T) Value[StringList] {
	return SomeOf(target, kind, append(Texts(documented), Other))
}

// ValuesUsage describes the choices of [SomeValues]: "A, B; unknown for any other".
func ValuesUsage[T ~string](documented []T) string {
	return strings.Join(Texts(documented), ", ") + "; " + Other + " for any other"
}

// Selects reports whether a value is among those chosen by [SomeValues], or none
// is chosen.
func (l StringList) Selects(value string, documented bool) bool {
	if !documented {
		value = Other
	}
	return len(l) == 0 || slices.Contains(l, value)
}
