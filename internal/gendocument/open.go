package main

import "go.yaml.in/yaml/v3"

const openIntroduction = "**Variant of `openapi.yaml` with open enumerations.** In responses, the documented values are in `x-extensible-enum` " +
	"in place of `enum`, so that generated clients accept others. Generated; the rest is the same."

// openEnumerations renames enum to x-extensible-enum in the schemas that responses
// refer to. The values of a request are the client's own choice, so those of
// parameters stay closed.
func (v *variant) openEnumerations() error {
	v.introduce(openIntroduction)
	return v.open(get(v.root, "components", "responses"), map[string]bool{})
}

// open opens the enumerations below a node, and those that it refers to.
func (v *variant) open(node *yaml.Node, seen map[string]bool) error {
	if node == nil {
		return nil
	}
	if reference := get(node, "$ref"); reference != nil && !seen[reference.Value] {
		seen[reference.Value] = true
		schema, err := v.component(reference.Value)
		if err != nil {
			return err
		}
		if at := indexOf(schema, "enum"); at >= 0 {
			schema.Content[at].Value = "x-extensible-enum"
		}
		return v.open(schema, seen)
	}
	for _, child := range node.Content {
		if err := v.open(child, seen); err != nil {
			return err
		}
	}
	return nil
}
