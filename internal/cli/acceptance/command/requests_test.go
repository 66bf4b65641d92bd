package command_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/talkdesk-express/contractactions/api/sandbox"
	"github.com/talkdesk-express/contractactions/internal/cli/acceptance"
	"github.com/talkdesk-express/contractactions/internal/cli/exit"
)

// The second request would have to wait for longer than the time limit.
func TestRateLimit(t *testing.T) {
	for flags, code := range map[string]int{
		"":                                exit.Done,
		"--rate-limit 0.001":              exit.Failure,
		"--rate-limit 0.001:2":            exit.Failure,
		"--rate-limit 0.001:3":            exit.Done,
		"--rate-limit=1000000":            exit.Done,
		"--rate-limit 0.001 --per-page 3": exit.Done,
	} {
		acceptance.Start(t, sandbox.WithGeneratedAccount(accountID, 3))
		result := acceptance.Call(t, append([]string{"list", accountID, "--per-page", "1", "--timeout", "1m"}, strings.Fields(flags)...)...)
		if result.Code != code || code != exit.Done && !strings.Contains(result.Stderr, "its turn under the rate limit would come after the deadline") {
			t.Errorf("%s: exit code %d, stderr %q", flags, result.Code, result.Stderr)
		}
	}
	// It replaces the limit that wait has.
	acceptance.Start(t, sandbox.WithGeneratedAccount(accountID, 1000))
	result := acceptance.Call(t, "wait", accountID, "1", "--rate-limit", "0.001", "--timeout", "1m")
	if result.Code != exit.Timeout {
		t.Errorf("%+v", result)
	}
}

func TestDebugShowsRequestsWithoutCredentials(t *testing.T) {
	server := acceptance.Start(t, sandbox.WithGeneratedAccount(accountID, 2), sandbox.WithClient("me", "S3CR3T99"), sandbox.WithIgnoredParameters("filter"))
	server.Fail(sandbox.Fault{Header: http.Header{"X-Request-Id": {"r-1"}}}, sandbox.Fault{Drop: true}, sandbox.Fault{Drop: true})
	result := acceptance.Call(t, "list", accountID, "--debug", "--per-page", "1", "--status", "CREATED")
	if result.Code != exit.Failure {
		t.Fatalf("%+v", result)
	}
	const times = `header_after=[\d.]+[µm]?s protocol=HTTP/1.1 `
	base := regexp.QuoteMeta(server.URL)
	for i, want := range []string{
		`method=POST url=` + base + `/oauth/token ` + times + `status=200 request_id=\S+ bytes=\d+ body_after=`,
		`method=GET url="` + base + `/express/accounts/` + accountID + `/contracts/actions\?filter=status\+eq\+%27CREATED%27&order_by=created_at%3Aasc&per_page=1" ` +
			times + `status=200 request_id=r-1 bytes=\d+ body_after=`,
		`method=GET url=".*" header_after=\S+ error="no response"`,
	} {
		lines := strings.Split(result.Stderr, "\n")
		if !regexp.MustCompile(`^time=\S+ level=DEBUG msg=http ` + want).MatchString(lines[i]) {
			t.Errorf("line %d is\n%s\nwant\n%s", i, lines[i], want)
		}
	}
	for _, secret := range []string{"S3CR3T99", "Bearer", "Basic", "grant_type"} {
		if strings.Contains(result.Stderr, secret) {
			t.Errorf("%s is in\n%s", secret, result.Stderr)
		}
	}
}

// Whatever the links and headers of the service contain.
func TestDebugWithholdsWhatItCannotKnow(t *testing.T) {
	server := acceptance.Start(t, sandbox.WithGeneratedAccount(accountID, 2))
	var token string
	link := acceptance.ChangePage(func(page map[string]any) {
		token = server.Requests()[len(server.Requests())-1].Header.Get("Authorization")
		token = strings.TrimPrefix(token, "Bearer ")
		page["_links"].(map[string]any)["next"] = map[string]any{
			"href": "actions?page=2&cursor=CURSOR&per_page=TEXT&order_by=OTHER&%zz&filter=" + token + "&token=" + token}
	})
	server.Fail(link)
	result := acceptance.Call(t, "list", accountID, "--debug", "--per-page", "1")
	if token == "" || !strings.Contains(result.Stderr, "[withheld") {
		t.Errorf("token %q, stderr\n%s", token, result.Stderr)
	}
	for _, secret := range []string{token, "CURSOR", "TEXT", "OTHER"} {
		if strings.Contains(result.Stderr, secret) {
			t.Errorf("%s is in\n%s", secret, result.Stderr)
		}
	}
}

func TestCheckCanBeDebugged(t *testing.T) {
	acceptance.Start(t, sandbox.WithGeneratedAccount(accountID, 2))
	result := acceptance.Call(t, "check", accountID, "--debug")
	if result.Code != exit.Done || strings.Count(result.Stderr, "msg=http") != 2 || !strings.HasPrefix(result.Stdout, "no drift") {
		t.Errorf("%+v", result)
	}
}
