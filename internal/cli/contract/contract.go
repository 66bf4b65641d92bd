// Package contract reads the OpenAPI document that is part of the program.
package contract

import (
	"fmt"
	"sync"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/talkdesk-express/contractactions"
	"github.com/talkdesk-express/contractactions/internal/cli/flagvalue"
	"github.com/talkdesk-express/contractactions/wrapper"
)

// Operation is an operation of the document.
type Operation struct {
	Version    string // of the document
	Method     string
	Parameters openapi3.Parameters
	Responses  *openapi3.Responses
}

// List returns the list operation. It panics if the document is not valid,
// which would be a defect of the build.
var List = sync.OnceValue(func() *Operation {
	document, err := openapi3.NewLoader().LoadFromData(contractactions.Document())
	if err != nil {
		panic(fmt.Errorf("read the OpenAPI document: %w", err))
	}
	for _, item := range document.Paths.Map() {
		for method, operation := range item.Operations() {
			if operation.OperationID == wrapper.OperationList {
				return &Operation{document.Info.Version, method, operation.Parameters, operation.Responses}
			}
		}
	}
	panic(fmt.Errorf("the OpenAPI document has no operation %s", wrapper.OperationList))
})

// QueryParameters returns the names of the query parameters.
func (o *Operation) QueryParameters() []string {
	var names []string
	for _, parameter := range o.Parameters {
		if parameter.Value.In == openapi3.ParameterInQuery {
			names = append(names, parameter.Value.Name)
		}
	}
	return names
}

// Choices returns the values of a query parameter that is an enumeration.
func (o *Operation) Choices(parameter string) []string {
	var choices []string
	for _, value := range o.query(parameter).Enum {
		choices = append(choices, fmt.Sprint(value))
	}
	return choices
}

// PerPage is a flag for the page size, in the range of the document.
func (o *Operation) PerPage(target *int) (value flagvalue.Value[int], usage string) {
	usage = "number of contract actions per page"
	maximum := o.query("per_page").Max
	if maximum == nil {
		return flagvalue.AtLeast(target, 1), usage
	}
	return flagvalue.Int(target, 1, int(*maximum)), fmt.Sprintf("%s, 1 to %.0f (the default)", usage, *maximum)
}

// query returns the schema of a query parameter.
func (o *Operation) query(name string) *openapi3.Schema {
	return o.Parameters.GetByInAndName(openapi3.ParameterInQuery, name).Schema.Value
}
