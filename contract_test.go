package contractactions

import (
	"maps"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"go.yaml.in/yaml/v3"
)

// A fact without a source cannot be checked when the vendor's pages change.
func TestEveryNoteNamesItsSource(t *testing.T) {
	description := load(t, Document()).Info.Description
	letters := column(section(description, "Sources"), 0)
	if len(letters) < 2 {
		t.Fatalf("the table of sources has %q", letters)
	}
	source := regexp.MustCompile(`\b(` + strings.Join(letters, "|") + `)\b|this project's reading`)

	var root yaml.Node
	if err := yaml.Unmarshal(Document(), &root); err != nil {
		t.Fatal(err)
	}
	found := notes(&root)
	if len(found) == 0 {
		t.Fatal("no notes")
	}
	for _, note := range found {
		if !source.MatchString(note.Value) {
			t.Errorf("line %d: names no source of %q: %s", note.Line, letters, note.Value)
		}
	}
}

// notes are the entries of every x-documentation-notes below a node.
func notes(node *yaml.Node) []*yaml.Node {
	var found []*yaml.Node
	for i, child := range node.Content {
		if node.Kind == yaml.MappingNode && i%2 == 1 && node.Content[i-1].Value == "x-documentation-notes" {
			found = append(found, child.Content...)
			continue
		}
		found = append(found, notes(child)...)
	}
	return found
}

// Readers look up codes in the table; a code of an example that is missing
// there, or stands there with a different status, misleads them.
func TestEveryCodeOfAnExampleIsInTheTable(t *testing.T) {
	document := load(t, Document())
	table := section(document.Info.Description, "Errors")
	statuses := make(map[string]string) // by code
	for i, status := range column(table, 0) {
		for _, code := range regexp.MustCompile(`\d{7}`).FindAllString(column(table, 1)[i], -1) {
			statuses[code] = status
		}
	}

	responses := document.Paths.Find("/express/accounts/{account_id}/contracts/actions").Get.Responses
	for status, response := range responses.Map() {
		media := response.Value.Content["application/json"]
		property := media.Schema.Value.Properties["code"]
		if property == nil {
			continue // not an error
		}
		if code, _ := property.Value.Example.(string); statuses[code] == "" {
			t.Errorf("the code %q of the schema of %s is not in the table", code, status)
		}
		for name, example := range media.Examples {
			code, _ := example.Value.Value.(map[string]any)["code"].(string)
			switch tabulated := statuses[code]; {
			case tabulated == "":
				t.Errorf("%s: its code %q is not in the table", name, code)
			case status == "default" && responses.Value(tabulated) != nil:
				t.Errorf("%s: the table has %s for %s, which has a response of its own", name, code, tabulated)
			case status != "default" && tabulated != status:
				t.Errorf("%s: the table has %s for %s, not %s", name, code, tabulated, status)
			}
		}
	}
}

func TestScopes(t *testing.T) {
	const accounts, read, write = "express-accounts:read", "express-accounts-contracts-actions:read", "express-accounts-contracts-actions:write"
	document := load(t, Document())
	declared := document.Components.SecuritySchemes["oauth2"].Value.Flows.ClientCredentials.Scopes
	required := map[string]bool{}
	for path, alternatives := range map[string][]string{
		"/express/accounts": {accounts},
		"/express/accounts/{account_id}/contracts/actions": {read, write}, // either is enough
	} {
		var want openapi3.SecurityRequirements
		for _, scope := range alternatives {
			required[scope] = true
			want.With(openapi3.SecurityRequirement{"oauth2": {scope}})
		}
		if got := document.Paths.Value(path).Get.Security; !reflect.DeepEqual(got, &want) {
			t.Errorf("%s requires %v, want %v", path, got, want)
		}
	}
	if !maps.EqualFunc(declared, required, func(description string, _ bool) bool { return description != "" }) {
		t.Errorf("declared are %v, required are %v", declared, required)
	}
}

// section is the part of a Markdown text below a heading.
func section(text, heading string) string {
	_, rest, _ := strings.Cut(text, "\n## "+heading+"\n")
	below, _, _ := strings.Cut(rest, "\n## ")
	return below
}

// column returns the cells of one column of the Markdown table in a text,
// without its heading.
func column(text string, index int) []string {
	var cells []string
	for line := range strings.Lines(text) {
		if row := strings.Split(line, "|"); len(row) > index+2 {
			cells = append(cells, strings.TrimSpace(row[index+1]))
		}
	}
	return cells[min(2, len(cells)):] // the heading and the line below it
}
