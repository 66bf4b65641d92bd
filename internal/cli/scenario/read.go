package scenario

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
	"go.yaml.in/yaml/v3"
	"golang.org/x/text/language"
	"golang.org/x/text/message"

	"github.com/talkdesk-express/contractactions/internal/cli/files"
)

// Read reads a scenario file of up to a megabyte. Its errors have the line.
func Read(ctx context.Context, name string) (*Scenario, error) {
	content, err := files.Read(ctx, name)
	if err != nil {
		return nil, err
	}
	scenario, err := parse(content)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return scenario, nil
}

func parse(content []byte) (*Scenario, error) {
	root, err := document(content)
	if err != nil {
		return nil, err
	}
	encoded, err := toJSON(root)
	if err != nil {
		return nil, err
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(encoded))
	if err != nil {
		return nil, err
	}
	if err := compiled().Validate(value); err != nil {
		return nil, describe(err, root)
	}
	scenario := new(Scenario)
	if err := json.Unmarshal(encoded, scenario); err != nil {
		return nil, err
	}
	if problem := scenario.check(); problem != nil {
		return nil, fmt.Errorf("line %d: %s", find(root, problem.location).Line, problem.text)
	}
	return scenario, nil
}

// document returns the only document of a YAML stream.
func document(content []byte) (*yaml.Node, error) {
	decoder := yaml.NewDecoder(bytes.NewReader(content))
	var node, second yaml.Node
	if err := decoder.Decode(&node); err != nil {
		if errors.Is(err, io.EOF) {
			return nil, errors.New("the file is empty")
		}
		return nil, err
	}
	if err := decoder.Decode(&second); !errors.Is(err, io.EOF) {
		return nil, errors.New("the file has more than one YAML document")
	}
	return node.Content[0], nil
}

// toJSON returns YAML as JSON. Times become texts, as which JSON has them.
func toJSON(node *yaml.Node) ([]byte, error) {
	var value any
	if err := node.Decode(&value); err != nil { // which limits the expansion of aliases
		return nil, err
	}
	encoded, err := json.Marshal(value)
	if err != nil {
		return nil, errors.New("the file has a key or a value that JSON does not have: every key must be a text")
	}
	return encoded, nil
}

// describe describes the first violation of the schema.
func describe(err error, root *yaml.Node) error {
	violation, ok := errors.AsType[*jsonschema.ValidationError](err)
	if !ok {
		return err
	}
	for len(violation.Causes) > 0 {
		violation = violation.Causes[0]
	}
	location := violation.InstanceLocation
	text := violation.ErrorKind.LocalizedString(message.NewPrinter(language.English))
	if unknown, ok := violation.ErrorKind.(*kind.AdditionalProperties); ok {
		text = "unknown key " + strconv.Quote(unknown.Properties[0])
		location = append(location[:len(location):len(location)], unknown.Properties[0])
	}
	return fmt.Errorf("line %d: %s: %s", find(root, location).Line, pointer(violation.InstanceLocation), text)
}

// pointer names a place in the file.
func pointer(location []string) string {
	if len(location) == 0 {
		return "the file"
	}
	text := ""
	for _, part := range location {
		if _, err := strconv.Atoi(part); err == nil {
			text += "[" + part + "]"
		} else {
			text += "." + part
		}
	}
	return text[1:]
}

// find returns the node at a location, or the closest one above it.
func find(node *yaml.Node, location []string) *yaml.Node {
	for _, part := range location {
		below := child(node, part)
		if below == nil {
			return node
		}
		node = below
	}
	return node
}

// child returns the value of a key or an index, or nil.
func child(node *yaml.Node, part string) *yaml.Node {
	if node.Kind == yaml.AliasNode {
		node = node.Alias
	}
	if node.Kind == yaml.SequenceNode {
		if i, err := strconv.Atoi(part); err == nil && i < len(node.Content) {
			return node.Content[i]
		}
		return nil
	}
	for i := 0; i+1 < len(node.Content); i += 2 {
		if node.Content[i].Value == part {
			return node.Content[i+1]
		}
	}
	return nil
}
