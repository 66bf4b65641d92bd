package command_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/talkdesk-express/contractactions/api/sandbox"
	"github.com/talkdesk-express/contractactions/gen"
	"github.com/talkdesk-express/contractactions/internal/cli"
	"github.com/talkdesk-express/contractactions/internal/cli/acceptance"
	"github.com/talkdesk-express/contractactions/internal/cli/clitest"
	"github.com/talkdesk-express/contractactions/internal/cli/exit"
)

// report is the JSON of check.
type report struct {
	Drift     bool   `json:"drift"`
	List      string `json:"list"`
	Responses int    `json:"responses"`
	Pages     int    `json:"pages"`
	Actions   int    `json:"contract_actions"`
	Findings  []struct {
		Kind         string `json:"kind"`
		Status       int    `json:"status"`
		Pointer      string `json:"pointer"`
		Count        int    `json:"count"`
		Page         int    `json:"page"`
		FirstPointer string `json:"first_pointer"`
		Found        string `json:"found"`
		Expected     string `json:"expected"`
	} `json:"findings"`
	Omitted int `json:"omitted"`
}

// checkJSON runs check and returns its report.
func checkJSON(t *testing.T, arguments ...string) (report, acceptance.Outcome) {
	t.Helper()
	result := acceptance.Call(t, append([]string{"check", accountID, "--output", "json"}, arguments...)...)
	var said report
	if err := json.Unmarshal([]byte(result.Stdout), &said); err != nil {
		t.Fatalf("%v: exit code %d, stdout %q, stderr %q", err, result.Code, result.Stdout, result.Stderr)
	}
	return said, result
}

// found is the findings as short lines.
func found(report report) (lines []string) {
	for _, finding := range report.Findings {
		line := strings.Join([]string{finding.Kind, finding.FirstPointer, finding.Found, finding.Expected}, " ")
		lines = append(lines, strings.TrimRight(line, " "))
	}
	return lines
}

func TestTheSandboxDoesNotDrift(t *testing.T) {
	acceptance.Start(t, sandbox.WithGeneratedAccount(accountID, 7))
	clitest.Compare(t, acceptance.Succeed(t, "check", accountID, "--per-page", "3"),
		"no drift from contract 0.1.0 in 3 responses: 7 contract actions on 3 pages\n")
	clitest.Compare(t, acceptance.Succeed(t, "check", accountID, "--per-page", "3", "--max-pages", "2"),
		"no drift from contract 0.1.0 in 2 responses: 6 contract actions on 2 pages; there are more pages\n")
	clitest.Golden(t, "check-no-drift.json", acceptance.Succeed(t, "check", accountID, "--output", "json"))
}

// drifted is what a sandbox becomes that has changed in many ways.
func drifted(t *testing.T) {
	server := acceptance.Start(t, sandbox.WithGeneratedAccount(accountID, 6))
	server.Fail(
		acceptance.ChangeActions(func(i int, action map[string]any) {
			action["priority"] = "HIGH"
			action["contact"] = map[string]any{"email": "jane.doe@example.com", "since": "2022-03-10", "tags": []string{"one"}}
			if i == 1 {
				action["status"] = "PAUSED"
				action["action_type"] = "MERGE\x1b[2J"
			}
		}),
		sandbox.Fault{Status: 429, Body: `{"error": "slow down"}`, Header: http.Header{"Retry-After": {"0"}}},
		acceptance.ChangeActions(func(i int, action map[string]any) {
			action["priority"] = "LOW"
			delete(action, "status_message")
			action["status"] = "PAUSED"
			action["updated_at"] = "10.03.2022"
		}),
	)
}

func TestWhatAPersonSeesOfDrift(t *testing.T) {
	for format, name := range map[string]string{"table": "check-drift.table", "json": "check-drift.json"} {
		drifted(t)
		var stdout, stderr bytes.Buffer
		// The client repeats what 429 refuses.
		code := cli.Run(t.Context(), []string{"check", accountID, "--per-page", "3", "--output", format}, nil, &stdout, &stderr)
		if code != exit.Drift {
			t.Errorf("%s: exit code %d", format, code)
		}
		acceptance.IsOneError(t, stderr.String(), "the service differs from the contract: 9 findings; the list could not be read to its end: ")
		clitest.Golden(t, name, stdout.String())
	}
}

