package sandbox

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"

	"github.com/talkdesk-express/contractactions"
	"github.com/talkdesk-express/contractactions/gen"
)

// document is openapi.yaml. It is read only once: servers are made by the
// thousand in tests, and none of them changes it. That it can be read is
// tested where it is embedded; if not, no server could work.
var document = sync.OnceValue(func() *openapi3.T {
	loaded, err := openapi3.NewLoader().LoadFromData(contractactions.Document())
	if err != nil {
		panic(fmt.Sprintf("sandbox: openapi.yaml: %v", err))
	}
	return loaded
})

// contract checks requests and answers against openapi.yaml.
type contract struct {
	document *openapi3.T
	options  *openapi3filter.Options

	mutex      sync.Mutex
	violations []string
}

func newContract() *contract {
	options := &openapi3filter.Options{
		MultiError:            true,
		IncludeResponseStatus: true,
		// Tokens are checked by requireToken.
		AuthenticationFunc: openapi3filter.NoopAuthenticationFunc,
	}
	// The default message contains the whole schema and the whole value.
	options.WithCustomSchemaErrorFunc(func(err *openapi3.SchemaError) string {
		return "/" + strings.Join(err.JSONPointer(), "/") + ": " + err.Reason
	})
	return &contract{document: document(), options: options}
}

// methods are the contract's path templates and the methods of each.
func (c *contract) methods() map[string][]string {
	methods := make(map[string][]string)
	for template, item := range c.document.Paths.Map() {
		methods[template] = slices.Sorted(maps.Keys(item.Operations()))
	}
	return methods
}

// operation is the one that a request is for.
func (c *contract) operation(r *http.Request) *openapi3.Operation {
	return c.document.Paths.Value(r.Pattern).GetOperation(r.Method)
}

// queryParameters are those of the operation that a request is for.
func (c *contract) queryParameters(r *http.Request) map[string]*openapi3.Parameter {
	parameters := make(map[string]*openapi3.Parameter)
	for _, parameter := range c.operation(r).Parameters {
		if parameter.Value.In == openapi3.ParameterInQuery {
			parameters[parameter.Value.Name] = parameter.Value
		}
	}
	return parameters
}

// scopeAlternatives are the sets of scopes of which a token needs one.
func (c *contract) scopeAlternatives(r *http.Request) [][]string {
	requirements := c.document.Security
	if own := c.operation(r).Security; own != nil {
		requirements = *own
	}
	alternatives := make([][]string, len(requirements))
	for i, requirement := range requirements {
		for _, scopes := range requirement {
			alternatives[i] = append(alternatives[i], scopes...)
		}
	}
	return alternatives
}

// checkRequests passes on requests that keep to the contract, with the
// defaults of parameters that are missing, and refuses the others with 400.
func (c *contract) checkRequests(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		// What cannot be parsed is left out by URL.Query, and so would be
		// taken for a request without it.
		query, err := url.ParseQuery(r.URL.RawQuery)
		if err != nil {
			invalidParameters(gen.ErrorField{Name: "query", Description: err.Error()}).send(w)
			return
		}
		if fields := repeated(query, c.queryParameters(r)); len(fields) > 0 {
			invalidParameters(fields...).send(w)
			return
		}
		r = withQuery(r, r.URL.RawQuery) // the validator sets defaults
		if err := openapi3filter.ValidateRequest(r.Context(), c.requestInput(r)); err != nil {
			invalidParameters(fieldsOf(err)...).send(w)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// repeated returns the parameters that are given more than once.
func repeated(query url.Values, parameters map[string]*openapi3.Parameter) []gen.ErrorField {
	var fields []gen.ErrorField
	for _, name := range slices.Sorted(maps.Keys(parameters)) {
		if len(query[name]) > 1 {
			fields = append(fields, gen.ErrorField{Name: name, Description: "must be given only once"})
		}
	}
	return fields
}

// checkAnswers holds answers back until they have been found to keep to the
// contract. Those that do not are the sandbox's own fault, and say so.
func (c *contract) checkAnswers(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		input := c.requestInput(r)
		checked := answerOf(next, r)
		err := openapi3filter.ValidateResponse(r.Context(), &openapi3filter.ResponseValidationInput{
			RequestValidationInput: input,
			Status:                 checked.status,
			Header:                 checked.header,
			Body:                   io.NopCloser(bytes.NewReader(checked.body.Bytes())),
			Options:                c.options,
		})
		if err != nil {
			c.sendDefect(w, r, err)
			return
		}
		checked.send(w)
	})
}

