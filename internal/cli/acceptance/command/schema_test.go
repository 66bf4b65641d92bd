package command_test

import (
	"encoding/json"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/talkdesk-express/contractactions/internal/cli/acceptance"
)

func TestSchemasAreOfTheirDialectAndRefuseOtherOutputs(t *testing.T) {
	names := strings.Fields(acceptance.Completions(t, "schema", ""))
	if len(names) < 7 {
		t.Fatalf("the completion of schema offers %q", names)
	}
	for _, name := range names[:len(names)-1] { // the last one is cobra's directive
		var schema map[string]any
		if err := json.Unmarshal([]byte(acceptance.Succeed(t, "schema", name)), &schema); err != nil {
			t.Fatal(err)
		}
		document, _ := jsonschema.UnmarshalJSON(strings.NewReader(acceptance.Succeed(t, "schema", name)))
		dialect, err := jsonschema.NewCompiler().Compile(schema["$schema"].(string))
		if err == nil {
			err = dialect.Validate(document)
		}
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		compiled := acceptance.OutputSchema(name, "", true)
		for _, other := range []any{nil, "text", map[string]any{"id": 1}, []any{map[string]any{}}} {
			if compiled.Validate(other) == nil {
				t.Errorf("%s accepts %v", name, other)
			}
		}
		if name == "scenario" {
			continue // the definitions of its properties are described
		}
		acceptance.ForEachObject(document, func(object map[string]any) {
			for property, described := range object["properties"].(map[string]any) {
				if text, _ := described.(map[string]any)["description"].(string); !strings.HasSuffix(text, ".") {
					t.Errorf("%s: the description of %s is %q", name, property, text)
				}
			}
		})
	}
}

// One run of each output for programs, with everything that it can have.
func TestOutputsHaveTheirSchemas(t *testing.T) {
	acceptance.StartSmall(t)
	for _, arguments := range []string{
		"list -o json", "list -o ndjson", "list -o json --local", "list -o ndjson --fields id,status", "list -o json --raw", "list -o ndjson --raw",
		"get 7 -o json", "get 7 -o ndjson", "wait 7 -o json", "check -o json", "auth test -o json",
	} {
		words := strings.Fields(arguments)
		at := 1
		if words[0] == "auth" {
			at = 2
		}
		result := acceptance.Call(t, slices.Insert(words, at, accountID)...)
		if result.Stdout == "" {
			t.Errorf("%s: %+v", arguments, result)
		}
	}
	file := filepath.Join(t.TempDir(), "actions.ndjson")
	acceptance.Call(t, "list", accountID, "--into", file)
	acceptance.ConformLines(t, "list", "#/$defs/item", true, acceptance.ReadFile(t, file))
	for _, format := range []string{"json", "ndjson"} {
		if acceptance.Call(t, "accounts", "-o", format).Stdout == "" || acceptance.Call(t, "demo", "-o", format).Stdout == "" {
			t.Error(format)
		}
	}
}
