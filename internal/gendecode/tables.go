package main

import (
	"fmt"
	"go/ast"
	"go/types"
	"slices"

	"github.com/getkin/kin-openapi/openapi3"
)

// declarations are the types that contract.gen.go begins with.
const declarations = `// Kind is the kind of a field's or parameter's values.
type Kind string

// The kinds, and the type in which [Field.Value] returns values of each.
const (
	KindString      Kind = "string"      // string
	KindEnumeration Kind = "enumeration" // string
	KindInteger     Kind = "integer"     // int64
	KindNumber      Kind = "number"      // float64
	KindBoolean     Kind = "boolean"     // bool
	KindTime        Kind = "date-time"   // time.Time
	KindOther       Kind = "other"       // the field's own type, without its pointer
)

// Field describes one field of T, the type of a list's items.
type Field[T any] struct {
	Name        string // in JSON
	Description string // its first sentence
	Kind        Kind
	Required    bool
	Values      []string // the documented values of an enumeration, in the document's order

	// Value returns the field's value in an item, in the type that its kind
	// has; nil if an optional field is absent. Of a required field that is
	// absent, it returns the zero value.
	Value func(item *T) any
}

// Parameter describes one query parameter of an operation.
type Parameter struct {
	Name        string
	Description string // its first sentence
	Kind        Kind
	Required    bool
	Values      []string // the documented values of an enumeration, in the document's order

	// Minimum and Maximum are those of an integer, MaxLength is that of a
	// string, in characters; 0 if the document has none.
	Minimum, Maximum, MaxLength int
}

// List is a page of a list in the vendor's HAL style, without its nesting.
type List[T any] struct {
	Items []T
	Count *int // nil if absent

	Page, PerPage, Total, TotalPages int    // 0 if absent
	Next, Self                       string // the links; empty if absent
}
`

// contractFile writes contract.gen.go.
func contractFile(contract *contract, models *models) ([]byte, error) {
	w := &tableWriter{contract: contract, models: models, done: map[string]bool{}}
	w.out.WriteString(declarations)
	for _, name := range contract.enumerations() {
		if err := w.enumeration(name); err != nil {
			return nil, err
		}
	}
	bodies, err := contract.bodies()
	if err != nil {
		return nil, err
	}
	for _, body := range bodies {
		if err := w.list(body); err != nil {
			return nil, err
		}
		for _, item := range contract.items(body) {
			if err := w.item(item); err != nil {
				return nil, err
			}
		}
	}
	w.scopes()
	for _, operation := range contract.operations() {
		w.parameters(operation)
		w.security(operation)
	}
	return w.out.file(models.pkg, "encoding/json", "maps", "slices", "github.com/talkdesk-express/contractactions/internal/decode")
}

type tableWriter struct {
	contract *contract
	models   *models
	out      source
	done     map[string]bool // types that have a Clone
}

func (w *tableWriter) enumeration(schema string) error {
	name, err := w.models.named("schema", schema)
	if err != nil {
		return err
	}
	w.out.printf("\n// %[1]sValues returns the documented values of [%[1]s], in the\n// document's order.\n"+
		"func %[1]sValues() []%[1]s {\n\treturn []%[1]s{", name)
	for _, value := range values(w.contract.Components.Schemas[schema].Value) {
		w.out.printf("%q, ", value)
	}
	w.out.printf("}\n}\n")
	return nil
}

// item writes the fields of a list's item, and its Clone.
func (w *tableWriter) item(schema string) error {
	name, err := w.models.named("schema", schema)
	if err != nil {
		return err
	}
	fields, err := w.models.fields(name)
	if err != nil {
		return err
	}
	definition := w.contract.Components.Schemas[schema].Value
	w.out.printf("\n// %[1]sFields returns the fields of [%[1]s], in the document's order.\n"+
		"func %[1]sFields() []Field[%[1]s] {\n\treturn []Field[%[1]s]{\n", name)
	keys := w.contract.keys("components", "schemas", schema, "properties")
	for _, key := range keys {
		at := slices.IndexFunc(fields, func(f field) bool { return f.jsonName == key })
		if at < 0 {
			return fmt.Errorf("schema %s, property %s: the type %s has no field for it", schema, key, name)
		}
		property := definition.Properties[key].Value
		w.out.printf("{\n")
		w.out.describe(key, property.Description, w.kind(fields[at].typ, property), slices.Contains(definition.Required, key), property)
		w.out.printf("Value: func(item *%s) any {\n%s\n},\n},\n", name, w.accessor(fields[at]))
	}
	w.out.printf("\t}\n}\n")
	if len(keys) != len(fields) {
		return fmt.Errorf("schema %s: the type %s has fields that are not among its properties: list all properties of an item in its own schema, without allOf", schema, name)
	}
	return w.clone(name)
}

// describe writes what a Field and a Parameter have in common.
func (s *source) describe(name, description, kind string, required bool, schema *openapi3.Schema) {
	s.printf("Name: %q,\n", name)
	if description != "" {
		s.printf("Description: %q,\n", summary(description))
	}
	s.printf("Kind: %s,\n", kind)
	if required {
		s.printf("Required: true,\n")
	}
	if isEnumeration(schema) {
		s.printf("Values: %#v,\n", values(schema))
	}
}

