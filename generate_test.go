package contractactions

import (
	"bytes"
	"context"
	"os"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
)

// documents are the functions that return documents, by their files.
var documents = map[string]func() []byte{
	"openapi.yaml":          Document,
	"gen/openapi.json":      DocumentJSON,
	"gen/openapi-open.yaml": OpenDocument,
	"gen/openapi-open.json": OpenDocumentJSON,
	"gen/sandbox.yaml":      func() []byte { return SandboxDocument("http://127.0.0.1:8080") },
	"gen/sandbox.json":      func() []byte { return SandboxDocumentJSON("http://127.0.0.1:8080/") },
}

func TestDocumentsAreTheFilesByteForByte(t *testing.T) {
	for name, document := range documents {
		file, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(document(), file) {
			t.Errorf("the document differs from %s", name)
		}

		first := document()
		first[0] = '!'
		if bytes.Equal(first, document()) {
			t.Errorf("%s: a caller that changes its copy changes everybody's", name)
		}
	}
}

func TestEveryVariantIsValid(t *testing.T) {
	for name, document := range documents {
		// The loader resolves references, Validate checks the rest; examples and
		// defaults are validated against their schemas unless switched off.
		if err := load(t, document()).Validate(context.Background()); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// The validator is only worth something if it stops faults.
func TestFaultsInTheDocumentAreFound(t *testing.T) {
	tests := []struct{ name, old, new string }{
		{"an example that breaks its schema", "count: 1\n", "count: one\n"},
		{"an example outside of its enumeration", "status: CREATED\n", "status: ACTIVE\n"},
		{"an example without a required field", "              status: CREATED\n", ""},
		{"a broken reference", "'#/components/schemas/ContractActionPage'", "'#/components/schemas/Nothing'"},
		{"a path parameter that is not declared", "contracts/actions:\n    get", "contracts/{more}/actions:\n    get"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			broken := bytes.Replace(Document(), []byte(test.old), []byte(test.new), 1)
			if bytes.Equal(broken, Document()) {
				t.Fatalf("the document no longer contains %q", test.old)
			}
			document, err := openapi3.NewLoader().LoadFromData(broken)
			if err == nil {
				err = document.Validate(context.Background())
			}
			if err == nil {
				t.Error("not found")
			}
		})
	}
}

// Two media types for one response make the generated client compare the
// Content-Type header literally, so that a charset parameter breaks it.
func TestEveryResponseHasOneJSONMediaTypeAndAnExample(t *testing.T) {
	responses := load(t, Document()).Components.Responses
	if len(responses) == 0 {
		t.Fatal("no responses")
	}
	for name, response := range responses {
		content := response.Value.Content
		media := content["application/json"]
		if len(content) != 1 || media == nil {
			t.Errorf("%s: want application/json alone", name)
			continue
		}
		if len(media.Examples) == 0 {
			t.Errorf("%s: no named example", name)
		}
	}
}

func load(t *testing.T, data []byte) *openapi3.T {
	t.Helper()
	document, err := openapi3.NewLoader().LoadFromData(data)
	if err != nil {
		t.Fatal(err)
	}
	return document
}
