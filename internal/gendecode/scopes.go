package main

import (
	"slices"
	"strings"
	"unicode"

	"github.com/getkin/kin-openapi/openapi3"
)

// scopes writes a constant for each scope of the document's OAuth 2.0 flows.
func (w *tableWriter) scopes() {
	var all []string
	for name, scheme := range w.contract.Components.SecuritySchemes {
		if scheme.Value.Flows != nil && scheme.Value.Flows.ClientCredentials != nil {
			all = append(all, w.contract.keys("components", "securitySchemes", name, "flows", "clientCredentials", "scopes")...)
		}
	}
	if len(all) == 0 {
		return
	}
	w.out.printf("\n// The OAuth 2.0 scopes.\nconst (\n")
	for _, scope := range slices.Compact(all) {
		w.out.printf("%s = %q\n", scopeConstant(scope), scope)
	}
	w.out.printf(")\n")
}

// scopeConstant returns the name of a scope's constant: ScopeExpressAccountsRead
// for express-accounts:read.
func scopeConstant(scope string) string {
	words := strings.FieldsFunc(scope, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	for i, word := range words {
		words[i] = upper(word)
	}
	return "Scope" + strings.Join(words, "")
}

// security writes the scopes of an operation.
func (w *tableWriter) security(operation operation) {
	requirements := operation.Security
	if requirements == nil {
		requirements = &w.contract.Security
	}
	var alternatives source
	for _, requirement := range *requirements {
		alternatives.printf("{%s},\n", scopesOf(requirement))
	}
	if alternatives.Len() > 0 {
		w.out.printf("\n// %[1]sScopes returns what a token needs for the operation\n// %[2]s: all scopes of one of the alternatives.\n"+
			"func %[1]sScopes() [][]string {\nreturn [][]string{\n%[3]s}\n}\n", upper(operation.OperationID), operation.OperationID, alternatives.String())
	}
}

func scopesOf(requirement openapi3.SecurityRequirement) string {
	var constants []string
	for _, scopes := range requirement {
		for _, scope := range scopes {
			constants = append(constants, scopeConstant(scope))
		}
	}
	slices.Sort(constants)
	return strings.Join(constants, ", ")
}
