package contractactions

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// Variants differ from the document in what they are for and in nothing else:
// undoing that gives the document.
func TestVariantsDifferOnlyInWhatTheyAreFor(t *testing.T) {
	for name, test := range map[string]struct {
		variant func() []byte
		undo    func(t *testing.T, variant, document map[string]any)
	}{
		"open": {OpenDocumentJSON, func(t *testing.T, variant, _ map[string]any) {
			var opened []string
			for name, schema := range at(variant, "components", "schemas") {
				schema := schema.(map[string]any)
				if values, open := schema["x-extensible-enum"]; open {
					opened = append(opened, name)
					schema["enum"] = values
					delete(schema, "x-extensible-enum")
				}
			}
			slices.Sort(opened)
			if want := []string{"AccountStatus", "ContractActionStatus", "ContractActionType"}; !slices.Equal(opened, want) {
				t.Errorf("open are %q, want %q", opened, want)
			}
		}},
		"sandbox": {func() []byte { return SandboxDocumentJSON("https://sandbox.example.test/below") }, func(t *testing.T, variant, document map[string]any) {
			const want = `[{"description":"Sandbox","url":"https://sandbox.example.test/below"}]`
			if got := encoded(t, variant["servers"]); got != want {
				t.Errorf("servers are %s, want %s", got, want)
			}
			variant["servers"] = document["servers"]
			// Mocks respond with the links of examples, and clients follow them.
			served, original := `"https://sandbox.example.test/below/express/`, `"https://api.talkdeskapp.com/express/`
			text := encoded(t, at(variant, "components"))
			if !strings.Contains(text, served) || strings.Contains(text, original) {
				t.Error("links in examples lead to the service")
			}
			variant["components"] = decoded(t, []byte(strings.ReplaceAll(text, served, original)))
			flow := []string{"components", "securitySchemes", "oauth2", "flows", "clientCredentials"}
			if got := at(variant, flow...)["tokenUrl"]; got != "https://sandbox.example.test/below/oauth/token" {
				t.Errorf("tokenUrl is %s", got)
			}
			at(variant, flow...)["tokenUrl"] = at(document, flow...)["tokenUrl"]
			for name, parameter := range at(variant, "components", "parameters") {
				parameter, original := parameter.(map[string]any), at(document, "components", "parameters", name)
				if parameter["required"] == true {
					continue
				}
				reference := strings.Split(at(parameter, "schema")["$ref"].(string), "/")[1:]
				schema, originalSchema := at(variant, reference...), at(document, reference...)
				if parameter["example"] != nil || schema["example"] != nil {
					t.Errorf("%s has the examples %v and %v", name, parameter["example"], schema["example"])
				}
				parameter["example"], schema["example"] = original["example"], originalSchema["example"]
			}
		}},
	} {
		t.Run(name, func(t *testing.T) {
			variant, document := decoded(t, test.variant()), decoded(t, DocumentJSON())
			test.undo(t, variant, document)
			description, original := at(variant, "info")["description"].(string), at(document, "info")["description"].(string)
			if !strings.HasPrefix(description, "**Variant of `openapi.yaml`") || !strings.HasSuffix(description, "\n\n"+original) {
				t.Errorf("the description is %.200q", description)
			}
			at(variant, "info")["description"] = original
			if !reflect.DeepEqual(variant, document) {
				t.Error("it differs in more")
			}
		})
	}
}

func TestVariantsAsYAMLAndJSONMeanTheSame(t *testing.T) {
	for name, pair := range map[string][2][]byte{
		"openapi": {Document(), DocumentJSON()},
		"open":    {OpenDocument(), OpenDocumentJSON()},
		"sandbox": {SandboxDocument("http://x.test"), SandboxDocumentJSON("http://x.test")},
	} {
		if !reflect.DeepEqual(decoded(t, encodedDocument(t, pair[0])), decoded(t, pair[1])) {
			t.Errorf("%s: YAML and JSON differ", name)
		}
	}
}

// The URL can come from the Host header of a request.
func TestNoURLBreaksTheSandboxDocument(t *testing.T) {
	for _, url := range []string{`http://a"b\c`, "http://x: y #z", "http://x\n- y", "http://\u2028é'{{}}", ""} {
		for name, document := range map[string][]byte{"YAML": SandboxDocument(url), "JSON": SandboxDocumentJSON(url)} {
			loaded := load(t, document)
			flow := loaded.Components.SecuritySchemes["oauth2"].Value.Flows.ClientCredentials
			if got := loaded.Servers[0].URL; got != url || flow.TokenURL != url+"/oauth/token" {
				t.Errorf("%s: %q becomes %q and %q", name, url, got, flow.TokenURL)
			}
		}
	}
}

// at returns the object at a path.
func at(value map[string]any, path ...string) map[string]any {
	for _, key := range path {
		value = value[key].(map[string]any)
	}
	return value
}

func decoded(t *testing.T, text []byte) (value map[string]any) {
	t.Helper()
	if err := json.Unmarshal(text, &value); err != nil {
		t.Fatal(err)
	}
	return value
}

func encoded(t *testing.T, value any) string {
	t.Helper()
	text, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// encodedDocument brings a document, YAML or JSON, which is YAML, into one form.
func encodedDocument(t *testing.T, document []byte) []byte {
	t.Helper()
	var value any
	if err := yaml.Unmarshal(document, &value); err != nil {
		t.Fatal(err)
	}
	return []byte(encoded(t, value))
}
