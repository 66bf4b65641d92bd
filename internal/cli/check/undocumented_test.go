package check

import (
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/talkdesk-express/contractactions/internal/cli/clitest"
)

func TestUndocumentedFields(t *testing.T) {
	for _, test := range []struct{ name, schema, body, want string }{
		{"in an object", `{"properties": {"a": {}}}`, `{"a": 1, "b": 2, "c": {"d": 1}}`, "/b /c"},
		{"in an array of objects", `{"items": {"properties": {"a": {}}}}`, `[{"a": 1}, {"b": 1}]`, "/1/b"},
		{"below a field", `{"properties": {"a": {"properties": {"b": {}}}}}`, `{"a": {"c": 1}}`, "/a/c"},
		{"of all parts", `{"allOf": [{"properties": {"a": {}}}, {"properties": {"b": {}}}]}`, `{"a": 1, "b": 1, "c": 1}`, "/c"},
		{"of one part", `{"oneOf": [{"properties": {"a": {}}}, {"anyOf": [{"properties": {"b": {}}}]}]}`, `{"b": 1, "c": 1}`, "/c"},
		{"in the values of a map", `{"additionalProperties": {"properties": {"a": {}}}}`, `{"x": {"a": 1, "b": 1}}`, "/x/b"},
		{"in an object of any kind", `{"type": "object"}`, `{"a": 1}`, ""},
		{"in an array of anything", `{"type": "array"}`, `[{"a": 1}]`, ""},
		{"of another type", `{"properties": {"a": {}}}`, `[{"b": 1}]`, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			schema := new(openapi3.Schema)
			if err := schema.UnmarshalJSON([]byte(test.schema)); err != nil {
				t.Fatal(err)
			}
			body, err := decode([]byte(test.body))
			if err != nil {
				t.Fatal(err)
			}
			var found []string
			undocumentedFields(schema, body, nil, func(path []string, _ any) {
				found = append(found, "/"+strings.Join(path, "/"))
			})
			clitest.Compare(t, strings.Join(found, " "), test.want)
		})
	}
}