// kind returns the constant for the kind of a field.
func (w *tableWriter) kind(typ ast.Expr, property *openapi3.Schema) string {
	shape, of := w.models.shape(typ)
	if shape == pointer {
		shape, _ = w.models.shape(of)
	}
	if shape == text && isEnumeration(property) {
		return "KindEnumeration"
	}
	return kindOfShape(shape)
}

func kindOfShape(shape goShape) string {
	switch shape {
	case text:
		return "KindString"
	case integer:
		return "KindInteger"
	case float:
		return "KindNumber"
	case boolean:
		return "KindBoolean"
	case moment:
		return "KindTime"
	}
	return "KindOther"
}

// accessor returns statements that return a field's value.
func (w *tableWriter) accessor(field field) string {
	value := "item." + field.goName
	absent := fmt.Sprintf("if %s == nil {\nreturn nil\n}\nreturn ", value)
	if pointer, ok := field.typ.(*ast.StarExpr); ok {
		return absent + w.converted(pointer.X, "*"+value)
	}
	if w.models.canBeNil(field.typ) {
		return absent + value
	}
	return "return " + w.converted(field.typ, value)
}

// converted converts a value to the type that its kind has.
func (w *tableWriter) converted(typ ast.Expr, value string) string {
	shape, of := w.models.shape(typ)
	target := map[goShape]string{text: "string", integer: "int64", float: "float64", boolean: "bool"}[shape]
	if target == "" || target == types.ExprString(of) {
		return value
	}
	return target + "(" + value + ")"
}

// clone writes the Clone of a struct, and those of the structs in it.
func (w *tableWriter) clone(name string) error {
	if w.done[name] {
		return nil
	}
	w.done[name] = true
	fields, err := w.models.fields(name)
	if err != nil {
		return err
	}
	w.out.printf("\n// Clone returns a copy of v. It shares no pointer, list or map with v, except\n"+
		"// those in lists of lists, in maps and in values whose type has no name.\n"+
		"func (v %[1]s) Clone() %[1]s {\n", name)
	for _, field := range fields {
		w.cloneField(field.typ, "v."+field.goName)
	}
	w.out.printf("return v\n}\n")
	for _, field := range fields {
		if inner, ok := w.object(field.typ); ok {
			if err := w.clone(inner); err != nil {
				return err
			}
		}
	}
	return nil
}

// cloneField writes statements that replace a value by a copy.
func (w *tableWriter) cloneField(typ ast.Expr, value string) {
	_, isObject := w.object(typ)
	switch typ.(type) {
	case *ast.StarExpr:
		copied := "*" + value
		if isObject {
			copied = value + ".Clone()"
		}
		w.out.printf("if %[1]s != nil {\n%[1]s = new(%[2]s)\n}\n", value, copied)
	case *ast.ArrayType:
		w.out.printf("%[1]s = slices.Clone(%[1]s)\n", value)
		if isObject {
			w.out.printf("for i := range %[1]s {\n%[1]s[i] = %[1]s[i].Clone()\n}\n", value)
		}
	case *ast.MapType:
		w.out.printf("%[1]s = maps.Clone(%[1]s)\n", value)
	default:
		if isObject {
			w.out.printf("%[1]s = %[1]s.Clone()\n", value)
		}
	}
}

// object returns the name of the struct that a type is, points to, or lists.
func (w *tableWriter) object(typ ast.Expr) (name string, ok bool) {
	shape, of := w.models.shape(typ)
	if shape == pointer || shape == slice {
		shape, of = w.models.shape(of)
	}
	return types.ExprString(of), shape == object
}

// parameters writes the query parameters of an operation.
func (w *tableWriter) parameters(operation operation) {
	var listed source
	for _, each := range operation.parameters {
		if parameter := each.Value; parameter.In == openapi3.ParameterInQuery && parameter.Schema != nil {
			schema := parameter.Schema.Value
			listed.printf("{\n")
			listed.describe(parameter.Name, parameter.Description, kindOfSchema(schema), parameter.Required, schema)
			bound(&listed, "Minimum", schema.Min)
			bound(&listed, "Maximum", schema.Max)
			bound(&listed, "MaxLength", schema.MaxLength)
			listed.printf("},\n")
		}
	}
	if listed.Len() > 0 {
		w.out.printf("\n// %[1]sParameters returns the query parameters of the operation\n// %[2]s, in the document's order.\n"+
			"func %[1]sParameters() []Parameter {\nreturn []Parameter{\n%[3]s}\n}\n", upper(operation.OperationID), operation.OperationID, listed.String())
	}
}

func kindOfSchema(schema *openapi3.Schema) string {
	schema = unwrapped(schema)
	switch {
	case isEnumeration(schema):
		return "KindEnumeration"
	case schema.Type.Is("string") && schema.Format == "date-time":
		return "KindTime"
	case schema.Type.Is("string"):
		return "KindString"
	case schema.Type.Is("integer"):
		return "KindInteger"
	case schema.Type.Is("number"):
		return "KindNumber"
	case schema.Type.Is("boolean"):
		return "KindBoolean"
	}
	return "KindOther"
}

// bound writes a bound, if there is one.
func bound[T float64 | uint64](out *source, name string, value *T) {
	if value != nil {
		out.printf("%s: %d,\n", name, int(*value))
	}
}
