package selection

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

// SortKeys accepts names of fields, each with a - in front for descending order.
func SortKeys(target *flagvalue.StringList) flagvalue.Value[flagvalue.StringList] {
	names := output.ContractActions.FieldNames()
	choices := names
	for _, name := range names {
		choices = append(choices, "-"+name)
	}
	return flagvalue.Value[flagvalue.StringList]{Target: target, Kind: "FIELDS", Choices: choices, Several: true, Parse: func(text string) (flagvalue.StringList, error) {
		var keys flagvalue.StringList
		for key := range strings.SplitSeq(text, ",") {
			name, descending := strings.CutPrefix(strings.TrimSpace(key), "-")
			name, found := flagvalue.Choice(names, name)
			if descending {
				name = "-" + name
			}
			keys = append(keys, name)
			if !found {
				return nil, errors.New("use one or more of: " + strings.Join(names, ", ") + "; with a - in front for descending order")
			}
		}
		return keys, nil
	}}
}

// Sort sorts by the keys, then by account id, and then in the service's
// order, so that the result is the same in each run.
func Sort(records []output.Record, keys flagvalue.StringList) {
	type row struct {
		record output.Record
		values []any // of the keys
	}
	fields := make([]output.Field[output.Record], len(keys))
	for i, key := range keys {
		fields[i] = output.ContractActions.FieldsNamed([]string{strings.TrimPrefix(key, "-")})[0]
	}
	rows := make([]row, len(records))
	for i := range records {
		rows[i] = row{record: records[i], values: make([]any, len(keys))}
		for k, field := range fields {
			rows[i].values[k] = field.Value(&records[i])
		}
	}
	slices.SortStableFunc(rows, func(a, b row) int {
		for i, key := range keys {
			result := compareValues(fields[i].Name, a.values[i], b.values[i])
			if strings.HasPrefix(key, "-") {
				result = -result
			}
			if result != 0 {
				return result
			}
		}
		return cmp.Compare(a.record.AccountID, b.record.AccountID)
	})
	for i := range rows {
		records[i] = rows[i].record
	}
}

// compareValues compares values of a field. None is less than any.
func compareValues(field string, a, b any) int {
	if a == nil || b == nil {
		return cmp.Compare(boolToInt(a != nil), boolToInt(b != nil))
	}
	switch a := a.(type) {
	case string:
		if field == "id" {
			return compareIDs(a, b.(string))
		}
		return cmp.Compare(a, b.(string))
	case int64:
		return cmp.Compare(a, b.(int64))
	case float64:
		return cmp.Compare(a, b.(float64))
	case bool:
		return cmp.Compare(boolToInt(a), boolToInt(b.(bool)))
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
