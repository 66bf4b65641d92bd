package main

import (
	"bytes"
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"
)

// variant is a document that is being changed. Changing nodes keeps the order of
// keys and the comments.
type variant struct{ root *yaml.Node }

// vary returns the document with a change.
func vary(document []byte, change func(*variant) error) ([]byte, error) {
	var parsed yaml.Node
	if err := yaml.Unmarshal(document, &parsed); err != nil {
		return nil, err
	}
	if err := change(&variant{parsed.Content[0]}); err != nil {
		return nil, err
	}
	var out bytes.Buffer
	out.WriteString("# Generated from openapi.yaml by internal/gendocument. DO NOT EDIT.\n\n")
	encoder := yaml.NewEncoder(&out)
	encoder.SetIndent(2)
	if err := encoder.Encode(&parsed); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// introduce puts a paragraph before the description of the document.
func (v *variant) introduce(paragraph string) {
	description := get(v.root, "info", "description")
	description.Value = paragraph + "\n\n" + description.Value
}

// component returns what a reference refers to.
func (v *variant) component(reference string) (*yaml.Node, error) {
	path, ok := strings.CutPrefix(reference, "#/")
	found := get(v.root, strings.Split(path, "/")...)
	if !ok || found == nil {
		return nil, fmt.Errorf("%q refers to nothing in this document", reference)
	}
	return found, nil
}

// get returns the value at a path of keys below a mapping, or nil.
func get(node *yaml.Node, path ...string) *yaml.Node {
	for _, key := range path {
		at := indexOf(node, key)
		if at < 0 {
			return nil
		}
		node = node.Content[at+1]
	}
	return node
}

// remove removes a key and its value, if there is one.
func remove(mapping *yaml.Node, key string) {
	if at := indexOf(mapping, key); at >= 0 {
		mapping.Content = append(mapping.Content[:at], mapping.Content[at+2:]...)
	}
}

// indexOf returns the index of a key in the contents of a mapping, or -1.
func indexOf(node *yaml.Node, key string) int {
	if node != nil && node.Kind == yaml.MappingNode {
		for i := 0; i < len(node.Content); i += 2 {
			if node.Content[i].Value == key {
				return i
			}
		}
	}
	return -1
}

// values returns the values of a mapping, if there is one.
func values(node *yaml.Node) []*yaml.Node {
	var found []*yaml.Node
	if node != nil && node.Kind == yaml.MappingNode {
		for i := 1; i < len(node.Content); i += 2 {
			found = append(found, node.Content[i])
		}
	}
	return found
}
