package sandbox_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/talkdesk-express/contractactions/api/sandbox"
	"github.com/talkdesk-express/contractactions/gen"
)

// everyKind has one action of each type in each status, named after both.
func everyKind() []gen.ContractAction {
	var actions []gen.ContractAction
	for _, actionType := range []gen.ContractActionType{
		gen.ContractActionTypeNEWTDE, gen.ContractActionTypeAMENDTDE, gen.ContractActionTypeCANCELTDE,
	} {
		for _, status := range []gen.ContractActionStatus{created, inProgress, completed, failed} {
			action := newAction(string(actionType)+" "+string(status), status)
			action.ActionType = actionType
			actions = append(actions, action)
		}
	}
	return actions
}

// idsWhere returns the ids of the actions that satisfy a condition, in order.
func idsWhere(condition func(gen.ContractAction) bool) []string {
	return idsOf(slices.DeleteFunc(everyKind(), func(action gen.ContractAction) bool { return !condition(action) }))
}

func filterQuery(expression string) string {
	return "order_by=created_at:asc&filter=" + url.QueryEscape(expression)
}

func TestFilters(t *testing.T) {
	isNew := func(a gen.ContractAction) bool { return a.ActionType == gen.ContractActionTypeNEWTDE }
	isAmendment := func(a gen.ContractAction) bool { return a.ActionType == gen.ContractActionTypeAMENDTDE }
	isFailed := func(a gen.ContractAction) bool { return a.Status == failed }
	isCompleted := func(a gen.ContractAction) bool { return a.Status == completed }
	tests := []struct {
		expression string
		condition  func(gen.ContractAction) bool
	}{
		{"action_type eq 'NEWTDE'", isNew},
		{"status eq 'FAILED'", isFailed},
		{" status\teq\n'FAILED' ", isFailed},
		{"status eq 'failed'", func(gen.ContractAction) bool { return false }},
		{"status eq ''", func(gen.ContractAction) bool { return false }},
		{"not status eq 'FAILED'", func(a gen.ContractAction) bool { return !isFailed(a) }},
		{"not not status eq 'FAILED'", isFailed},
		{"((status eq 'FAILED'))", isFailed},
		{"not(status eq 'FAILED')", func(a gen.ContractAction) bool { return !isFailed(a) }},
		{"status eq 'FAILED' or status eq 'COMPLETED'", func(a gen.ContractAction) bool { return isFailed(a) || isCompleted(a) }},
		{"status eq 'FAILED' and action_type eq 'NEWTDE'", func(a gen.ContractAction) bool { return isFailed(a) && isNew(a) }},
		{"status eq 'FAILED' or status eq 'COMPLETED' and action_type eq 'NEWTDE'",
			func(a gen.ContractAction) bool { return isFailed(a) || isCompleted(a) && isNew(a) }},
		{"action_type eq 'NEWTDE' and status eq 'COMPLETED' or status eq 'FAILED'",
			func(a gen.ContractAction) bool { return isNew(a) && isCompleted(a) || isFailed(a) }},
		{"(status eq 'FAILED' or status eq 'COMPLETED') and action_type eq 'NEWTDE'",
			func(a gen.ContractAction) bool { return (isFailed(a) || isCompleted(a)) && isNew(a) }},
		{"not status eq 'FAILED' and action_type eq 'NEWTDE'",
			func(a gen.ContractAction) bool { return !isFailed(a) && isNew(a) }},
		{"not (status eq 'FAILED' and action_type eq 'NEWTDE') and not action_type eq 'AMENDTDE'",
			func(a gen.ContractAction) bool { return !(isFailed(a) && isNew(a)) && !isAmendment(a) }},
		{strings.Repeat("(", 99) + "status eq 'FAILED'" + strings.Repeat(")", 99), isFailed},
	}
	server := sandbox.Start(t, sandbox.WithAccount("a", everyKind()...))
	token := tokenFor(t, server)
	for _, test := range tests {
		t.Run(test.expression, func(t *testing.T) {
			got, want := listedIDs(t, server, token, filterQuery(test.expression)+"&per_page=2"), idsWhere(test.condition)
			if strings.Join(got, ", ") != strings.Join(want, ", ") {
				t.Errorf("listed %q, want %q", got, want)
			}
		})
	}
	noViolations(t, server)
}

func TestCountersCountTheMatches(t *testing.T) {
	server := sandbox.Start(t, sandbox.WithAccount("a", everyKind()...))
	response := get(t, listURL(server, "a")+"?per_page=2&"+filterQuery("status eq 'FAILED'"), tokenFor(t, server))
	page := decode[gen.ContractActionPage](t, response.wantStatus(t, http.StatusOK))
	if got := [3]int{*page.Count, *page.Total, *page.TotalPages}; got != [3]int{2, 3, 2} {
		t.Errorf("count, total and total_pages are %d, want 2, 3 and 2", got)
	}
}

