package main

import (
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/talkdesk-express/contractactions/wrapper"
)

// filter selects the contract actions that are printed. What the service can
// select itself is requested, and still checked on arrival.
type filter struct {
	statuses names
	types    names
	since    time.Time // of updated_at; zero for no matter when
}

// names is the value of a flag that takes several, separated by commas.
type names []string

func (n names) String() string { return strings.Join(n, ",") }

// otherValue stands in a filter for all values that the contract does not
// list. A misspelt value is an error, since it would find nothing.
const otherValue = "unknown"

// someOf is a flag that takes some of the choices, in any case.
func someOf(value *names, kind string, choices []string) checked[names] {
	return checked[names]{value, kind, func(text string) (names, error) {
		chosen := slices.Clone(*value) // the flag can be repeated
		for part := range strings.SplitSeq(text, ",") {
			at := slices.IndexFunc(choices, func(choice string) bool { return strings.EqualFold(choice, strings.TrimSpace(part)) })
			if at < 0 {
				return nil, errors.New("give some of: " + strings.Join(choices, ", "))
			}
			if !slices.Contains(chosen, choices[at]) {
				chosen = append(chosen, choices[at])
			}
		}
		return chosen, nil
	}}
}

var (
	statusChoices = append(asTexts(lifecycle), otherValue)
	typeChoices   = append(asTexts([]wrapper.ContractActionType{wrapper.TypeNew, wrapper.TypeAmend, wrapper.TypeCancel}), otherValue)
)

func asTexts[T ~string](values []T) []string {
	var texts []string
	for _, value := range values {
		texts = append(texts, string(value))
	}
	return texts
}

func (f filter) filters() bool {
	return len(f.statuses) > 0 || len(f.types) > 0 || !f.since.IsZero()
}

// expression is the filter for the service, empty if there is nothing to request.
// "Any other value" cannot be expressed with documented operators.
func (f filter) expression() string {
	status, actionType := anyOf("status", f.statuses), anyOf("action_type", f.types)
	if status == "" || actionType == "" {
		return status + actionType
	}
	return parenthesized(status) + " and " + parenthesized(actionType)
}

// anyOf is the expression for a field that has one of the values.
func anyOf(field string, values names) string {
	if slices.Contains(values, otherValue) {
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

func (f filter) passes(action wrapper.ContractAction) bool {
	return passes(f.statuses, string(action.Status), action.Status.Valid()) &&
		passes(f.types, string(action.ActionType), action.ActionType.Valid()) &&
		!action.UpdatedAt.Before(f.since)
}

func passes(wanted names, value string, known bool) bool {
	if len(wanted) == 0 {
		return true
	}
	if !known {
		return slices.Contains(wanted, otherValue)
	}
	return slices.Contains(wanted, value)
}
