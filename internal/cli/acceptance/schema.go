package acceptance

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/talkdesk-express/contractactions/internal/cli"
	"github.com/talkdesk-express/contractactions/internal/cli/exit"
)

// OutputSchema is what schema prints for an output. Members that it does not name
// are refused, although users have to allow them.
var OutputSchema = sync.OnceValue(func() func(name, pointer string, allFields bool) *jsonschema.Schema {
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
	ForEachObject(document, close)
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	if err := compiler.AddResource("mem:///schema.json", document); err != nil {
		panic(err)
	}
	return compiler.MustCompile("mem:///schema.json" + pointer)
}

// ForEachObject calls visit with each schema of an object.
func ForEachObject(node any, visit func(map[string]any)) {
	object, ok := node.(map[string]any)
	if !ok {
		return
	}
	if _, ok := object["properties"]; ok {
		visit(object)
	}
	for _, child := range object {
		ForEachObject(child, visit)
	}
}

// conforms fails the test unless the outputs of a run for programs have the schemas
// that the program prints.
func conforms(t *testing.T, arguments []string, result Outcome) {
	t.Helper()
	if flagValue(arguments, "--errors", "") == "json" && result.Stderr != "" {
		ConformLines(t, "errors", "", true, result.Stderr)
	}
	name, format := strings.Join(arguments[:min(2, len(arguments))], "-"), strings.ToLower(flagValue(arguments, "--output", "-o"))
	if name != "auth-test" && len(arguments) > 0 {
		name = arguments[0]
	}
	if name == "changes" && format == "" {
		format = "ndjson"
	}
	if result.Stdout == "" || slices.Contains(arguments, "--help") || result.Code == exit.Usage || format != "json" && format != "ndjson" {
		return
	}
	allFields := flagValue(arguments, "--fields", "") == ""
	switch name {
	case "check", "auth-test":
		ConformLines(t, name, "", true, strings.ReplaceAll(result.Stdout, "\n", " "))
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
		ConformLines(t, schema, "#/$defs/item", allFields, result.Stdout)
	default:
		ConformLines(t, schema, "", allFields, strings.ReplaceAll(result.Stdout, "\n", " "))
	}
}

// ConformLines fails the test unless each line of a text has a schema, or the part of
// it that the pointer names.
func ConformLines(t *testing.T, name, pointer string, allFields bool, text string) {
	t.Helper()
	for line := range strings.Lines(text) {
		value, err := jsonschema.UnmarshalJSON(strings.NewReader(line))
		if err == nil {
			err = OutputSchema(name, pointer, allFields).Validate(value)
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
