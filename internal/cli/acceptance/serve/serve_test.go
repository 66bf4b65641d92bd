package serve_test

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/talkdesk-express/contractactions"
	"github.com/talkdesk-express/contractactions/internal/cli"
	"github.com/talkdesk-express/contractactions/internal/cli/acceptance"
	"github.com/talkdesk-express/contractactions/internal/cli/clitest"
	"github.com/talkdesk-express/contractactions/internal/cli/exit"
	"github.com/talkdesk-express/contractactions/wrapper"
)

// serving is a serve that runs in the background of a test.
type serving struct {
	t         *testing.T
	printed   string // on stdout
	variables map[string]string
	stop      context.CancelFunc
	code      chan int
	stderr    bytes.Buffer // to be read after end
}

func startServe(t *testing.T, arguments ...string) *serving {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	s := &serving{t: t, variables: make(map[string]string), stop: stop, code: make(chan int, 1)}
	printed := make(firstWrite, 1)
	go func() {
		s.code <- cli.Run(ctx, append([]string{"serve", "--addr", "127.0.0.1:0"}, arguments...), nil, printed, &s.stderr)
		close(printed)
	}()
	s.printed = <-printed
	for line := range strings.Lines(s.printed) {
		assignment, isExport := strings.CutPrefix(line, "export ")
		name, quoted, found := strings.Cut(strings.TrimSuffix(assignment, "\n"), "=")
		if !isExport || !found {
			t.Fatalf("printed %q", line)
		}
		s.variables[name] = strings.Trim(quoted, "'")
	}
	if len(s.variables) < 4 {
		t.Fatalf("printed %q, exit code %d: %s", s.variables, <-s.code, &s.stderr)
	}
	return s
}

// firstWrite passes on what is written first, and nothing after that.
type firstWrite chan string

func (w firstWrite) Write(data []byte) (int, error) {
	select {
	case w <- string(data):
	default:
	}
	return len(data), nil
}

// paste does what a shell would do with the lines on stdout.
func (s *serving) paste() {
	s.t.Helper()
	acceptance.SetEnvironment(s.t, s.variables)
}

// address is where it listens.
func (s *serving) address() string { return s.variables["TALKDESK_BASE_URL"] }

func (s *serving) end() (code int, stderr string) {
	s.stop()
	return <-s.code, s.stderr.String()
}

func TestServePrintsLinesThatWorkInAnotherShell(t *testing.T) {
	sandbox := startServe(t, "--actions", "60", "--client-id", "me")
	sandbox.paste()
	if output := acceptance.Succeed(t, "list", accountID); !strings.Contains(output, "\n60 contract actions on 1 page: ") {
		t.Error(output)
	}
	code, stderr := sandbox.end()
	if code != exit.Done || !strings.Contains(stderr, "contractactions list "+accountID+".") {
		t.Errorf("exit code %d, stderr %q", code, stderr)
	}
	if result := acceptance.Call(t, "list", accountID); result.Code != exit.Failure {
		t.Errorf("after its end the sandbox still answers: %s", result.Stdout)
	}
}

func TestServeHasTheDocumentAndItsPageAtTheSameAddress(t *testing.T) {
	sandbox := startServe(t)
	defer sandbox.end()
	address := sandbox.address()
	for path, want := range map[string]string{
		"/openapi.yaml": string(contractactions.Document()),
		"/sandbox.yaml": string(contractactions.SandboxDocument(address)),
		"/docs":         "data-sandbox", // the page is one with calls to try
		"/healthz":      "ok\n",
	} {
		if status, body := fetch(t, address+path); status != http.StatusOK || !strings.Contains(body, want) {
			t.Errorf("%s: %d %.300s", path, status, body)
		}
	}
}

func fetch(t *testing.T, address string) (status int, body string) {
	t.Helper()
	response, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(content)
}

func TestServeNamesTheDocumentationPage(t *testing.T) {
	sandbox := startServe(t)
	address := sandbox.address()
	_, stderr := sandbox.end()
	if !strings.Contains(stderr, "documentation at "+address+"/docs.") {
		t.Error(stderr)
	}
}

