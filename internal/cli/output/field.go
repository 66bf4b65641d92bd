package output

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/talkdesk-express/contractactions/wrapper"
)

// Record is a contract action as it is printed: with its account, and its times
// in the chosen zone.
type Record struct {
	AccountID string
	wrapper.ContractAction
}

// NewRecord returns the record of a contract action, with times in the zone.
func NewRecord(accountID string, action wrapper.ContractAction, zone *time.Location) Record {
	action.CreatedAt, action.UpdatedAt = action.CreatedAt.In(zone), action.UpdatedAt.In(zone)
	return Record{accountID, action}
}

// Field is one column of a table, or one member of a JSON object.
type Field struct {
	Name string
	kind kind
	// Value returns a string, an integer or a time; nil if the service sent
	// nothing.
	Value func(Record) any
	// known reports whether the contract lists the value; nil for fields that are
	// not enumerations.
	known func(Record) bool
}

type kind int

const (
	textKind kind = iota
	numberKind
	timeKind
)

// Fields returns all fields, in the order in which json, ndjson and csv have
// them.
func Fields() []Field { return slices.Clone(fields) }

var fields = []Field{
	{Name: "account_id", Value: func(r Record) any { return r.AccountID }},
	{Name: "id", Value: func(r Record) any { return r.ID }},
	{Name: "action_type", Value: func(r Record) any { return string(r.ActionType) },
		known: func(r Record) bool { return r.ActionType.Valid() }},
	{Name: "status", Value: func(r Record) any { return string(r.Status) },
		known: func(r Record) bool { return r.Status.Valid() }},
	{Name: "quantity", kind: numberKind, Value: func(r Record) any { return number(r.Quantity) }},
	{Name: "status_message", Value: func(r Record) any { return r.StatusMessage }},
	{Name: "created_at", kind: timeKind, Value: func(r Record) any { return moment(r.CreatedAt) }},
	{Name: "updated_at", kind: timeKind, Value: func(r Record) any { return moment(r.UpdatedAt) }},
}

func number(n *int32) any {
	if n == nil {
		return nil
	}
	return int64(*n)
}

func moment(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t
}

// text returns a field's value as csv and tables have it, empty for none.
func (f Field) text(record Record) string {
	switch value := f.Value(record).(type) {
	case nil:
		return ""
	case time.Time:
		return value.Format(time.RFC3339Nano)
	default:
		return fmt.Sprint(value)
	}
}

// headings are the names of columns that differ from the field's.
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

// FieldNames returns the names of all fields.
func FieldNames() []string {
	var names []string
	for _, field := range fields {
		names = append(names, field.Name)
	}
	return names
}

// Statuses returns the documented statuses, in the order of the contract.
func Statuses() []wrapper.ContractActionStatus {
	return []wrapper.ContractActionStatus{
		wrapper.StatusCreated, wrapper.StatusInProgress, wrapper.StatusCompleted, wrapper.StatusFailed,
	}
}