func TestKindsOfDrift(t *testing.T) {
	first := "/_embedded/contract_actions/0"
	set := func(name string, value any) sandbox.Fault {
		return acceptance.ChangeActions(func(i int, action map[string]any) {
			if i == 0 {
				action[name] = value
			}
		})
	}
	setPage := func(name string, value any) sandbox.Fault {
		return acceptance.ChangePage(func(page map[string]any) { page[name] = value })
	}
	for _, test := range []struct {
		name  string
		fault sandbox.Fault
		list  string
		want  []string
	}{
		{"an undocumented text", set("note", "Call Jane, 0123"), "complete",
			[]string{"undocumented_field " + first + `/note string, 15 bytes`}},
		{"an undocumented id", set("tenant_id", 4711), "complete", []string{"undocumented_field " + first + "/tenant_id integer, 4 digits"}},
		{"an undocumented name in capitals", set("customerName", "ACME"), "complete",
			[]string{"undocumented_field " + first + `/customerName string, 4 bytes`}},
		{"fields named after ids", set("5ea75fe7aa224700012eae40", true), "complete",
			[]string{"undocumented_field " + first + "/(24 bytes) boolean"}},
		{"a field named after a mail address", set("jane@example.com", nil), "complete",
			[]string{"undocumented_field " + first + "/(16 bytes) null"}},
		{"a field whose name can be data", set("a/b~c", 1.5), "complete",
			[]string{"undocumented_field " + first + "/(5 bytes) number, 2 digits"}},
		{"an undocumented field of the page", setPage("cursor", "zZ9"), "complete", []string{"undocumented_field /cursor string, 3 bytes"}},
		{"an undocumented link", acceptance.ChangePage(func(page map[string]any) {
			page["_links"].(map[string]any)["curies"] = []any{}
		}), "complete", []string{"undocumented_field /_links/curies array, 0 items"}},
		{"an unknown status", set("status", "PAUSED"), "complete",
			[]string{"unknown_value " + first + `/status PAUSED ` + acceptance.Documented(gen.ContractActionStatusValues())}},
		{"an unknown type", set("action_type", "merge tde"), "complete",
			[]string{"unknown_value " + first + `/action_type merge tde ` + acceptance.Documented(gen.ContractActionTypeValues())}},
		{"a number for a status", set("status", 5), "broken_off", []string{"wrong_type " + first + "/status integer, 1 digit string"}},
		{"null for a status", set("status", nil), "complete", []string{"wrong_type " + first + "/status null string"}},
		{"a number for an id", set("id", 123245132132), "broken_off", []string{"wrong_type " + first + "/id integer, 12 digits string"}},
		{"a text for a number", set("quantity", "ten"), "broken_off", []string{"wrong_type " + first + "/quantity string, 3 bytes integer"}},
		{"a fraction for a whole number", set("quantity", 1.5), "broken_off", []string{"wrong_type " + first + "/quantity number, 2 digits integer"}},
		{"a number beyond its format", set("quantity", 1<<31), "broken_off", []string{"wrong_format " + first + "/quantity integer, 10 digits int32"}},
		{"a time that is none", set("created_at", "2022-03-10"), "broken_off",
			[]string{"wrong_format " + first + `/created_at string, 10 bytes date-time`}},
		{"a missing field", acceptance.ChangeActions(func(i int, action map[string]any) {
			if i == 0 {
				delete(action, "created_at")
			}
		}), "complete", []string{"missing_field " + first + "/created_at"}},
		{"an object for an array", setPage("_embedded", []int{1}), "broken_off", []string{"wrong_type /_embedded array, 1 item object"}},
		{"an array for a page", sandbox.Fault{Body: "[]"}, "broken_off", []string{"wrong_type  array, 0 items object"}},
		{"another media type", sandbox.Fault{Header: http.Header{"Content-Type": {"application/hal+json; charset=utf-8"}}}, "complete",
			[]string{`undocumented_media_type  application/hal+json application/json`}},
		{"no media type", sandbox.Fault{Header: http.Header{"Content-Type": {""}}}, "complete",
			[]string{"undocumented_media_type   application/json"}},
		{"a web page", sandbox.Fault{Body: "<html>Maintenance</html>"}, "broken_off",
			[]string{`undocumented_media_type  text/html application/json`}},
		{"a body that is not JSON", sandbox.Fault{Rewrite: func([]byte) []byte { return []byte(`{"id": Jane}`) }}, "broken_off",
			[]string{`not_json  12 bytes application/json`}},
		{"no body", sandbox.Fault{Rewrite: func([]byte) []byte { return nil }}, "broken_off", []string{`not_json  0 bytes application/json`}},
		{"another success", sandbox.Fault{Status: 204}, "broken_off", []string{"undocumented_status  204 200, 400, 401, 403, 404"}},
		{"a teapot", sandbox.Fault{Status: 418, Body: "<html>"}, "broken_off", []string{"undocumented_status  418 200, 400, 401, 403, 404"}},
		{"an outage", sandbox.Fault{Status: 503, Body: `{"code": "busy", "message": "Busy."}`}, "broken_off",
			[]string{"undocumented_status  503 200, 400, 401, 403, 404"}},
		{"a redirect", sandbox.Fault{Status: 302, Header: http.Header{"Location": {"https://elsewhere.test"}}}, "broken_off",
			[]string{"undocumented_status  302 200, 400, 401, 403, 404"}},
		{"a refusal of another form", sandbox.Fault{Status: 403, Body: `{"code": "forbidden", "reason": "no entitlement"}`}, "broken_off",
			[]string{"missing_field /message", "undocumented_field /reason string, 14 bytes"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			server := acceptance.Start(t, sandbox.WithGeneratedAccount(accountID, 2))
			server.Fail(test.fault)
			said, result := checkJSON(t)
			if result.Code != exit.Drift || !said.Drift || said.List != test.list {
				t.Errorf("exit code %d, drift %v, list %q", result.Code, said.Drift, said.List)
			}
			if lines := found(said); !slices.Equal(lines, test.want) {
				t.Errorf("found\n%s\nwant\n%s", strings.Join(lines, "\n"), strings.Join(test.want, "\n"))
			}
			acceptance.IsOneError(t, result.Stderr, "the service differs from the contract: "+fmt.Sprint(len(test.want), " finding"))
		})
	}
}

