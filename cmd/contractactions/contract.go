package main

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/talkdesk-express/contractactions"
	"github.com/talkdesk-express/contractactions/wrapper"
)

// Kinds of differences, as the report has them.
const (
	undocumentedField     = "undocumented_field"
	unknownValue          = "unknown_value"
	missingField          = "missing_field"
	wrongType             = "wrong_type"
	wrongFormat           = "wrong_format"
	optionalFieldMissing  = "optional_field_missing" // allowed by the vendor's document: not drift
	brokenRule            = "broken_rule"
	undocumentedStatus    = "undocumented_status"
	undocumentedMediaType = "undocumented_media_type"
	notJSON               = "not_json"
)

// difference is one spot of an answer that is not as the contract says.
type difference struct {
	kind     string
	status   int
	page     int
	path     []string // in the body
	value    any      // what is there
	nothing  bool     // whether nothing is
	expected string
}

// contract is what openapi.yaml says about its operation.
type contract struct {
	version    string
	method     string
	parameters openapi3.Parameters
	responses  *openapi3.Responses
}

// listContract is the contract of the list operation. The document is part of
// the program, so that a fault in it is a defect of the build.
var listContract = sync.OnceValue(func() *contract {
	document, err := openapi3.NewLoader().LoadFromData(contractactions.Document())
	if err != nil {
		panic(fmt.Errorf("read the OpenAPI document: %w", err))
	}
	for _, item := range document.Paths.Map() {
		for method, operation := range item.Operations() {
			if operation.OperationID == wrapper.OperationList {
				return &contract{document.Info.Version, method, operation.Parameters, operation.Responses}
			}
		}
	}
	panic(fmt.Errorf("the OpenAPI document has no operation %s", wrapper.OperationList))
})

// response is what the contract says about a status, and whether it names it:
// any other has the default response.
func (c *contract) response(status int) (response *openapi3.Response, named bool) {
	if found := c.responses.Status(status); found != nil {
		return found.Value, true
	}
	if found := c.responses.Default(); found != nil {
		return found.Value, false
	}
	return openapi3.NewResponse(), false
}

// compareHead compares the status and, of one that the contract names, the
// media type.
func (c *contract) compareHead(answer *http.Response, note func(difference)) {
	response, named := c.response(answer.StatusCode)
	if !named {
		note(difference{kind: undocumentedStatus, value: answer.StatusCode, expected: c.statuses()})
		return
	}
	if media := answer.Header.Get("Content-Type"); response.Content.Get(media) == nil {
		base, _, _ := strings.Cut(media, ";")
		note(difference{kind: undocumentedMediaType, value: base, nothing: media == "", expected: mediaTypes(response)})
	}
}

// compareText is for a body that is not JSON. Of a status or media type that
// is reported anyway, nothing else is to be expected.
func (c *contract) compareText(answer *http.Response, body []byte, note func(difference)) {
	response, named := c.response(answer.StatusCode)
	if named && response.Content.Get(answer.Header.Get("Content-Type")) != nil {
		const beginning = 200
		note(difference{kind: notJSON, value: string(body[:min(len(body), beginning)]), expected: mediaTypes(response)})
	}
}

// compareBody compares a body with the schema of its status, whatever its media
// type is said to be.
func (c *contract) compareBody(answer *http.Response, body any, note func(difference)) {
	response, named := c.response(answer.StatusCode)
	media := response.Content.Get(answer.Header.Get("Content-Type"))
	if media == nil && named {
		media = response.Content.Get("application/json")
	}
	if media == nil || media.Schema == nil {
		return
	}
	schema := media.Schema.Value
	// The validator knows the formats date-time and int32 without being told.
	for _, violation := range violations(schema.VisitJSON(body, openapi3.VisitAsResponse(), openapi3.MultiErrors())) {
		if !violation.nothing {
			violation.value = valueAt(body, violation.path) // the validator makes floating point numbers of all
		}
		note(violation)
	}
	// In the contract, objects may have other fields than theirs, as clients
	// should bear. The validator has nothing against them for that reason.
	undocumentedFields(schema, body, nil, func(path []string, value any) {
		note(difference{kind: undocumentedField, path: path, value: value})
	})
}

func (c *contract) statuses() string {
	statuses := slices.Sorted(maps.Keys(c.responses.Map()))
	return strings.Join(slices.DeleteFunc(statuses, func(status string) bool { return status == "default" }), ", ")
}

func mediaTypes(response *openapi3.Response) string {
	return strings.Join(slices.Sorted(maps.Keys(response.Content)), ", ")
}

// violations are the validator's errors, one by one.
func violations(err error) []difference {
	switch err := err.(type) {
	case nil:
		return nil
	case openapi3.MultiError:
		var all []difference
		for _, each := range err {
			all = append(all, violations(each)...)
		}
		return all
	case *openapi3.SchemaError:
		return violation(err)
	}
	return []difference{{kind: brokenRule, nothing: true, expected: "the schema of this status"}}
}

func violation(err *openapi3.SchemaError) []difference {
	found := difference{path: err.JSONPointer()}
	switch err.SchemaField {
	case "properties": // see undocumentedFields
		return nil
	case "required":
		found.kind, found.nothing = missingField, true
		if isOptionalForVendor(err.Schema, found.path) {
			found.kind = optionalFieldMissing
		}
	case "format":
		found.kind, found.expected = wrongFormat, err.Schema.Format
	case "type", "nullable":
		found.kind, found.expected = wrongType, types(err.Schema)
	case "enum":
		// What is of another type is no unknown value.
		if !err.Schema.Type.Permits(typeOf(err.Value)) {
			found.kind, found.expected = wrongType, types(err.Schema)
			break
		}
		found.kind, found.expected = unknownValue, values(err.Schema)
	default:
		found.kind, found.expected = brokenRule, err.SchemaField+": "+err.Reason
	}
	return []difference{found}
}

// isOptionalForVendor reports whether the vendor's own document does not require
// the field that a path leads to, although the contract does.
func isOptionalForVendor(object *openapi3.Schema, path []string) bool {
	field := fieldOf(object, path[len(path)-1])
	return field != nil && field.Extensions["x-optional-in-vendor-document"] == true
}

func types(schema *openapi3.Schema) string { return strings.Join(schema.Type.Slice(), " or ") }

func values(schema *openapi3.Schema) string {
	texts := make([]string, len(schema.Enum))
	for i, value := range schema.Enum {
		texts[i] = fmt.Sprint(value)
	}
	return strings.Join(texts, ", ")
}

// typeOf is the type of a decoded value, as JSON calls it.
func typeOf(value any) string {
	switch value.(type) {
	case nil:
		return openapi3.TypeNull
	case bool:
		return openapi3.TypeBoolean
	case string:
		return openapi3.TypeString
	case []any:
		return openapi3.TypeArray
	case map[string]any:
		return openapi3.TypeObject
	}
	return openapi3.TypeNumber
}
