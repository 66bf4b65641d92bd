package output

import (
	"slices"
	"strings"
	"time"

	"github.com/talkdesk-express/contractactions/gen"
)

// Field is one column of a table, or one member of a JSON object.
type Field[R any] struct {
	Name        string
	kind        gen.Kind
	values      []string // the documented ones of an enumeration
	value       func(*R) any
	required    bool // by the contract
	description string
}

// Value returns the field's value in a record: a string, an int64, a float64, a
// bool or a time; nil if the service sent nothing. An enumeration has no empty
// value; a text of another kind that the contract requires is empty instead.
func (f Field[R]) Value(record *R) any {
	value := f.value(record)
	moment, isTime := value.(time.Time)
	if f.kind == gen.KindEnumeration && value == "" || isTime && moment.IsZero() {
		return nil
	}
	return value
}

// text returns a field's value as csv and tables have it; empty for none.
func (f Field[R]) text(record *R) string {
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
func (f Field[R]) isText() bool {
	return f.kind == gen.KindString || f.kind == gen.KindEnumeration || f.kind == gen.KindOther
}

func (f Field[R]) isNumber() bool { return f.kind == gen.KindInteger || f.kind == gen.KindNumber }

// isUnknown reports whether a value is not among those of an enumeration.
func (f Field[R]) isUnknown(text string) bool {
	return f.kind == gen.KindEnumeration && text != "" && !slices.Contains(f.values, text)
}

// headings are the headings of columns that are not the field's name.
var headings = map[string]string{
	"account_id": "ACCOUNT", "action_type": "TYPE", messageColumn: "MESSAGE", "created_at": "CREATED", "updated_at": "UPDATED",
	"company_name": "COMPANY",
}

func (f Field[R]) heading() string {
	if heading, ok := headings[f.Name]; ok {
		return heading
	}
	return strings.ToUpper(f.Name)
}