func TestWhatIsNoDrift(t *testing.T) {
	for _, test := range []struct {
		name    string
		prepare func(*sandbox.Server)
		code    int
		report  string
	}{
		{"a refusal as documented", func(server *sandbox.Server) {
			server.Fail(sandbox.Fault{Status: 403, Body: `{"code": "forbidden", "message": "No."}`})
		}, exit.Refused, "drift unknown: no page to compare with contract 0.1.0, 1 response; the list broke off\n"},
		{"an account that does not exist", func(server *sandbox.Server) {
			server.Fail(sandbox.Fault{Status: 404, Body: `{"code": "3110006", "message": "No."}`})
		}, exit.Refused, "drift unknown: no page to compare with contract 0.1.0, 1 response; the list broke off\n"},
		{"an account without permission", func(server *sandbox.Server) {
			server.Fail(sandbox.Fault{Status: 401, Body: `{"code": "3110001", "message": "No."}`})
		}, exit.Refused, "drift unknown: no page to compare with contract 0.1.0, 1 response; the list broke off\n"},
		{"a token that is refused once", func(server *sandbox.Server) {
			server.Fail(sandbox.Fault{Status: 401, Body: `{"code": "unauthorized", "message": "No."}`})
		}, exit.Done, "no drift from contract 0.1.0 in 2 responses: 1 contract action on 1 page\n"},
		{"credentials that are refused", func(server *sandbox.Server) {
			server.FailToken(sandbox.Fault{Status: 401})
		}, exit.Authentication, ""},
		{"a token endpoint with fields of its own", func(server *sandbox.Server) {
			server.FailToken(sandbox.Fault{Rewrite: func(body []byte) []byte { return bytes.Replace(body, []byte("{"), []byte(`{"x":1,`), 1) }})
		}, exit.Done, "no drift from contract 0.1.0 in 1 response: 1 contract action on 1 page\n"},
		{"parameters that are refused", func(server *sandbox.Server) {
			server.Fail(sandbox.Fault{Status: 400, Body: `{"code": "3110005", "message": "No."}`})
		}, exit.Done, "no drift from contract 0.1.0 in 2 responses: 1 contract action on 1 page\n"},
		{"no answer", func(server *sandbox.Server) {
			server.Fail(sandbox.Fault{Drop: true}, sandbox.Fault{Drop: true})
		}, exit.Failure, ""},
		{"a body that breaks off", func(server *sandbox.Server) {
			server.Fail(sandbox.Fault{CutAfter: 100})
		}, exit.Failure, "drift unknown: no page to compare with contract 0.1.0, 1 response; the list broke off\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			server := acceptance.Start(t, sandbox.WithGeneratedAccount(accountID, 1))
			test.prepare(server)
			result := acceptance.Call(t, "check", accountID)
			if result.Code != test.code {
				t.Errorf("exit code %d, stderr %q", result.Code, result.Stderr)
			}
			clitest.Compare(t, result.Stdout, test.report)
			if strings.HasPrefix(test.report, "drift unknown") {
				test.prepare(server)
				if _, result := checkJSON(t); !strings.Contains(result.Stdout, "\n  \"drift\": null,\n") {
					t.Error(result.Stdout)
				}
			}
		})
	}
}

