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

// document is openapi.yaml, parsed once for all servers, which do not change it.
// Its own tests show that it can be parsed.
var document = sync.OnceValue(func() *openapi3.T {
	loaded, err := openapi3.NewLoader().LoadFromData(contractactions.Document())
	if err != nil {
		panic(fmt.Sprintf("sandbox: openapi.yaml: %v", err))
	}
	return loaded
})

// contract validates requests and responses against openapi.yaml.
type contract struct {
	document *openapi3.T
	options  *openapi3filter.Options

	mutex      sync.Mutex
	violations []string // at most maxViolations
}

// maxViolations bounds the memory for violations.
const maxViolations = 100

func newContract() *contract {
	options := &openapi3filter.Options{
		MultiError:            true,
		IncludeResponseStatus: true,
		// accessTokens.require checks tokens.
		AuthenticationFunc: openapi3filter.NoopAuthenticationFunc,
	}
	// The default message contains the whole schema and the whole value.
	options.WithCustomSchemaErrorFunc(describeViolation)
	return &contract{document: document(), options: options}
}

// describeViolation names the value and the reason. Those of an allOf are in the
// error's origin.
func describeViolation(err *openapi3.SchemaError) string {
	for errors.As(err.Origin, &err) {
	}
	return "/" + strings.Join(err.JSONPointer(), "/") + ": " + err.Reason
}

// methods returns the path templates of the contract and the methods of each.
func (c *contract) methods() map[string][]string {
	methods := make(map[string][]string)
	for template, item := range c.document.Paths.Map() {
		methods[template] = slices.Sorted(maps.Keys(item.Operations()))
	}
	return methods
}

// operation returns the operation that a request is for.
func (c *contract) operation(r *http.Request) *openapi3.Operation {
	return c.document.Paths.Value(r.Pattern).GetOperation(r.Method)
}

// queryParameters returns those of the operation that a request is for.
func (c *contract) queryParameters(r *http.Request) map[string]*openapi3.Parameter {
	parameters := make(map[string]*openapi3.Parameter)
	for _, parameter := range c.operation(r).Parameters {
		if parameter.Value.In == openapi3.ParameterInQuery {
			parameters[parameter.Value.Name] = parameter.Value
		}
	}
	return parameters
}

// documentedScopes returns the scopes that clients can be granted.
func documentedScopes() []string {
	var scopes []string
	for _, scheme := range document().Components.SecuritySchemes {
		if flows := scheme.Value.Flows; flows != nil && flows.ClientCredentials != nil {
			scopes = slices.AppendSeq(scopes, maps.Keys(flows.ClientCredentials.Scopes))
		}
	}
	return scopes
}

// scopeAlternatives returns the sets of scopes of which a token needs one,
// according to the security requirements of the operation.
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

// checkRequests passes valid requests on, with the defaults of missing parameters,
// and responds to others with 400.
func (c *contract) checkRequests(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		// URL.Query omits what it cannot parse, so an invalid parameter would be
		// treated as missing.
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

// repeated returns the fields of parameters that are given more than once.
func repeated(query url.Values, parameters map[string]*openapi3.Parameter) []gen.ErrorField {
	var fields []gen.ErrorField
	for _, name := range slices.Sorted(maps.Keys(parameters)) {
		if len(query[name]) > 1 {
			fields = append(fields, gen.ErrorField{Name: name, Description: "must be given only once"})
		}
	}
	return fields
}

// checkResponses sends a response only if it is valid. One that is not is a defect
// of the sandbox, or due to an invalid action, and is replaced by a 500.
func (c *contract) checkResponses(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		input := c.requestInput(r)
		response := responseOf(next, r)
		err := openapi3filter.ValidateResponse(r.Context(), &openapi3filter.ResponseValidationInput{
			RequestValidationInput: input,
			Status:                 response.status,
			Header:                 response.header,
			Body:                   io.NopCloser(bytes.NewReader(response.body.Bytes())),
			Options:                c.options,
		})
		if err != nil {
			c.sendDefect(w, r, err)
			return
		}
		response.send(w)
	})
}

// requestInput describes a request to the validator. It must be called before the
// generated handler, which routes the request again and overwrites its pattern.
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

// sendDefect responds with 500 when there is no valid response, and records why.
func (c *contract) sendDefect(w http.ResponseWriter, r *http.Request, err error) {
	c.mutex.Lock()
	if len(c.violations) < maxViolations {
		c.violations = append(c.violations, cut(fmt.Sprintf("%s %s: %v", r.Method, r.URL.RequestURI(), err)))
	}
	c.mutex.Unlock()
	newAPIError(http.StatusInternalServerError, codeDefect,
		"This is a defect of the sandbox, or of an action that was put into it.", err.Error()).send(w)
}

// Violations describes the first 100 responses of the sandbox that violated
// openapi.yaml. It returns nil unless the sandbox contains an action that the
// contract does not allow, or has a defect. Responses made by a [Fault] do not
// count. The result is a copy that the caller may change.
func (s *Server) Violations() []string {
	s.contract.mutex.Lock()
	defer s.contract.mutex.Unlock()
	return slices.Clone(s.contract.violations)
}

// fieldsOf describes the fields of a request that violated the contract.
func fieldsOf(err error) []gen.ErrorField {
	var problems openapi3.MultiError
	if !errors.As(err, &problems) {
		problems = openapi3.MultiError{err}
	}
	fields := make([]gen.ErrorField, len(problems))
	for i, problem := range problems {
		fields[i] = errorField(problem)
	}
	return fields
}

func errorField(problem error) gen.ErrorField {
	invalid := new(openapi3filter.RequestError)
	if !errors.As(problem, &invalid) || invalid.Parameter == nil {
		return gen.ErrorField{Name: "request", Description: problem.Error()}
	}
	return gen.ErrorField{Name: invalid.Parameter.Name, Description: requirementOf(invalid.Parameter.Schema.Value)}
}

// requirementOf describes the values that a schema allows.
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
