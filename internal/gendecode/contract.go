package main

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"go.yaml.in/yaml/v3"
)

// contract is the OpenAPI document.
type contract struct {
	*openapi3.T
	root yaml.Node // for the order of keys, which the loader does not keep
}

func parseContract(content []byte) (*contract, error) {
	c := new(contract)
	if err := yaml.Unmarshal(content, &c.root); err != nil {
		return nil, err
	}
	var err error
	if c.T, err = openapi3.NewLoader().LoadFromData(content); err != nil {
		return nil, err
	}
	if err := c.Validate(context.Background()); err != nil {
		return nil, err
	}
	if c.Components == nil {
		c.Components = new(openapi3.Components)
	}
	return c, nil
}

// keys returns the keys of the mapping at a path, in the document's order.
func (c *contract) keys(path ...string) []string {
	node := c.root.Content[0]
	for _, key := range path {
		if node = valueOf(node, key); node == nil {
			return nil
		}
	}
	var keys []string
	for i := 0; i < len(node.Content); i += 2 {
		keys = append(keys, node.Content[i].Value)
	}
	return keys
}

func valueOf(mapping *yaml.Node, key string) *yaml.Node {
	for i := 0; i+1 < len(mapping.Content); i += 2 {
		if mapping.Content[i].Value == key {
			return mapping.Content[i+1]
		}
	}
	return nil
}

// operation is one method of one path.
type operation struct {
	*openapi3.Operation
	parameters openapi3.Parameters // the path's, too
}

// operations returns all operations, by their ids.
func (c *contract) operations() []operation {
	var all []operation
	for _, item := range c.Paths.Map() {
		for _, each := range item.Operations() {
			all = append(all, operation{each, slices.Concat(item.Parameters, each.Parameters)})
		}
	}
	slices.SortFunc(all, func(a, b operation) int { return cmp.Compare(a.OperationID, b.OperationID) })
	return all
}

// bodies returns the names of the schemas that 200 responses have, sorted.
func (c *contract) bodies() ([]string, error) {
	names := map[string]bool{}
	for _, each := range c.operations() {
		response := each.Responses.Status(200)
		if response == nil {
			continue
		}
		media := response.Value.Content.Get("application/json")
		if media == nil || media.Schema == nil {
			continue
		}
		name, ok := schemaName(media.Schema)
		if !ok {
			return nil, fmt.Errorf("operation %s: the schema of its 200 response must be a $ref to one of #/components/schemas", each.OperationID)
		}
		names[name] = true
	}
	return slices.Sorted(maps.Keys(names)), nil
}

// schemaName returns the name of the schema that is referred to.
func schemaName(schema *openapi3.SchemaRef) (name string, ok bool) {
	return strings.CutPrefix(schema.Ref, "#/components/schemas/")
}

// referred returns the name of the schema that a property refers to, by itself or
// in an allOf of one.
func referred(property *openapi3.SchemaRef) (name string, ok bool) {
	for property.Ref == "" && len(property.Value.AllOf) == 1 {
		property = property.Value.AllOf[0]
	}
	return schemaName(property)
}

// items returns the names of the schemas of the objects that a body lists: the
// elements of the arrays of the body and of the objects in it.
func (c *contract) items(name string) []string {
	var found []string
	seen := map[string]bool{}
	var search func(name string)
	search = func(name string) {
		if seen[name] {
			return
		}
		seen[name] = true
		properties := c.Components.Schemas[name].Value.Properties
		for _, property := range c.keys("components", "schemas", name, "properties") {
			schema := properties[property]
			if items := schema.Value.Items; items != nil {
				if item, ok := schemaName(items); ok && items.Value.Type.Is("object") && !slices.Contains(found, item) {
					found = append(found, item)
				}
			} else if object, ok := referred(schema); ok {
				search(object)
			}
		}
	}
	search(name)
	return found
}

// enumerations returns the names of the schemas that are string enumerations.
func (c *contract) enumerations() []string {
	return slices.DeleteFunc(c.keys("components", "schemas"), func(name string) bool {
		return !isEnumeration(c.Components.Schemas[name].Value)
	})
}

func isEnumeration(schema *openapi3.Schema) bool {
	schema = unwrapped(schema)
	return schema.Type.Is("string") && len(schema.Enum) > 0
}

// values returns the values of an enumeration, in the document's order.
func values(schema *openapi3.Schema) []string {
	var texts []string
	for _, value := range unwrapped(schema).Enum {
		if text, ok := value.(string); ok { // not the null of a nullable one
			texts = append(texts, text)
		}
	}
	return texts
}

// unwrapped returns the schema in an allOf of one, as documents have it to
// describe a reference.
func unwrapped(schema *openapi3.Schema) *openapi3.Schema {
	for len(schema.AllOf) == 1 && schema.Type == nil {
		schema = schema.AllOf[0].Value
	}
	return schema
}

// summary returns the first sentence of a description.
func summary(description string) string {
	text := strings.Join(strings.Fields(strings.SplitN(description, "\n\n", 2)[0]), " ")
	if end := strings.Index(text, ". "); end >= 0 {
		text = text[:end+1]
	}
	return text
}