// The contract requires the field and the vendor's own document does not.
func TestWhatTheVendorsDocumentAllowsIsReportedAndNoDrift(t *testing.T) {
	server := acceptance.Start(t, sandbox.WithGeneratedAccount(accountID, 2))
	without := acceptance.ChangeActions(func(_ int, action map[string]any) { delete(action, "status_message") })
	server.Fail(without, without)
	said, result := checkJSON(t)
	want := []string{"optional_field_missing /_embedded/contract_actions/0/status_message"}
	if result.Code != exit.Done || result.Stderr != "" || said.Drift || !slices.Equal(found(said), want) || said.Findings[0].Count != 2 {
		t.Errorf("exit code %d, stderr %q, report %+v", result.Code, result.Stderr, said)
	}
	clitest.Compare(t, acceptance.Succeed(t, "check", accountID), `STATUS  KIND                    COUNT  PAGE  FIRST AT                                      FOUND  EXPECTED
   200  optional field missing      2     1  /_embedded/contract_actions/0/status_message  -      -
no drift from contract 0.1.0 in 1 response: 2 contract actions on 1 page; 1 difference that the vendor's document allows
`)
}

func TestWhatOccursOftenIsOneFinding(t *testing.T) {
	server := acceptance.Start(t, sandbox.WithGeneratedAccount(accountID, 6))
	change := acceptance.ChangeActions(func(i int, action map[string]any) {
		if i > 0 {
			action["status"] = []string{"", "PAUSED", "HELD"}[i]
		}
	})
	server.Fail(sandbox.Fault{}, change)
	said, _ := checkJSON(t, "--per-page", "3")
	if len(said.Findings) != 2 || said.Pages != 2 || said.Actions != 6 || said.Responses != 2 {
		t.Fatalf("%+v", said)
	}
	held := said.Findings[0]
	if held.Pointer != "/_embedded/contract_actions/*/status" || held.FirstPointer != "/_embedded/contract_actions/2/status" ||
		held.Found != "HELD" || held.Page != 2 || held.Count != 1 || held.Status != 200 {
		t.Errorf("%+v", held)
	}
}