func TestServeLogsRequestsWithoutCredentials(t *testing.T) {
	sandbox := startServe(t)
	sandbox.paste()
	acceptance.Succeed(t, "list", accountID, "--max-pages", "1")
	_, stderr := sandbox.end()

	_, log, _ := strings.Cut(stderr, "\n")
	want := `^POST /oauth/token 200 [\d.]+(ns|µs|ms|s)\nGET /express/accounts/` + accountID + `/contracts/actions 200 [\d.]+(ns|µs|ms|s)\n$`
	if !regexp.MustCompile(want).MatchString(log) {
		t.Errorf("log is\n%s", log)
	}
	secret := sandbox.variables["TALKDESK_CLIENT_SECRET"]
	if len(secret) < 20 || strings.Contains(stderr, secret) {
		t.Errorf("secret %q, stderr\n%s", secret, stderr)
	}
}

func TestServeWithoutALogOfRequests(t *testing.T) {
	sandbox := startServe(t, "--quiet")
	fetch(t, sandbox.address()+"/healthz")
	if _, stderr := sandbox.end(); strings.Count(stderr, "\n") != 1 {
		t.Error(stderr)
	}
}

// The client sees the proxy only, and each link has to lead there.
func TestServeBehindAProxyThatEndsTLS(t *testing.T) {
	var target url.URL
	proxy := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		httputil.NewSingleHostReverseProxy(&target).ServeHTTP(w, r)
	}))
	defer proxy.Close()
	sandbox := startServe(t, "--quiet", "--url", proxy.URL+"/")
	defer sandbox.end()
	// Without lines for requests, nothing is written to stderr any more.
	_, address, _ := strings.Cut(sandbox.stderr.String(), "It listens on ")
	target = url.URL{Scheme: "http", Host: strings.TrimSuffix(address, ".\n")}

	sandbox.paste()
	_, document := fetch(t, target.String()+"/sandbox.json")
	clitest.Compare(t, document, string(contractactions.SandboxDocumentJSON(proxy.URL)))
	clitest.Compare(t, os.Getenv("TALKDESK_BASE_URL"), proxy.URL)
	clitest.Compare(t, os.Getenv("TALKDESK_TOKEN_URL"), proxy.URL+"/oauth/token")
	var stdout, stderr bytes.Buffer
	code := cli.Run(t.Context(), []string{"list", accountID, "--per-page", "50"}, nil, &stdout, &stderr, wrapper.WithHTTPClient(proxy.Client()))
	if code != exit.Done || !strings.Contains(stdout.String(), "425 contract actions on 9 pages") {
		t.Errorf("exit code %d, stderr %q", code, stderr.String())
	}
}

// Other containers know it by a name that this machine does not.
func TestServeForOtherContainers(t *testing.T) {
	sandbox := startServe(t, "--quiet", "--url", "http://sandbox.test:8080")
	defer sandbox.end()
	_, address, _ := strings.Cut(sandbox.stderr.String(), "It listens on ")
	network := wrapper.WithHTTPClient(&http.Client{Transport: &http.Transport{DialContext: func(ctx context.Context, _, to string) (net.Conn, error) {
		clitest.Compare(t, to, "sandbox.test:8080")
		return new(net.Dialer).DialContext(ctx, "tcp", strings.TrimSuffix(address, ".\n"))
	}, DisableKeepAlives: true}})
	for hosts, want := range map[string]int{sandbox.variables["TALKDESK_PLAIN_HTTP_HOSTS"]: exit.Done, "sandbox.test": exit.Usage} {
		sandbox.paste()
		t.Setenv("TALKDESK_PLAIN_HTTP_HOSTS", hosts)
		var stdout, stderr bytes.Buffer
		if code := cli.Run(t.Context(), []string{"list", accountID, "--quiet"}, nil, &stdout, &stderr, network); code != want {
			t.Errorf("%q: exit code %d, stderr %q", hosts, code, stderr.String())
		}
	}
}

func TestServeHasAnotherSecretEachTime(t *testing.T) {
	first, second := startServe(t), startServe(t)
	defer first.end()
	defer second.end()
	if secret := first.variables["TALKDESK_CLIENT_SECRET"]; secret == second.variables["TALKDESK_CLIENT_SECRET"] {
		t.Error(secret)
	}
}

func TestServeMakesUpTheSameAccountForTheSameSeed(t *testing.T) {
	list := func(seed string) string {
		sandbox := startServe(t, "--seed", seed, "--actions", "20")
		defer sandbox.end()
		sandbox.paste()
		return acceptance.Succeed(t, "list", accountID)
	}
	first := list("1")
	clitest.Compare(t, list("1"), first)
	if list("2") == first {
		t.Error("a different seed generates the same account")
	}
}

