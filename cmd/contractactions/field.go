package main

import (
	"strconv"
	"time"

	"github.com/talkdesk-express/contractactions/wrapper"
)

// record is a contract action as it is printed: with its account, and its
// times in the zone that was asked for.
type record struct {
	accountID string
	wrapper.ContractAction
}

func newRecord(accountID string, action wrapper.ContractAction, zone *time.Location) record {
	action.CreatedAt, action.UpdatedAt = action.CreatedAt.In(zone), action.UpdatedAt.In(zone)
	return record{accountID, action}
}

// field is what one column, or one member of a JSON object, shows of a record.
type field struct {
	name, heading string
	kind          fieldKind
	// text is empty where the service sent nothing.
	text func(record) string
	// known is whether the contract lists the value; nil if it lists none.
	known func(record) bool
}

type fieldKind int

const (
	textField fieldKind = iota
	numberField
	timeField
)

// fields are all there are, in the order in which csv, json and ndjson have
// them: always the same, however many accounts are listed.
var fields = []field{
	{name: "account_id", heading: "ACCOUNT", text: func(r record) string { return r.accountID }},
	{name: "id", heading: "ID", text: func(r record) string { return r.ID }},
	{name: "action_type", heading: "TYPE", text: func(r record) string { return string(r.ActionType) },
		known: func(r record) bool { return r.ActionType.Valid() }},
	{name: "status", heading: "STATUS", text: func(r record) string { return string(r.Status) },
		known: func(r record) bool { return r.Status.Valid() }},
	{name: "quantity", heading: "QUANTITY", kind: numberField, text: func(r record) string { return quantityText(r.Quantity) }},
	{name: "status_message", heading: "MESSAGE", text: func(r record) string { return r.StatusMessage }},
	{name: "created_at", heading: "CREATED", kind: timeField, text: func(r record) string { return timeText(r.CreatedAt) }},
	{name: "updated_at", heading: "UPDATED", kind: timeField, text: func(r record) string { return timeText(r.UpdatedAt) }},
}

// tableFields are those of a table: the account only where there can be
// several, and the message, which can be long, at the end.
func tableFields(severalAccounts bool) []field {
	names := []string{"account_id", "id", "action_type", "status", "quantity", "created_at", "updated_at", "status_message"}
	if !severalAccounts {
		names = names[1:]
	}
	return fieldsNamed(names)
}

func fieldsNamed(names []string) []field {
	var chosen []field
	for _, name := range names {
		for _, field := range fields {
			if field.name == name {
				chosen = append(chosen, field)
			}
		}
	}
	return chosen
}

func fieldNames() []string {
	var names []string
	for _, field := range fields {
		names = append(names, field.name)
	}
	return names
}

func quantityText(quantity *int32) string {
	if quantity == nil {
		return ""
	}
	return strconv.Itoa(int(*quantity))
}

func timeText(moment time.Time) string {
	if moment.IsZero() {
		return ""
	}
	return moment.Format(time.RFC3339Nano)
}