func TestFindingsWithoutEndAreBounded(t *testing.T) {
	server := acceptance.Start(t, sandbox.WithGeneratedAccount(accountID, 300))
	unknown := acceptance.ChangeActions(func(i int, action map[string]any) {
		action["status"] = strings.Repeat("Z", i%59) + string(rune('A'+i/59))
		action["action_type"] = action["status"]
	})
	server.Fail(unknown, unknown)
	said, result := checkJSON(t, "--per-page", "150")
	if len(said.Findings) != 200 || said.Omitted != 100 {
		t.Errorf("%d findings, %d omitted", len(said.Findings), said.Omitted)
	}
	acceptance.IsOneError(t, result.Stderr, "300 findings")
}

// Whatever the service does with them, credentials stay out of the report.
func TestNoSecretIsInAReport(t *testing.T) {
	const secret = "PA+SS/WORD"
	server := acceptance.Start(t, sandbox.WithGeneratedAccount(accountID, 1), sandbox.WithClient("me", secret))
	var token string
	seeToken := sandbox.Fault{Rewrite: func(body []byte) []byte {
		var answer struct {
			Token string `json:"access_token"`
		}
		if err := json.Unmarshal(body, &answer); err != nil {
			panic(err)
		}
		token = answer.Token
		return body
	}}
	constant := func(text string) func() string { return func() string { return text } }
	for name, hidden := range map[string]func() string{
		"the token":                    func() string { return token },
		"the secret":                   constant(secret),
		"the secret in a URL":          constant("PA%2BSS%2FWORD"),
		"the secret in Base64":         constant("UEErU1MvV09SRA=="),
		"the secret as it was sent":    constant("bWU6UEElMkJTUyUyRldPUkQ="),
		"the secret in small letters ": constant("pa+ss/word"),
	} {
		for _, fault := range []sandbox.Fault{
			acceptance.ChangeActions(func(_ int, action map[string]any) {
				action["status"] = hidden()
				action["action_type"] = "a" + hidden()
				action["x"+hidden()] = map[string]any{hidden(): hidden()}
				action["created_at"] = hidden()
			}),
			acceptance.ChangePage(func(page map[string]any) { page[hidden()] = []any{hidden()} }),
			{Rewrite: func([]byte) []byte { return []byte("{" + hidden()) }},
			{Status: 403, Body: `{"code": "forbidden", "reason": "` + hidden() + `"}`},
			{Header: http.Header{"Content-Type": {"text/" + hidden()}}},
		} {
			for _, format := range []string{"table", "json"} {
				server.FailToken(seeToken)
				server.Fail(fault)
				result := acceptance.Call(t, "check", accountID, "--output", format)
				if result.Code != exit.Drift {
					t.Errorf("%s: exit code %d, stderr %q", name, result.Code, result.Stderr)
				}
				said := strings.ToLower(result.Stdout + result.Stderr)
				for _, secret := range []string{token, secret, hidden()} {
					if secret == "" || strings.Contains(said, strings.ToLower(secret)) {
						t.Errorf("%s: %q is in\n%s", name, secret, said)
					}
				}
			}
		}
	}
}

func TestAnInterruptedCheckReportsWhatItFound(t *testing.T) {
	server := acceptance.Start(t, sandbox.WithGeneratedAccount(accountID, 4))
	ctx, interrupt := context.WithCancel(t.Context())
	ended := make(chan struct{})
	defer close(ended)
	server.Fail(acceptance.ChangeActions(func(_ int, action map[string]any) { action["new"] = true }),
		sandbox.Fault{Rewrite: func(body []byte) []byte {
			interrupt()
			<-ended
			return body
		}})
	var stdout, stderr bytes.Buffer
	code := cli.Run(ctx, []string{"check", accountID, "--per-page", "2"}, nil, &stdout, &stderr)
	if code != exit.Interrupted || !strings.HasSuffix(stdout.String(), "2 contract actions on 1 page; interrupted\n") {
		t.Errorf("exit code %d, stdout %q", code, &stdout)
	}
	acceptance.IsOneError(t, stderr.String(), "the service differs from the contract: 1 finding; the list could not be read to its end: interrupted")
}
