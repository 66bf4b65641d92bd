package output

import (
	"slices"
	"strings"
	"time"

	"github.com/talkdesk-express/contractactions/gen"
	"github.com/talkdesk-express/contractactions/wrapper"
)

// Record is a contract action as it is printed: with its account, and a zone for
// its times.
type Record struct {
	AccountID string
	wrapper.ContractAction
	Zone *time.Location // nil for the zone of each time
}

// Field is one column of a table, or one member of a JSON object. All but the
// account are those of the contract.
type Field struct {
	Name   string
	kind   gen.Kind
	values []string // the documented ones of an enumeration
	value  func(*Record) any
}

// Value returns the field's value in a record: a string, an int64, a float64, a
// bool or a time; nil if the service sent nothing. An enumeration has no empty
// value; a text of another kind that the contract requires is empty instead.
func (f Field) Value(record *Record) any {
	value := f.value(record)
	moment, ok := value.(time.Time)
	switch {
	case f.kind == gen.KindEnumeration && value == "":
		return nil
	case !ok:
		return value
	case moment.IsZero():
		return nil
	case record.Zone != nil:
		return moment.In(record.Zone)
	}
	return moment
}

// text returns a field's value as csv and tables have it; empty for none.
func (f Field) text(record *Record) string {
	switch value := f.Value(record).(type) {
	case nil:
		return ""
	case string:
		return value
	case time.Time:
		return value.Format(time.RFC3339Nano)
	default:
		encoded, _ := JSON(value) // decoded from JSON
		return string(encoded)
	}
}

// isText reports whether a field has texts of the service.
func (f Field) isText() bool {
	return f.kind == gen.KindString || f.kind == gen.KindEnumeration || f.kind == gen.KindOther
}

func (f Field) isNumber() bool { return f.kind == gen.KindInteger || f.kind == gen.KindNumber }

// isUnknown reports whether a value is not among those of an enumeration.
func (f Field) isUnknown(text string) bool {
	return f.kind == gen.KindEnumeration && text != "" && !slices.Contains(f.values, text)
}

// established are the fields that json, ndjson and csv begin with, so that scripts
// can read csv by position. Fields that are added to the contract follow in its
// order.
var established = []string{"account_id", "id", "action_type", "status", "quantity", "status_message", "created_at", "updated_at"}

var fields = func() []Field {
	all := []Field{{Name: "account_id", kind: gen.KindString, value: func(r *Record) any { return r.AccountID }}}
	for _, field := range gen.ContractActionFields() {
		value := field.Value
		all = append(all, Field{field.Name, field.Kind, field.Values, func(r *Record) any { return value(&r.ContractAction) }})
	}
	position := func(field Field) int {
		if at := slices.Index(established, field.Name); at >= 0 {
			return at
		}
		return len(established)
	}
	slices.SortStableFunc(all, func(a, b Field) int { return position(a) - position(b) })
	return all
}()

// headings are the headings of columns that are not the field's name.
var headings = map[string]string{
	"account_id": "ACCOUNT", "action_type": "TYPE", "status_message": "MESSAGE", "created_at": "CREATED", "updated_at": "UPDATED",
}

func (f Field) heading() string {
	if heading, ok := headings[f.Name]; ok {
		return heading
	}
	return strings.ToUpper(f.Name)
}

// FieldsNamed returns the fields with these names, in this order; nil for none.
func FieldsNamed(names []string) []Field {
	var chosen []Field
	for _, name := range names {
		for _, field := range fields {
			if field.Name == name {
				chosen = append(chosen, field)
			}
		}
	}
	return chosen
}

// FieldNames returns the names of all fields, in the order in which json, ndjson
// and csv have them.
func FieldNames() []string {
	var names []string
	for _, field := range fields {
		names = append(names, field.Name)
	}
	return names
}
