package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

func TestGeneratedFilesAreUpToDate(t *testing.T) {
	document, err := os.ReadFile("../../openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	files, err := render(document)
	if err != nil {
		t.Fatal(err)
	}
	if len(files) != 5 {
		t.Errorf("%d files, want 5", len(files))
	}
	for name, content := range files {
		committed, err := os.ReadFile(filepath.Join("../../gen", name))
		if err != nil {
			t.Fatal(err)
		}
		if string(committed) != string(content) {
			t.Errorf("gen/%s: run go generate ./...", name)
		}
		// JSON is YAML, so one parser reads both.
		if got, want := keys(t, content), keys(t, document); !slices.Equal(got, want) {
			t.Errorf("gen/%s: the order of keys differs", name)
		}
	}
}

// keys returns all keys of a document in its order, those of variants by the
// names that they have in the original, and without what variants leave out.
func keys(t *testing.T, document []byte) []string {
	t.Helper()
	var root yaml.Node
	if err := yaml.Unmarshal(document, &root); err != nil {
		t.Fatal(err)
	}
	var found []string
	var walk func(node *yaml.Node)
	walk = func(node *yaml.Node) {
		for i, child := range node.Content {
			if key := strings.Replace(child.Value, "x-extensible-enum", "enum", 1); node.Kind == yaml.MappingNode && i%2 == 0 {
				if !slices.Contains([]string{"servers", "example"}, key) {
					found = append(found, key)
				}
			} else if node.Kind != yaml.MappingNode || node.Content[i-1].Value != "servers" {
				walk(child)
			}
		}
	}
	walk(&root)
	return found
}

func TestWhatCannotBeVariedIsNamed(t *testing.T) {
	const document = `
info: {title: t, description: d}
servers: [{url: https://x.test, description: d}]
components:
  securitySchemes: {a: {flows: {clientCredentials: {tokenUrl: 'https://x.test/t'}}}, b: {type: http}}
  parameters:
    P: {name: p, description: d, schema: {$ref: '#/components/schemas/S'}}
    Q: {name: q, description: d, required: true, example: 1, schema: {type: integer}}
    R: {name: r, description: d, examples: {a: {value: 1}}, schema: {type: integer}}
  responses: {A: {content: {j: {schema: {$ref: '#/components/schemas/S'}}}}}
  schemas: {S: {type: string, enum: [a], properties: {s: {$ref: '#/components/schemas/S'}}}}
`
	if _, err := render([]byte(document)); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct{ old, new, want string }{
		{"[{url: https://x.test, description: d}]", "[]", "no servers"},
		{"'https://x.test/t'", "'https://[x'", "missing ']'"},
		{"P: {name: p, description: d, schema: {$ref: '#/components/schemas/S'}}", "P: {name: p, schema: {$ref: '#/components/schemas/T'}}", `"#/components/schemas/T" refers to nothing`},
		{"schema: {$ref: '#/components/schemas/S'}}}}}", "schema: {$ref: 'other.yaml#/S'}}}}}", `"other.yaml#/S" refers to nothing`},
		{"enum: [a]", "enum: [", "yaml"},
	} {
		if !strings.Contains(document, test.old) {
			t.Fatalf("the document lacks %s", test.old)
		}
		if _, err := render([]byte(strings.Replace(document, test.old, test.new, 1))); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: the error is %v, want it to say %q", test.new, err, test.want)
		}
	}
}
