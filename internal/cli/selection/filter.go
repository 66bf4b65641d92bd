// Package selection decides which contract actions are printed, and in which order.
package selection

import (
	"slices"
	"strings"
	"time"

	"github.com/talkdesk-express/contractactions/internal/cli/flagvalue"
	"github.com/talkdesk-express/contractactions/wrapper"
)

// Filter selects the contract actions to print. The service is asked to select
// them, and its responses are filtered as well, since it can ignore the request.
type Filter struct {
	Statuses flagvalue.StringList
	Types    flagvalue.StringList
	Since    time.Time // the least updated_at; zero for any
}

// Filters reports whether not every contract action passes.
func (f Filter) Filters() bool {
	return len(f.Statuses) > 0 || len(f.Types) > 0 || !f.Since.IsZero()
}

// Expression is the filter for the service, empty if there is nothing to request.
// Values that the contract does not list cannot be expressed with its operators.
func (f Filter) Expression() string {
	status, actionType := anyOf("status", f.Statuses), anyOf("action_type", f.Types)
	if status == "" || actionType == "" {
		return status + actionType
	}
	return parenthesized(status) + " and " + parenthesized(actionType)
}

// anyOf returns the expression for a field that has one of the values.
func anyOf(field string, values flagvalue.StringList) string {
	if slices.Contains(values, flagvalue.Other) {
		return ""
	}
	var alternatives []string
	for _, value := range values {
		alternatives = append(alternatives, field+" eq '"+value+"'")
	}
	return strings.Join(alternatives, " or ")
}

func parenthesized(expression string) string {
	if strings.Contains(expression, " or ") {
		return "(" + expression + ")"
	}
	return expression
}

// Passes reports whether to print a contract action.
func (f Filter) Passes(action wrapper.ContractAction) bool {
	return f.Statuses.Selects(string(action.Status), action.Status.Valid()) &&
		f.Types.Selects(string(action.ActionType), action.ActionType.Valid()) &&
		!action.UpdatedAt.Before(f.Since)
}
