package list

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/talkdesk-express/contractactions/internal/cli/flagvalue"
	"github.com/talkdesk-express/contractactions/internal/cli/output"
)

// sortKeys accepts names of fields, each with a - in front for descending order.
func sortKeys(target *flagvalue.StringList) flagvalue.Value[flagvalue.StringList] {
	names := output.FieldNames()
	return flagvalue.Value[flagvalue.StringList]{Target: target, Kind: "FIELDS", Choices: names, Parse: func(text string) (flagvalue.StringList, error) {
		keys := strings.Split(text, ",")
		for _, key := range keys {
			if !slices.Contains(names, strings.TrimPrefix(key, "-")) {
				return nil, errors.New("use one or more of: " + strings.Join(names, ", ") + "; with a - in front for descending order")
			}
		}
		return keys, nil
	}}
}

// sortRecords sorts by the keys, then by account id, and then in the service's
// order, so that the result is the same in each run.
func sortRecords(records []output.Record, keys flagvalue.StringList) {
	compare := make([]func(a, b output.Record) int, len(keys))
	for i, key := range keys {
		compare[i] = comparison(key)
	}
	slices.SortStableFunc(records, func(a, b output.Record) int {
		for _, compare := range compare {
			if result := compare(a, b); result != 0 {
				return result
			}
		}
		return cmp.Compare(a.AccountID, b.AccountID)
	})
}

// comparison returns the comparison of a key.
func comparison(key string) func(a, b output.Record) int {
	name, descending := strings.CutPrefix(key, "-")
	field := output.FieldsNamed([]string{name})[0]
	return func(a, b output.Record) int {
		if descending {
			a, b = b, a
		}
		if name == "id" {
			return compareIDs(a.ID, b.ID)
		}
		return compareValues(field.Value(&a), field.Value(&b))
	}
}

// compareIDs compares ids of digits as numbers.
func compareIDs(a, b string) int {
	if isDigits(a) && isDigits(b) {
		a, b = strings.TrimLeft(a, "0"), strings.TrimLeft(b, "0")
		return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b))
	}
	return cmp.Compare(a, b)
}

func isDigits(text string) bool {
	return text != "" && !strings.ContainsFunc(text, func(r rune) bool { return r < '0' || r > '9' })
}

// compareValues compares values of a field. None is less than any.
func compareValues(a, b any) int {
	if a == nil || b == nil {
		return cmp.Compare(boolToInt(a != nil), boolToInt(b != nil))
	}
	switch a := a.(type) {
	case int64:
		return cmp.Compare(a, b.(int64))
	case float64:
		return cmp.Compare(a, b.(float64))
	case time.Time:
		return a.Compare(b.(time.Time))
	}
	return cmp.Compare(fmt.Sprint(a), fmt.Sprint(b))
}

func boolToInt(b bool) int {
	if b {
		return 1
	}
	return 0
}
