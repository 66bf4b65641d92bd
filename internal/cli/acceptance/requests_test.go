package cli_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/talkdesk-express/contractactions/api/sandbox"
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
		start(t, sandbox.WithGeneratedAccount(accountID, 3))
		result := call(t, append([]string{"list", accountID, "--per-page", "1", "--timeout", "1m"}, strings.Fields(flags)...)...)
		if result.code != code || code != exit.Done && !strings.Contains(result.stderr, "its turn under the rate limit would come after the deadline") {
			t.Errorf("%s: exit code %d, stderr %q", flags, result.code, result.stderr)
		}
	}
	// It replaces the limit that wait has.
	start(t, sandbox.WithGeneratedAccount(accountID, 1000))
	result := call(t, "wait", accountID, "1", "--rate-limit", "0.001", "--timeout", "1m")
	if result.code != exit.Timeout {
		t.Errorf("%+v", result)
	}
}

func TestDebugShowsRequestsWithoutCredentials(t *testing.T) {
	server := start(t, sandbox.WithGeneratedAccount(accountID, 2), sandbox.WithClient("me", "S3CR3T99"), sandbox.WithIgnoredParameters("filter"))
	server.Fail(sandbox.Fault{Header: http.Header{"X-Request-Id": {"r-1"}}}, sandbox.Fault{Drop: true}, sandbox.Fault{Drop: true})
	result := call(t, "list", accountID, "--debug", "--per-page", "1", "--status", "CREATED")
	if result.code != exit.Failure {
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
		lines := strings.Split(result.stderr, "\n")
		if !regexp.MustCompile(`^time=\S+ level=DEBUG msg=http ` + want).MatchString(lines[i]) {
			t.Errorf("line %d is\n%s\nwant\n%s", i, lines[i], want)
		}
	}
	for _, secret := range []string{"S3CR3T99", "Bearer", "Basic", "grant_type"} {
		if strings.Contains(result.stderr, secret) {
			t.Errorf("%s is in\n%s", secret, result.stderr)
		}
	}
}

// Whatever the links and headers of the service contain.
func TestDebugWithholdsWhatItCannotKnow(t *testing.T) {
	server := start(t, sandbox.WithGeneratedAccount(accountID, 2))
	var token string
	link := changePage(func(page map[string]any) {
		token = server.Requests()[len(server.Requests())-1].Header.Get("Authorization")
		token = strings.TrimPrefix(token, "Bearer ")
		page["_links"].(map[string]any)["next"] = map[string]any{
			"href": "actions?page=2&cursor=CURSOR&per_page=TEXT&order_by=OTHER&%zz&filter=" + token + "&token=" + token}
	})
	server.Fail(link)
	result := call(t, "list", accountID, "--debug", "--per-page", "1")
	if token == "" || !strings.Contains(result.stderr, "[withheld") {
		t.Errorf("token %q, stderr\n%s", token, result.stderr)
	}
	for _, secret := range []string{token, "CURSOR", "TEXT", "OTHER"} {
		if strings.Contains(result.stderr, secret) {
			t.Errorf("%s is in\n%s", secret, result.stderr)
		}
	}
}

func TestCheckCanBeDebugged(t *testing.T) {
	start(t, sandbox.WithGeneratedAccount(accountID, 2))
	result := call(t, "check", accountID, "--debug")
	if result.code != exit.Done || strings.Count(result.stderr, "msg=http") != 2 || !strings.HasPrefix(result.stdout, "no drift") {
		t.Errorf("%+v", result)
	}
}