func TestRefusedFilters(t *testing.T) {
	var fields []string
	for name, property := range document(t).Components.Schemas["ContractAction"].Value.Properties {
		if len(property.Value.Enum) > 0 {
			fields = append(fields, name)
		}
	}
	slices.Sort(fields)
	operand := "expected one of " + strings.Join(fields, ", ") + ", not, (; found "
	tests := []struct{ expression, want string }{
		{"", "must not be empty"},
		{"  ", "must not be empty"},
		{"quantity eq '1'", "at character 1: " + operand + `"quantity"`},
		{"status ge 'FAILED'", `at character 8: expected eq; found "ge"`},
		{"status EQ 'FAILED'", `at character 8: expected eq; found "EQ"`},
		{"status eq FAILED", `at character 11: expected a value in single quotes; found "FAILED"`},
		{`status eq "FAILED"`, `at character 11: expected a value in single quotes; found "\""`},
		{"status eq 'FAILED", "at character 11: expected a value in single quotes; found a quote that is not closed"},
		{"status eq", "at character 10: expected a value in single quotes; found the end"},
		{"status", "at character 7: expected eq; found the end"},
		{"status eq 'é' x", `at character 15: expected one of and, or, the end; found "x"`},
		{"status eq 'A' status eq 'B'", `at character 15: expected one of and, or, the end; found "status"`},
		{"status eq 'A' and", "at character 18: " + operand + "the end"},
		{"or status eq 'A'", "at character 1: " + operand + `"or"`},
		{"not", "at character 4: " + operand + "the end"},
		{"()", "at character 2: " + operand + `")"`},
		{"(status eq 'A'", "at character 15: expected one of and, or, ); found the end"},
		{"status eq 'A')", `at character 14: expected one of and, or, the end; found ")"`},
		{"'FAILED' eq status", "at character 1: " + operand + `"'FAILED'"`},
		{strings.Repeat("(", 101), "at character 101: must not be nested more than 100 deep"},
		{strings.Repeat("not ", 101), "at character 401: must not be nested more than 100 deep"},
	}
	server := sandbox.Start(t)
	token := tokenFor(t, server)
	for _, test := range tests {
		t.Run(test.expression, func(t *testing.T) {
			response := get(t, listURL(server, sandbox.DefaultAccountID)+"?"+filterQuery(test.expression), token)
			if got := invalidFields(t, response); len(got) != 1 || got[0] != "filter: "+test.want {
				t.Errorf("fields = %q, want %q", got, test.want)
			}
		})
	}
	noViolations(t, server)
}

// FuzzFilter sends the text itself and an expression derived from it, which the
// test evaluates as well.
func FuzzFilter(f *testing.F) {
	for _, seed := range []string{"status eq 'FAILED'", "not (action_type eq 'NEWTDE' or status eq 'X')", "((", "a and b", "'", "\xff\x00é"} {
		f.Add(seed)
	}
	server := sandbox.New(sandbox.WithAccount("a", everyKind()...))
	server.URL, server.TokenURL = "http://api.example.test", "http://id.example.test"+sandbox.TokenPath
	response := serve(f, server, tokenRequest(f, server))
	token := decode[tokenResponse](f, response).AccessToken
	list := func(t *testing.T, expression string) ([]string, bool) {
		response := serve(t, server, getRequest(t, listURL(server, "a")+"?"+filterQuery(expression), token))
		if response.status != http.StatusOK {
			invalidFields(t, response)
			return nil, false
		}
		return idsOf(decode[gen.ContractActionPage](t, response).Embedded.ContractActions), true
	}

	f.Fuzz(func(t *testing.T, text string) {
		if listed, ok := list(t, text); ok {
			others, ok := list(t, "not ("+text+")")
			if ok && len(listed)+len(others) != len(everyKind()) {
				t.Errorf("%q selects %q, and its opposite %q", text, listed, others)
			}
		}
		shape := []byte(text)
		made := newExpression(&shape, 5)
		listed, ok := list(t, made.text)
		if want := idsWhere(made.matches); len(made.text) <= 1600 && (!ok || !slices.Equal(listed, want)) {
			t.Errorf("%s selects %q, want %q", made.text, listed, want)
		}
	})
}

// expression is a filter as text and as a Go function.
type expression struct {
	text    string
	binding int // of its outermost operator: 0 or, 1 and, 2 anything tighter
	matches func(gen.ContractAction) bool
}

// newExpression lets each byte of the shape choose one node.
func newExpression(shape *[]byte, depth int) expression {
	var choice byte
	if len(*shape) > 0 {
		choice, *shape = (*shape)[0], (*shape)[1:]
	}
	if depth == 0 {
		choice |= 3
	}
	switch choice % 4 {
	case 0, 1:
		left, right := newExpression(shape, depth-1), newExpression(shape, depth-1)
		binding, word := int(choice%4), [2]string{"or", "and"}[choice%4]
		return expression{
			text:    left.inside(binding) + " " + word + " " + right.inside(binding),
			binding: binding,
			matches: func(a gen.ContractAction) bool {
				if word == "or" {
					return left.matches(a) || right.matches(a)
				}
				return left.matches(a) && right.matches(a)
			},
		}
	case 2:
		inner := newExpression(shape, depth-1)
		return expression{"not " + inner.inside(2), 2, func(a gen.ContractAction) bool { return !inner.matches(a) }}
	default:
		kind := everyKind()[int(choice/8)%len(everyKind())]
		if choice&4 == 0 {
			return expression{fmt.Sprintf("status eq '%s'", kind.Status), 2, func(a gen.ContractAction) bool { return a.Status == kind.Status }}
		}
		return expression{fmt.Sprintf("action_type eq '%s'", kind.ActionType), 2, func(a gen.ContractAction) bool { return a.ActionType == kind.ActionType }}
	}
}

// inside has parentheses only where an operator that binds tighter needs them.
func (e expression) inside(binding int) string {
	if e.binding < binding {
		return "(" + e.text + ")"
	}
	return e.text
}
