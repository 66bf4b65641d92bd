package api_test

import (
	"encoding/json"
	"os"
	"reflect"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

func TestTheDocumentIsTheFileByteForByte(t *testing.T) {
	compare(t, "openapi.yaml", get(t, "/openapi.yaml").Body.String(), file(t))
}

func TestTheDocumentAsJSONMeansTheSame(t *testing.T) {
	var fromJSON, fromYAML any
	if err := json.Unmarshal(get(t, "/openapi.json").Body.Bytes(), &fromJSON); err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal([]byte(file(t)), &fromYAML); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(fromJSON, throughJSON(t, fromYAML)) {
		t.Error("openapi.json means something else than openapi.yaml")
	}
}

// throughJSON gives a value the types that a value has that was JSON.
func throughJSON(t *testing.T, value any) (decoded any) {
	t.Helper()
	encoded, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(encoded, &decoded); err != nil {
		t.Fatal(err)
	}
	return decoded
}

func TestTheDocumentAsJSONKeepsTheOrderOfKeys(t *testing.T) {
	var inYAML []string
	for line := range strings.Lines(file(t)) {
		if key, _, found := strings.Cut(line, ":"); found && !strings.HasPrefix(line, " ") && !strings.HasPrefix(line, "#") {
			inYAML = append(inYAML, key)
		}
	}
	var inJSON []string
	for line := range strings.Lines(get(t, "/openapi.json").Body.String()) {
		if quoted, found := strings.CutPrefix(line, `  "`); found {
			key, _, _ := strings.Cut(quoted, `"`)
			inJSON = append(inJSON, key)
		}
	}
	compare(t, "order", strings.Join(inJSON, " "), strings.Join(inYAML, " "))
}

func file(t *testing.T) string {
	t.Helper()
	content, err := os.ReadFile("../openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}
