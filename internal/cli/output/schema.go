package output

import (
	"reflect"
	"strings"
	"time"

	"github.com/talkdesk-express/contractactions/gen"
)

// Schema is a JSON Schema.
type Schema map[string]any

const dialect = "https://json-schema.org/draft/2020-12/schema"

// Schema returns the schema of json, an array, and in its definition item that of a
// line of ndjson. Both have all fields.
func (l List[R]) Schema(title string) Schema {
	properties := make(map[string]Schema)
	for _, field := range l.fields {
		properties[field.Name] = field.schema()
	}
	return Schema{
		"$schema": dialect,
		"title":   title,
		"type":    "array",
		"items":   Schema{"$ref": "#/$defs/item"},
		"$defs":   map[string]Schema{"item": {"type": "object", "properties": properties, "required": l.FieldNames()}},
	}
}

// schema lists the documented values of an enumeration as examples, since the
// service can send others.
func (f Field[R]) schema() Schema {
	schema := Schema{"description": f.description}
	switch f.kind {
	case gen.KindOther:
		return schema
	case gen.KindEnumeration:
		schema["type"], schema["examples"] = "string", f.values
	case gen.KindTime:
		schema["type"], schema["format"] = "string", "date-time"
	default:
		schema["type"] = string(f.kind)
	}
	if !f.required || f.kind == gen.KindEnumeration || f.kind == gen.KindTime {
		schema.allowNull()
	}
	return schema
}

func (s Schema) allowNull() { s["type"] = []any{s["type"], "null"} }

// SchemaOf returns the schema of the JSON of a struct. Descriptions are in the tag
// description of its fields. A slice that can be null has the tag nullable. A string
// with the method Choices has no other values.
func SchemaOf(title string, value any) Schema {
	schema := typeSchema(reflect.TypeOf(value))
	schema["$schema"], schema["title"] = dialect, title
	return schema
}

func typeSchema(t reflect.Type) Schema {
	if t == reflect.TypeFor[time.Time]() {
		return Schema{"type": "string", "format": "date-time"}
	}
	switch t.Kind() {
	case reflect.Pointer:
		schema := typeSchema(t.Elem())
		schema.allowNull()
		return schema
	case reflect.Struct:
		return structSchema(t)
	case reflect.Slice:
		return Schema{"type": "array", "items": typeSchema(t.Elem())}
	case reflect.Bool:
		return Schema{"type": "boolean"}
	case reflect.Int:
		return Schema{"type": "integer"}
	case reflect.Float64:
		return Schema{"type": "number"}
	}
	schema := Schema{"type": "string"}
	if enumeration, ok := reflect.Zero(t).Interface().(interface{ Choices() []string }); ok {
		schema["enum"] = enumeration.Choices()
	}
	return schema
}

func structSchema(t reflect.Type) Schema {
	properties, required := make(map[string]Schema), []string{}
	for field := range t.Fields() {
		name, options, _ := strings.Cut(field.Tag.Get("json"), ",")
		if name == "" {
			continue // not exported
		}
		schema := typeSchema(field.Type)
		schema["description"] = field.Tag.Get("description")
		if _, nullable := field.Tag.Lookup("nullable"); nullable {
			schema.allowNull()
		}
		properties[name] = schema
		if options != "omitempty" {
			required = append(required, name)
		}
	}
	return Schema{"type": "object", "properties": properties, "required": required}
}
