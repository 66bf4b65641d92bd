package main

import (
	"bytes"
	"encoding/json"
	"fmt"

	"go.yaml.in/yaml/v3"
)

// toJSON converts a YAML document to indented JSON. Keys keep their order,
// which they lose on the way through a map.
func toJSON(document []byte) ([]byte, error) {
	var root yaml.Node
	if err := yaml.Unmarshal(document, &root); err != nil {
		return nil, err
	}
	var compact, indented bytes.Buffer
	if err := writeNode(&compact, &root); err != nil {
		return nil, err
	}
	if err := json.Indent(&indented, compact.Bytes(), "", "  "); err != nil {
		return nil, err
	}
	indented.WriteByte('\n')
	return indented.Bytes(), nil
}

func writeNode(out *bytes.Buffer, node *yaml.Node) error {
	switch node.Kind {
	case yaml.DocumentNode:
		return writeNode(out, node.Content[0])
	case yaml.MappingNode:
		return writeMapping(out, node.Content)
	case yaml.SequenceNode:
		return writeSequence(out, node.Content)
	case yaml.ScalarNode:
		return writeScalar(out, node)
	default:
		return fmt.Errorf("line %d: neither a mapping nor a sequence nor a scalar", node.Line)
	}
}

// writeMapping takes keys and values by turns.
func writeMapping(out *bytes.Buffer, content []*yaml.Node) error {
	out.WriteByte('{')
	for i := 0; i < len(content); i += 2 {
		if i > 0 {
			out.WriteByte(',')
		}
		// Keys of JSON are strings, even if they look like 200.
		if err := writeValue(out, content[i].Value); err != nil {
			return err
		}
		out.WriteByte(':')
		if err := writeNode(out, content[i+1]); err != nil {
			return err
		}
	}
	out.WriteByte('}')
	return nil
}

func writeSequence(out *bytes.Buffer, content []*yaml.Node) error {
	out.WriteByte('[')
	for i, element := range content {
		if i > 0 {
			out.WriteByte(',')
		}
		if err := writeNode(out, element); err != nil {
			return err
		}
	}
	out.WriteByte(']')
	return nil
}

func writeScalar(out *bytes.Buffer, node *yaml.Node) error {
	if node.ShortTag() == "!!timestamp" { // JSON has none
		return writeValue(out, node.Value)
	}
	var value any
	if err := node.Decode(&value); err != nil {
		return err
	}
	if err := writeValue(out, value); err != nil {
		return fmt.Errorf("line %d: %w", node.Line, err)
	}
	return nil
}

func writeValue(out *bytes.Buffer, value any) error {
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	return encoder.Encode(value)
}