func TestServeMovesActionsOn(t *testing.T) {
	sandbox := startServe(t, "--progress", "1ns", "--actions", "20")
	defer sandbox.end()
	sandbox.paste()
	output := acceptance.Succeed(t, "list", accountID, "--output", "ndjson")
	if strings.Contains(output, `"CREATED"`) || strings.Count(output, "\n") != 20 {
		t.Error(output)
	}
}

func TestServePlaysOtherServices(t *testing.T) {
	for _, test := range []struct {
		serve, list string
		code        int
		stderr      string
	}{
		{"", acceptance.UnauthorizedAccountID, exit.Refused, "401 Unauthorized: 3110001: "},
		{"", acceptance.ForbiddenAccountID, exit.Refused, "403 Forbidden: 3110002: "},
		{"", "none", exit.Refused, "404 Not Found: 3110006: "},
		{"", "000000000000000000000404", exit.Refused, "404 Not Found: 3110006: "},
		{"", "000000000000000000000429", exit.Failure, "429 Too Many Requests: 0012001: "},
		{"", "000000000000000000000502", exit.Failure, "502 Bad Gateway"},
		{"--fail 503:100%", accountID, exit.Failure, "503 Service Unavailable"},
		{"--refuse filter,order_by", accountID + " --order-by created_at:asc", exit.Refused, "400 Bad Request: 3110005: "},
		{"--refuse filter", accountID + " --status FAILED -v", exit.Done, "parameters refused, listing without them"},
		{"--ignore order_by", accountID + " --since 2022-03-15 -v", exit.Done, "order not honoured, reading everything"},
		{"--scopes express-accounts:read", accountID, exit.Refused, "403 Forbidden: 3110002: "},
	} {
		t.Run(test.serve+" "+test.list, func(t *testing.T) {
			sandbox := startServe(t, strings.Fields(test.serve)...)
			defer sandbox.end()
			sandbox.paste()
			result := acceptance.Call(t, append([]string{"list"}, strings.Fields(test.list)...)...)
			if result.Code != test.code || !strings.Contains(result.Stderr, test.stderr) {
				t.Errorf("exit code %d, stderr\n%s", result.Code, result.Stderr)
			}
		})
	}
}

func TestServeAtAnAddressThatIsTaken(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	result := acceptance.Call(t, "serve", "--addr", taken.Addr().String())
	if result.Code != exit.Failure || result.Stdout != "" {
		t.Errorf("exit code %d, stdout %q", result.Code, result.Stdout)
	}
	acceptance.IsOneError(t, result.Stderr, "see --addr")
}

func TestDemoPrintsTheWholeAccountAndASummary(t *testing.T) {
	// None of this is to be read.
	acceptance.SetEnvironment(t, map[string]string{"TALKDESK_REGION": "mars", "TALKDESK_BASE_URL": "http://192.0.2.1"})
	result := acceptance.Call(t, "demo")
	if result.Code != exit.Done || !strings.HasPrefix(result.Stderr, "Listing the generated account "+accountID) {
		t.Fatalf("exit code %d, stderr %q", result.Code, result.Stderr)
	}
	lines := strings.Split(strings.TrimSuffix(result.Stdout, "\n"), "\n")
	if len(lines) != 1+425+1 || !strings.HasPrefix(lines[0], "ID ") || !strings.HasPrefix(lines[425], "123245132556 ") {
		t.Errorf("%d lines, from %q to %q", len(lines), lines[0], lines[len(lines)-1])
	}
	if summary := lines[len(lines)-1]; !strings.HasPrefix(summary, "425 contract actions on 9 pages: ") {
		t.Errorf("the summary is %q", summary)
	}
}

func TestDemoTakesASizeAndAFormat(t *testing.T) {
	for _, test := range []struct {
		actions string
		lines   int
	}{{"0", 0}, {"51", 51}} {
		result := acceptance.Call(t, "demo", "--actions", test.actions, "--output", "ndjson")
		if lines := strings.Count(result.Stdout, "\n"); result.Code != exit.Done || lines != test.lines {
			t.Errorf("%s contract actions: exit code %d, %d lines", test.actions, result.Code, lines)
		}
	}
}

func TestDemoListsPagesOf50(t *testing.T) {
	for actions, want := range map[string]string{
		"50": "50 contract actions on 1 page:",
		"51": "51 contract actions on 2 pages:",
	} {
		if output := acceptance.Call(t, "demo", "--actions", actions).Stdout; !strings.Contains(output, want) {
			t.Errorf("%q is missing from\n%s", want, output)
		}
	}
}
