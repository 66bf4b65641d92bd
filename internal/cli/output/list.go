package output

import (
	"bufio"
	"slices"

	"github.com/talkdesk-express/contractactions/gen"
)

// List describes how the items of a list are printed.
type List[R any] struct {
	fields  []Field[R] // all, in the order in which json, ndjson and csv have them
	columns []string   // names of the fields that a table has
}

// FieldNames returns the names of all fields, in the order in which json, ndjson
// and csv have them.
func (l List[R]) FieldNames() []string {
	var names []string
	for _, field := range l.fields {
		names = append(names, field.Name)
	}
	return names
}

// FieldsNamed returns the fields with these names, in this order; nil for none.
func (l List[R]) FieldsNamed(names []string) []Field[R] {
	var chosen []Field[R]
	for _, name := range names {
		for _, field := range l.fields {
			if field.Name == name {
				chosen = append(chosen, field)
			}
		}
	}
	return chosen
}

// Without returns the list without a column in tables that have no others chosen.
func (l List[R]) Without(column string) List[R] {
	l.columns = slices.DeleteFunc(slices.Clone(l.columns), func(name string) bool { return name == column })
	return l
}

// NewPrinter returns a printer for the items.
func (l List[R]) NewPrinter(format Format, out *bufio.Writer) Printer[R] {
	chosen := l.FieldsNamed(format.Fields)
	if format.Name == "table" {
		mayOmit := chosen == nil
		if mayOmit {
			chosen = l.FieldsNamed(l.columns)
		}
		return &table[R]{out: out, fields: chosen, mayOmit: mayOmit, terminal: format.Terminal}
	}
	if chosen == nil {
		chosen = l.fields
	}
	switch format.Name {
	case "json":
		return &jsonArray[R]{out: out, fields: chosen}
	case "csv":
		return newCSVTable(out, chosen)
	}
	return jsonLines[R]{out, chosen}
}

// NewContinuation returns a printer that continues a list that was printed
// before, in one of the formats of [Continuable].
func (l List[R]) NewContinuation(format Format, out *bufio.Writer) Printer[R] {
	printer := l.NewPrinter(format, out)
	if table, ok := printer.(*csvTable[R]); ok {
		table.begun = true
	}
	return printer
}

// fieldsOf returns the fields of the contract's items in records that contain them.
func fieldsOf[R, Item any](fields []gen.Field[Item], item func(*R) *Item) []Field[R] {
	var all []Field[R]
	for _, field := range fields {
		all = append(all, Field[R]{
			Name: field.Name, kind: field.Kind, values: field.Values, required: field.Required, description: field.Description,
			value: func(record *R) any { return field.Value(item(record)) },
		})
	}
	return all
}
