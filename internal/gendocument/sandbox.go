package main

import (
	"fmt"
	"net/url"
	"strings"

	"go.yaml.in/yaml/v3"
)

// sandboxURL is where contractactions serve listens by default. Package
// contractactions replaces it by the address of a sandbox.
const sandboxURL = "http://127.0.0.1:8080"

const sandboxIntroduction = "**Variant of `openapi.yaml` for tools that send requests.** The server, the token endpoint and the links in examples are those " +
	"of a sandbox, and optional parameters have no examples, because tools send them. Generated; the rest is the same."

// useSandbox makes a sandbox the only server and moves the token endpoint there,
// at its path. Links in examples move too, because mocks respond with them and
// clients follow them. Optional parameters lose the examples, which tools would
// send: the first request that people try would otherwise list only failed contract
// actions. Defaults stay, because some tools make values up for parameters without
// any.
func (v *variant) useSandbox() error {
	v.introduce(sandboxIntroduction)
	servers := get(v.root, "servers")
	if servers == nil || len(servers.Content) == 0 {
		return fmt.Errorf("the document has no servers")
	}
	servers.Content = servers.Content[:1]
	moveLinks(v.root, get(servers.Content[0], "url").Value)
	get(servers.Content[0], "description").Value = "Sandbox"
	for _, scheme := range values(get(v.root, "components", "securitySchemes")) {
		for _, flow := range values(get(scheme, "flows")) {
			if err := moveToSandbox(get(flow, "tokenUrl")); err != nil {
				return err
			}
		}
	}
	for _, parameter := range values(get(v.root, "components", "parameters")) {
		if required := get(parameter, "required"); required == nil || required.Value != "true" {
			if err := v.removeExamples(parameter); err != nil {
				return err
			}
		}
	}
	return nil
}

// moveLinks moves the texts below a node that begin with the URL of a server.
func moveLinks(node *yaml.Node, server string) {
	if path, ok := strings.CutPrefix(node.Value, server); ok {
		setURL(node, sandboxURL+path)
	}
	for _, child := range node.Content {
		moveLinks(child, server)
	}
}

func moveToSandbox(address *yaml.Node) error {
	if address == nil {
		return nil
	}
	parsed, err := url.Parse(address.Value)
	if err != nil {
		return err
	}
	setURL(address, sandboxURL+parsed.EscapedPath())
	return nil
}

// setURL quotes a URL, so that any other can replace it.
func setURL(node *yaml.Node, text string) { node.Value, node.Style = text, yaml.DoubleQuotedStyle }

// removeExamples removes the examples of a parameter and of its schema.
func (v *variant) removeExamples(parameter *yaml.Node) error {
	schema := get(parameter, "schema")
	if reference := get(schema, "$ref"); reference != nil {
		var err error
		if schema, err = v.component(reference.Value); err != nil {
			return err
		}
	}
	for _, node := range []*yaml.Node{parameter, schema} {
		remove(node, "example")
		remove(node, "examples")
	}
	return nil
}
