package check

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

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

// difference is a place in a response that differs from the contract.
type difference struct {
	kind     string
	status   int
	page     int
	path     []string // in the body
	found    string   // a value of the service only where the contract has an enumeration
	expected string
}

// operation is the list operation of the OpenAPI document.
type operation struct {
	version   string // of the document
	method    string
	responses *openapi3.Responses
}

// listOperation reads the document that is part of the program. It panics if the
// document is not valid, which would be a defect of the build.
func listOperation() operation {
	document, err := openapi3.NewLoader().LoadFromData(contractactions.Document())
	if err != nil {
		panic(fmt.Errorf("read the OpenAPI document: %w", err))
	}
	for _, item := range document.Paths.Map() {
		for method, found := range item.Operations() {
			if found.OperationID == wrapper.OperationList {
				return operation{document.Info.Version, method, found.Responses}
			}
		}
	}
	panic(fmt.Errorf("the OpenAPI document has no operation %s", wrapper.OperationList))
}

// response returns the contract's response for a status, and whether the contract
// names the status: any other has the default response.
func (o operation) response(status int) (response *openapi3.Response, named bool) {
	if found := o.responses.Status(status); found != nil {
		return found.Value, true
	}
	if found := o.responses.Default(); found != nil {
		return found.Value, false
	}
	return openapi3.NewResponse(), false
}

// compareHead compares the status and, of one that the contract names, the
// media type.
func (o operation) compareHead(response *http.Response, note func(difference)) {
	documented, named := o.response(response.StatusCode)
	if !named {
		note(difference{kind: undocumentedStatus, found: strconv.Itoa(response.StatusCode), expected: o.statuses()})
		return
	}
	if media := response.Header.Get("Content-Type"); documented.Content.Get(media) == nil {
		base, _, _ := strings.Cut(media, ";")
		note(difference{kind: undocumentedMediaType, found: base, expected: mediaTypes(documented)})
	}
}

// compareText is for a body that is not JSON. A status or media type that is not
// documented is reported already, and need not have JSON.
func (o operation) compareText(response *http.Response, body []byte, note func(difference)) {
	documented, named := o.response(response.StatusCode)
	if named && documented.Content.Get(response.Header.Get("Content-Type")) != nil {
		note(difference{kind: notJSON, found: fmt.Sprintf("%d bytes", len(body)), expected: mediaTypes(documented)})
	}
}

// compareBody compares a body with the schema of its status, whatever the media
// type.
func (o operation) compareBody(response *http.Response, body any, note func(difference)) {
	documented, named := o.response(response.StatusCode)
	media := documented.Content.Get(response.Header.Get("Content-Type"))
	if media == nil && named {
		media = documented.Content.Get("application/json")
	}
	if media == nil || media.Schema == nil {
		return
	}
	schema := media.Schema.Value
	validate(schema, body, nil, func(violation difference) {
		value := valueAt(body, violation.path) // the validator's own is a floating point number
		switch violation.kind {
		case missingField, optionalFieldMissing:
		case unknownValue:
			violation.found = fmt.Sprint(value)
		default:
			violation.found = describe(value)
		}
		note(violation)
	})
	// The contract allows additional fields, which clients must tolerate, so the
	// validator does not report them.
	undocumentedFields(schema, body, nil, func(path []string, value any) {
		note(difference{kind: undocumentedField, path: path, found: describe(value)})
	})
}

// validate calls found with each violation of a schema. It validates the items of a
// long array one at a time, since the validator collects all its errors, and each
// takes kilobytes.
func validate(schema *openapi3.Schema, value any, path []string, found func(difference)) {
	rest := withoutItems(schema, value, path, func(items *openapi3.Schema, item any, path []string) {
		validate(items, item, path, found)
	})
	for _, violation := range violations(schema.VisitJSON(rest, openapi3.VisitAsResponse(), openapi3.MultiErrors())) {
		violation.path = slices.Concat(path, violation.path)
		found(violation)
	}
}

// withoutItems returns the value with empty arrays in place of long ones, whose
// items it passes on.
func withoutItems(schema *openapi3.Schema, value any, path []string, pass func(items *openapi3.Schema, item any, path []string)) any {
	const long = 100
	switch value := value.(type) {
	case []any:
		if len(value) < long || schema.Items == nil {
			break
		}
		for i, item := range value {
			pass(schema.Items.Value, item, child(path, strconv.Itoa(i)))
		}
		return []any{}
	case map[string]any:
		rest := maps.Clone(value)
		for name := range rest {
			if field := fieldOf(schema, name); field != nil {
				rest[name] = withoutItems(field, rest[name], child(path, name), pass)
			}
		}
		return rest
	}
	return value
}

func (o operation) statuses() string {
	statuses := slices.Sorted(maps.Keys(o.responses.Map()))
	return strings.Join(slices.DeleteFunc(statuses, func(status string) bool { return status == "default" }), ", ")
}

func mediaTypes(response *openapi3.Response) string {
	return strings.Join(slices.Sorted(maps.Keys(response.Content)), ", ")
}

// violations splits the error of the validator.
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
	if inner := errors.Unwrap(err); inner != nil {
		return violations(inner)
	}
	return []difference{{kind: brokenRule, expected: "the schema of this status"}}
}

func violation(err *openapi3.SchemaError) []difference {
	found := difference{path: err.JSONPointer()}
	switch err.SchemaField {
	case "properties": // see undocumentedFields
		return nil
	case "allOf":
		return violations(err.Origin)
	case "required":
		found.kind = missingField
		if isOptionalForVendor(err.Schema, found.path) {
			found.kind = optionalFieldMissing
		}
	case "format":
		found.kind, found.expected = wrongFormat, err.Schema.Format
	case "type", "nullable":
		found.kind, found.expected = wrongType, types(err.Schema)
	case "enum":
		// A value of a different type is not an unknown value.
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
// the field at the path, although the contract does.
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

// typeOf returns the JSON type of a decoded value.
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