// requestInput describes a request to the validator. It has to be called
// before the generated handler, which routes the request once more and leaves
// a pattern of its own.
func (c *contract) requestInput(r *http.Request) *openapi3filter.RequestValidationInput {
	operation := c.operation(r)
	pathParameters := make(map[string]string)
	for _, parameter := range operation.Parameters {
		if parameter.Value.In == openapi3.ParameterInPath {
			pathParameters[parameter.Value.Name] = r.PathValue(parameter.Value.Name)
		}
	}
	return &openapi3filter.RequestValidationInput{
		Request:    r,
		PathParams: pathParameters,
		Route: &routers.Route{
			Spec:      c.document,
			Path:      r.Pattern,
			PathItem:  c.document.Paths.Value(r.Pattern),
			Method:    r.Method,
			Operation: operation,
		},
		Options: c.options,
	}
}

// sendDefect answers when the sandbox has no answer that keeps to the
// contract, and records why.
func (c *contract) sendDefect(w http.ResponseWriter, r *http.Request, err error) {
	c.mutex.Lock()
	c.violations = append(c.violations, fmt.Sprintf("%s %s: %v", r.Method, r.URL.RequestURI(), err))
	c.mutex.Unlock()
	newAPIError(http.StatusInternalServerError, codeDefect,
		"This is a defect of the sandbox, or of an action that was put into it.", err.Error()).send(w)
}

// Violations returns the answers of the sandbox's own that broke openapi.yaml,
// in words. There are none unless an action was put into the sandbox that the
// contract does not allow, or the sandbox has a defect. Answers that a [Fault]
// made are not among them.
func (s *Server) Violations() []string {
	s.contract.mutex.Lock()
	defer s.contract.mutex.Unlock()
	return slices.Clone(s.contract.violations)
}

// fieldsOf says which fields of a request broke the contract.
func fieldsOf(err error) []gen.ErrorField {
	var problems openapi3.MultiError
	if !errors.As(err, &problems) {
		problems = openapi3.MultiError{err}
	}
	fields := make([]gen.ErrorField, len(problems))
	for i, problem := range problems {
		fields[i] = fieldOf(problem)
	}
	return fields
}

func fieldOf(problem error) gen.ErrorField {
	refused := new(openapi3filter.RequestError)
	if !errors.As(problem, &refused) || refused.Parameter == nil {
		return gen.ErrorField{Name: "request", Description: problem.Error()}
	}
	return gen.ErrorField{Name: refused.Parameter.Name, Description: requirementOf(refused.Parameter.Schema.Value)}
}

// requirementOf says what values of a schema have to be like.
func requirementOf(schema *openapi3.Schema) string {
	switch {
	case len(schema.Enum) > 0:
		values := make([]string, len(schema.Enum))
		for i, value := range schema.Enum {
			values[i] = fmt.Sprint(value)
		}
		return "must be one of " + strings.Join(values, ", ")
	case schema.Type.Is(openapi3.TypeInteger):
		return "must be a whole number" + rangeOf(schema)
	case schema.MaxLength != nil:
		return fmt.Sprintf("must be at most %d characters long", *schema.MaxLength)
	default:
		return "must be a valid " + strings.Join(schema.Type.Slice(), " or ")
	}
}

func rangeOf(schema *openapi3.Schema) string {
	switch {
	case schema.Min != nil && schema.Max != nil:
		return fmt.Sprintf(" from %.0f to %.0f", *schema.Min, *schema.Max)
	case schema.Min != nil:
		return fmt.Sprintf(" of %.0f or more", *schema.Min)
	default:
		return ""
	}
}
