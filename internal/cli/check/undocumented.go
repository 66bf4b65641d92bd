package check

import (
	"maps"
	"slices"
	"strconv"

	"github.com/getkin/kin-openapi/openapi3"
)

// undocumentedFields calls found with each field of the value that its schema does
// not have, but not with fields inside of those.
func undocumentedFields(schema *openapi3.Schema, value any, path []string, found func(path []string, value any)) {
	switch value := value.(type) {
	case []any:
		if schema.Items == nil {
			return
		}
		for i, item := range value {
			undocumentedFields(schema.Items.Value, item, child(path, strconv.Itoa(i)), found)
		}
	case map[string]any:
		if !describesFields(schema) {
			return
		}
		for _, name := range slices.Sorted(maps.Keys(value)) {
			field := fieldOf(schema, name)
			if field == nil {
				found(child(path, name), value[name])
				continue
			}
			undocumentedFields(field, value[name], child(path, name), found)
		}
	}
}

// child never shares memory with another path.
func child(path []string, name string) []string { return append(slices.Clip(path), name) }

// fieldOf returns the schema of a field; nil if it is not documented.
func fieldOf(schema *openapi3.Schema, name string) *openapi3.Schema {
	if property := schema.Properties[name]; property != nil {
		return property.Value
	}
	for _, part := range partsOf(schema) {
		if found := fieldOf(part.Value, name); found != nil {
			return found
		}
	}
	if others := schema.AdditionalProperties.Schema; others != nil {
		return others.Value
	}
	return nil
}

// describesFields reports whether a schema documents the fields of its object.
// One such as {} allows any.
func describesFields(schema *openapi3.Schema) bool {
	if len(schema.Properties) > 0 || schema.AdditionalProperties.Schema != nil {
		return true
	}
	return slices.ContainsFunc(partsOf(schema), func(part *openapi3.SchemaRef) bool { return describesFields(part.Value) })
}

func partsOf(schema *openapi3.Schema) []*openapi3.SchemaRef {
	return slices.Concat(schema.AllOf, schema.OneOf, schema.AnyOf)
}
