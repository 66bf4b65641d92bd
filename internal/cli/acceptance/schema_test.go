package cli_test

import (
	"bytes"
	"context"
	"encoding/json"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/talkdesk-express/contractactions/internal/cli"
	"github.com/talkdesk-express/contractactions/internal/cli/exit"
)

// outputSchema is what schema prints for an output. Members that it does not name
// are refused, although users have to allow them.
var outputSchema = sync.OnceValue(func() func(name, pointer string, allFields bool) *jsonschema.Schema {
	var mutex sync.Mutex
	compiled := make(map[string]*jsonschema.Schema)
	return func(name, pointer string, allFields bool) *jsonschema.Schema {
		mutex.Lock()
		defer mutex.Unlock()
		key := name + pointer
		if !allFields {
			key += " with --fields"
		}
		if compiled[key] == nil {
			compiled[key] = compileSchema(name, pointer, allFields)
		}
		return compiled[key]
	}
})()

func compileSchema(name, pointer string, allFields bool) *jsonschema.Schema {
	var text bytes.Buffer
	if cli.Run(context.Background(), []string{"schema", name}, nil, &text, &text) != exit.Done {
		panic(text.String())
	}
	document, err := jsonschema.UnmarshalJSON(&text)
	if err != nil {
		panic(err)
	}
	close := func(object map[string]any) {
		object["additionalProperties"] = false
		if !allFields {
			delete(object, "required")
		}
	}
	forEachObject(document, close)
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	if err := compiler.AddResource("mem:///schema.json", document); err != nil {
		panic(err)
	}
	return compiler.MustCompile("mem:///schema.json" + pointer)
}

// forEachObject calls visit with each schema of an object.
func forEachObject(node any, visit func(map[string]any)) {
	object, ok := node.(map[string]any)
	if !ok {
		return
	}
	if _, ok := object["properties"]; ok {
		visit(object)
	}
	for _, child := range object {
		forEachObject(child, visit)
	}
}

// conforms fails the test unless the outputs of a run for programs have the schemas
// that the program prints.
func conforms(t *testing.T, arguments []string, result outcome) {
	t.Helper()
	if flagValue(arguments, "--errors", "") == "json" && result.stderr != "" {
		conformLines(t, "errors", "", true, result.stderr)
	}
	name, format := strings.Join(arguments[:min(2, len(arguments))], "-"), strings.ToLower(flagValue(arguments, "--output", "-o"))
	if name != "auth-test" && len(arguments) > 0 {
		name = arguments[0]
	}
	if name == "changes" && format == "" {
		format = "ndjson"
	}
	if result.stdout == "" || slices.Contains(arguments, "--help") || result.code == exit.Usage || format != "json" && format != "ndjson" {
		return
	}
	allFields := flagValue(arguments, "--fields", "") == ""
	switch name {
	case "check", "auth-test":
		conformLines(t, name, "", true, strings.ReplaceAll(result.stdout, "\n", " "))
		return
	case "spec":
		return // its schema is that of OpenAPI
	case "wait":
		format = "ndjson"
	}
	schema := map[string]string{"get": "list", "wait": "list", "demo": "list", "list": "list", "changes": "changes", "accounts": "accounts"}[name]
	if slices.Contains(arguments, "--raw") {
		schema = "list-raw"
	}
	switch {
	case schema == "":
		t.Errorf("%q prints %s, and no schema is known for it", arguments, format)
	case format == "ndjson":
		conformLines(t, schema, "#/$defs/item", allFields, result.stdout)
	default:
		conformLines(t, schema, "", allFields, strings.ReplaceAll(result.stdout, "\n", " "))
	}
}

func conformLines(t *testing.T, name, pointer string, allFields bool, text string) {
	t.Helper()
	for line := range strings.Lines(text) {
		value, err := jsonschema.UnmarshalJSON(strings.NewReader(line))
		if err == nil {
			err = outputSchema(name, pointer, allFields).Validate(value)
		}
		if err != nil {
			t.Errorf("the schema %s: %v: %.500s", name, err, line)
		}
	}
}

// flagValue returns the value of the last of these flags; empty if there is none.
func flagValue(arguments []string, long, short string) (value string) {
	for i, argument := range arguments {
		if argument == "--" {
			break
		}
		name, after, joined := strings.Cut(argument, "=")
		if name != long && (short == "" || name != short) {
			continue
		}
		if value = after; !joined && i+1 < len(arguments) {
			value = arguments[i+1]
		}
	}
	return value
}

func TestSchemasAreOfTheirDialectAndRefuseOtherOutputs(t *testing.T) {
	names := strings.Fields(completions(t, "schema", ""))
	if len(names) < 7 {
		t.Fatalf("the completion of schema offers %q", names)
	}
	for _, name := range names[:len(names)-1] { // the last one is cobra's directive
		var schema map[string]any
		if err := json.Unmarshal([]byte(succeed(t, "schema", name)), &schema); err != nil {
			t.Fatal(err)
		}
		document, _ := jsonschema.UnmarshalJSON(strings.NewReader(succeed(t, "schema", name)))
		dialect, err := jsonschema.NewCompiler().Compile(schema["$schema"].(string))
		if err == nil {
			err = dialect.Validate(document)
		}
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		compiled := outputSchema(name, "", true)
		for _, other := range []any{nil, "text", map[string]any{"id": 1}, []any{map[string]any{}}} {
			if compiled.Validate(other) == nil {
				t.Errorf("%s accepts %v", name, other)
			}
		}
		if name == "scenario" {
			continue // the definitions of its properties are described
		}
		forEachObject(document, func(object map[string]any) {
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
	startSmall(t)
	for _, arguments := range []string{
		"list -o json", "list -o ndjson", "list -o json --local", "list -o ndjson --fields id,status", "list -o json --raw", "list -o ndjson --raw",
		"get 7 -o json", "get 7 -o ndjson", "wait 7 -o json", "check -o json", "auth test -o json",
	} {
		words := strings.Fields(arguments)
		at := 1
		if words[0] == "auth" {
			at = 2
		}
		result := call(t, slices.Insert(words, at, accountID)...)
		if result.stdout == "" {
			t.Errorf("%s: %+v", arguments, result)
		}
	}
	file := filepath.Join(t.TempDir(), "actions.ndjson")
	call(t, "list", accountID, "--into", file)
	conformLines(t, "list", "#/$defs/item", true, readFile(t, file))
	for _, format := range []string{"json", "ndjson"} {
		if call(t, "accounts", "-o", format).stdout == "" || call(t, "demo", "-o", format).stdout == "" {
			t.Error(format)
		}
	}
}
