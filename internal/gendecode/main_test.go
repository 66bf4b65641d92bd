package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The committed files are those that are generated now: so the tests of package
// example test this generator.
func TestGeneratedFilesAreUpToDate(t *testing.T) {
	for document, folder := range map[string]string{"example/openapi.yaml": "example", "../../openapi.yaml": "../../gen"} {
		for range 3 { // maps have another order each time
			files, err := render(document, filepath.Join(folder, "models.gen.go"))
			if err != nil {
				t.Fatal(err)
			}
			for name, content := range files {
				committed, err := os.ReadFile(filepath.Join(folder, name))
				if err != nil {
					t.Fatal(err)
				}
				if string(committed) != string(content) {
					t.Errorf("%s/%s: run go generate ./...", folder, name)
				}
			}
		}
	}
}

func TestWhatCannotBeGeneratedIsNamed(t *testing.T) {
	const start = `
openapi: 3.0.3
info: {title: t, version: v}
paths:
  /things:
    get:
      operationId: listThings
      responses:
        '200': {description: d, content: {application/json: {schema: SCHEMA}}}
components:
  schemas:
    Page: {type: object, properties: {things: {type: array, items: {$ref: '#/components/schemas/Thing'}}}}
    Thing: {type: object, properties: {id: {type: string}}}
    Color: {type: string, enum: [red]}
`
	const models = `package gen
type Page struct { Things []Thing ` + "`json:\"things\"`" + ` }
type Thing struct { ID string ` + "`json:\"id\"`" + ` }
type Color string
`
	document := strings.Replace(start, "SCHEMA", "{$ref: '#/components/schemas/Page'}", 1)
	if err := generateFrom(t, document, models); err != nil {
		t.Fatal(err)
	}
	tests := []struct{ name, document, models, want string }{
		{"a body without a name", strings.Replace(start, "SCHEMA", "{type: object}", 1), models,
			"operation listThings: the schema of its 200 response must be a $ref"},
		{"a body without a type", document, strings.Replace(models, "Page", "Sheet", 1), "schema Page: models.gen.go has no type for it"},
		{"an item without a type", document, strings.ReplaceAll(models, "Thing ", "Any "), "schema Thing: models.gen.go has no type for it"},
		{"an enumeration without a type", document, strings.Replace(models, "type Color", "type Paint", 1), "schema Color: models.gen.go has no type for it"},
		{"a property without a field", document, strings.Replace(models, `json:"id"`, `json:"ID"`, 1), "schema Thing, property id: the type Thing has no field for it"},
		{"a property that is an object's own in another schema", document, strings.Replace(models, "ID string", "More string `json:\"more\"`; ID string", 1),
			"schema Thing: the type Thing has fields that are not among its properties"},
		{"a field without a name in JSON", document, strings.Replace(models, "ID string", "More string; ID string", 1), "schema Thing, property More: the field has no name"},
		{"a number in a string", document, strings.Replace(models, `"id"`, `"id,string"`, 1), "schema Thing, property id: numbers in strings are not supported"},
		{"an item that is not an object", document, strings.Replace(models, "type Thing struct", "type Thing map[string]struct", 1), "schema Thing: models.gen.go has no struct"},
		{"models that are not Go", document, "package", "models.gen.go:1:"},
		{"a document that is not YAML", "a: [", models, "yaml"},
		{"a document that is not OpenAPI", "a: {b: c}", models, "openapi"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if err := generateFrom(t, test.document, test.models); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("the error is %v, want it to say %q", err, test.want)
			}
		})
	}
}

func generateFrom(t *testing.T, document, models string) error {
	t.Helper()
	folder := t.TempDir()
	for name, content := range map[string]string{"openapi.yaml": document, "models.gen.go": models} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return generate(filepath.Join(folder, "openapi.yaml"), folder)
}
