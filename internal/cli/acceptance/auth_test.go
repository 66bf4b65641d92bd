package cli_test

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/talkdesk-express/contractactions/api/sandbox"
	"github.com/talkdesk-express/contractactions/internal/cli"
	"github.com/talkdesk-express/contractactions/internal/cli/clitest"
	"github.com/talkdesk-express/contractactions/internal/cli/exit"
	"github.com/talkdesk-express/contractactions/wrapper"
)

// writeProfile makes a profile for a test whose environment is set already.
func writeProfile(t *testing.T, name string, values map[string]string) string {
	t.Helper()
	directory, err := os.UserConfigDir()
	if err != nil {
		t.Fatal(err)
	}
	return writeEnv(t, filepath.Join(directory, "contractactions", "profiles", name+".env"), values)
}

func TestAuthTestSaysWhatTheTokenIsGoodFor(t *testing.T) {
	server := sandbox.Start(t)
	setEnvironment(t, map[string]string{"TALKDESK_CLIENT_ID": server.ClientID})
	writeProfile(t, "default", environmentOf(server))
	want := `^Account         -
Region          -
Token endpoint  ` + regexp.QuoteMeta(server.TokenURL) + `  \(from profile default\)
API             ` + regexp.QuoteMeta(server.URL) + `  \(from profile default\)
Client id       ` + server.ClientID + `  \(from the environment\)
Credentials     client secret  \(from profile default\)
Scopes          ` + wrapper.ScopeRead + `
                ` + wrapper.ScopeWrite + `
                ` + sandbox.ScopeAccounts + `
Can list        yes
Expires in      (10m0s|9m\d+s)
$`
	if output := succeed(t, "auth", "test"); !regexp.MustCompile(want).MatchString(output) {
		t.Errorf("got\n%s\nwant\n%s", output, want)
	}
}

// authenticated has fields of the JSON that auth test prints.
type authenticated struct {
	TokenEndpoint string    `json:"token_endpoint"`
	API           string    `json:"api"`
	ClientID      string    `json:"client_id"`
	Scopes        []string  `json:"scopes"`
	Expiry        time.Time `json:"expires_at"`
}

// authJSON runs auth test, and returns what it prints for programs.
func authJSON(t *testing.T, arguments ...string) (said authenticated, result outcome) {
	t.Helper()
	result = call(t, append([]string{"auth", "test", "-o", "json"}, arguments...)...)
	if err := json.Unmarshal([]byte(result.stdout), &said); err != nil {
		t.Fatalf("%v: exit code %d, stdout %q, stderr %q", err, result.code, result.stdout, result.stderr)
	}
	return said, result
}

func TestAuthTestForPrograms(t *testing.T) {
	server := start(t)
	said, result := authJSON(t)
	if result.code != exit.Done || result.stderr != "" || time.Until(said.Expiry) < 9*time.Minute {
		t.Errorf("%+v, expires at %v", result, said.Expiry)
	}
	clitest.Compare(t, said.TokenEndpoint, server.TokenURL)
	clitest.Compare(t, said.API, server.URL)
	clitest.Compare(t, said.ClientID, server.ClientID)
}

// With the account and region of the vendor's own hosts.
func TestAuthTestNamesAccountAndRegion(t *testing.T) {
	setEnvironment(t, map[string]string{
		"TALKDESK_ACCOUNT": "acme", "TALKDESK_REGION": "EU", "TALKDESK_CLIENT_ID": "id", "TALKDESK_CLIENT_SECRET": "s3cr3t",
	})
	var stdout, stderr bytes.Buffer
	code := cli.Run(t.Context(), []string{"auth", "test"}, nil, &stdout, &stderr,
		wrapper.WithHTTPClient(&http.Client{Transport: new(recorder)}))
	if code != exit.Done || stderr.Len() > 0 {
		t.Fatalf("exit code %d, stderr %q", code, &stderr)
	}
	for _, want := range []string{
		"Account         acme  (from the environment)\n",
		"Region          eu  (from the environment)\n",
		"Token endpoint  https://acme.talkdeskid.eu/oauth/token\n",
		"API             https://api.talkdeskapp.eu\n",
	} {
		if !strings.Contains(stdout.String(), want) {
			t.Errorf("%q is missing from\n%s", want, &stdout)
		}
	}
}

func TestAuthTestTellsWhatIsWrong(t *testing.T) {
	for _, test := range []struct {
		name    string
		change  map[string]string
		prepare func(*sandbox.Server)
		code    int
		want    string
	}{
		{"no client id", map[string]string{"TALKDESK_CLIENT_ID": ""}, nil, exit.Usage, "contractactions: set TALKDESK_CLIENT_ID"},
		{"a wrong secret", map[string]string{"TALKDESK_CLIENT_SECRET": "no"}, nil, exit.Authentication, "contractactions: get a token from http"},
		{"a bad region", map[string]string{"TALKDESK_REGION": "mars"}, nil, exit.Usage, "(TALKDESK_REGION is from the environment)"},
		{"a profile that is not there", map[string]string{"TALKDESK_PROFILE": "work"}, nil, exit.Usage, "there is no profile work: write "},
		{"a profile with a bad name", map[string]string{"TALKDESK_PROFILE": "../x"}, nil, exit.Usage, "TALKDESK_PROFILE: use the name of a profile"},
		{"no such endpoint", nil, func(server *sandbox.Server) { server.FailToken(sandbox.Fault{Status: 404}) }, exit.Failure,
			"the token endpoint responded with 404 Not Found: check "},
	} {
		t.Run(test.name, func(t *testing.T) {
			server := start(t)
			for name, value := range test.change {
				t.Setenv(name, value)
			}
			if test.prepare != nil {
				test.prepare(server)
			}
			result := call(t, "auth", "test")
			if result.code != test.code || result.stdout != "" {
				t.Errorf("exit code %d, stdout %q", result.code, result.stdout)
			}
			isOneError(t, result.stderr, test.want)
		})
	}
}

// noSuchHost is a transport for which no host exists.
type noSuchHost struct{}

func (noSuchHost) RoundTrip(request *http.Request) (*http.Response, error) {
	return nil, &net.DNSError{Err: "no such host", Name: request.URL.Hostname(), IsNotFound: true}
}

// Why the host is not found is a guess, and there are several.
func TestAHostThatIsNotFoundGetsAHint(t *testing.T) {
	for proxy, want := range map[string]string{
		"":           "; this machine may be offline, or need a proxy: set HTTPS_PROXY\n",
		"ht tp://no": "; this machine may be offline; HTTPS_PROXY is set and was not used: it may not be a URL, or NO_PROXY may exclude the host\n",
	} {
		setEnvironment(t, map[string]string{
			"TALKDESK_ACCOUNT": "acmee", "TALKDESK_CLIENT_ID": "id", "TALKDESK_CLIENT_SECRET": "s3cr3t",
		})
		t.Setenv("HTTPS_PROXY", proxy)
		t.Setenv("https_proxy", "")
		for _, arguments := range [][]string{{"auth", "test"}, {"list", accountID}} {
			var stdout, stderr bytes.Buffer
			code := cli.Run(t.Context(), arguments, nil, &stdout, &stderr, wrapper.WithHTTPClient(&http.Client{Transport: noSuchHost{}}))
			if code != exit.Failure {
				t.Errorf("exit code %d", code)
			}
			isOneError(t, stderr.String(), "contractactions: the host acmee.talkdeskid.com was not found: "+
				"there may be no account of this name in this region: check the account's name and the region (")
			if !strings.HasSuffix(stderr.String(), want) {
				t.Errorf("stderr is %q, want %q at its end", &stderr, want)
			}
		}
	}
}

func TestAuthProfiles(t *testing.T) {
	setEnvironment(t, nil)
	result := call(t, "auth", "profiles")
	if result.code != exit.Done || result.stdout != "" || !strings.HasPrefix(result.stderr, "No profiles. To create one, run 'contractactions auth login', or write ") {
		t.Errorf("%+v", result)
	}
	work := writeProfile(t, "work", map[string]string{"TALKDESK_ACCOUNT": "acme", "TALKDESK_CLIENT_SECRET": "s3cr3t"})
	bad := writeProfile(t, "bad", map[string]string{"TALKDESK_REGOIN": "eu"})
	writeProfile(t, "NOT a name", nil)
	clitest.Compare(t, succeed(t, "auth", "profiles"), `NAME  ACCOUNT  REGION  FILE
bad   -        -       profile bad: `+bad+`: line 1: TALKDESK_REGOIN is not a variable that a file can set; see 'contractactions auth --help'
work  acme     -       `+work+"\n")
}

func TestProfilesByName(t *testing.T) {
	server := sandbox.Start(t)
	setEnvironment(t, nil)
	writeProfile(t, "default", map[string]string{"TALKDESK_REGION": "mars"})
	writeProfile(t, "work", environmentOf(server))
	succeed(t, "auth", "test", "--profile", "work")
	t.Setenv("TALKDESK_PROFILE", "work")
	succeed(t, "auth", "test")
	if result := call(t, "auth", "test", "--profile", "default"); result.code != exit.Usage ||
		!strings.Contains(result.stderr, "(TALKDESK_REGION is from profile default)") {
		t.Errorf("%+v", result)
	}
}

func TestQuietAndVerbose(t *testing.T) {
	startSmall(t)
	if output := succeed(t, "list", accountID, "--quiet"); strings.Contains(output, "contract actions on") || strings.Count(output, "\n") != 4 {
		t.Error(output)
	}
	result := call(t, "list", accountID, "--verbose")
	for _, want := range []string{"msg=request operation=listContractActions account_id=" + accountID, `msg="token obtained"`} {
		if result.code != exit.Done || !strings.Contains(result.stderr, want) {
			t.Errorf("%q is missing from\n%s", want, result.stderr)
		}
	}
	if result := call(t, "list", accountID, "-q", "-v"); result.code != exit.Usage {
		t.Errorf("exit code %d", result.code)
	}
}

// writeEnv writes a file of variables that only its owner can read.
func writeEnv(t *testing.T, name string, values map[string]string) string {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	for name, value := range values {
		text.WriteString(name + "='" + value + "'\n")
	}
	if err := os.WriteFile(name, []byte(text.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

func TestListWithAnEnvFile(t *testing.T) {
	server := sandbox.Start(t, sandbox.WithGeneratedAccount(accountID, 2))
	setEnvironment(t, nil)
	file := writeEnv(t, filepath.Join(t.TempDir(), "sandbox.env"), environmentOf(server))
	if output := succeed(t, "list", accountID, "--env-file", file); !strings.Contains(output, "2 contract actions") {
		t.Error(output)
	}
}

func TestAKeyFileIsFoundBesideTheFileThatNamesIt(t *testing.T) {
	server := sandbox.Start(t, sandbox.WithGeneratedAccount(accountID, 2))
	setEnvironment(t, nil)
	directory := t.TempDir()
	if err := os.WriteFile(filepath.Join(directory, "key.txt"), []byte(server.PrivateKey), 0o600); err != nil {
		t.Fatal(err)
	}
	values := maps.Clone(environmentOf(server))
	delete(values, "TALKDESK_CLIENT_SECRET")
	values["TALKDESK_PRIVATE_KEY_FILE"], values["TALKDESK_KEY_ID"] = "key.txt", server.KeyID
	file := writeEnv(t, filepath.Join(directory, "key.env"), values)
	if output := succeed(t, "list", accountID, "--env-file", file); !strings.Contains(output, "2 contract actions") {
		t.Error(output)
	}
}

const scopesNeeded = wrapper.ScopeRead + " or " + wrapper.ScopeWrite

func TestWhatAClientWithTheseScopesSees(t *testing.T) {
	for _, test := range []struct {
		name               string
		granted            []string
		canList            string // of the text
		canListJSON        string
		authCode, listCode int
		authError          string
		listError          string
	}{
		{"read", []string{sandbox.ScopeRead}, "yes", "true", exit.Done, exit.Done, "", ""},
		{"write", []string{sandbox.ScopeWrite}, "yes", "true", exit.Done, exit.Done, "", ""},
		{"both", []string{sandbox.ScopeRead, sandbox.ScopeWrite}, "yes", "true", exit.Done, exit.Done, "", ""},
		{"neither", []string{sandbox.ScopeAccounts}, "no: needs " + scopesNeeded, "false", exit.Authentication, exit.Refused,
			"contractactions: the token cannot list contract actions: it needs the scope " + scopesNeeded + "; have the client granted one of them\n",
			`the token has the scope "express-accounts:read": the client must be granted the scope ` + scopesNeeded},
	} {
		t.Run(test.name, func(t *testing.T) {
			start(t, sandbox.WithGeneratedAccount(accountID, 1), sandbox.WithScopes(test.granted...))
			text := call(t, "auth", "test")
			if text.code != test.authCode || !strings.Contains(text.stdout, "\nCan list        "+test.canList+"\n") {
				t.Errorf("auth test: exit code %d, stdout\n%s", text.code, text.stdout)
			}
			clitest.Compare(t, text.stderr, test.authError)

			said, result := authJSON(t)
			if result.code != test.authCode || strings.Join(said.Scopes, " ") != strings.Join(test.granted, " ") {
				t.Errorf("auth test -o json: exit code %d, scopes %q", result.code, said.Scopes)
			}
			if !strings.Contains(result.stdout, `"can_list":`+test.canListJSON) {
				t.Error(result.stdout)
			}

			list := call(t, "list", accountID)
			if list.code != test.listCode || !strings.Contains(list.stderr, test.listError) || test.listError == "" && list.stderr != "" {
				t.Errorf("list: exit code %d, stderr %q", list.code, list.stderr)
			}
		})
	}
}

// A token endpoint that names no scope leaves open what the token can do.
func TestUnknownScopesAreNotAnError(t *testing.T) {
	server := start(t, sandbox.WithGeneratedAccount(accountID, 1))
	unnamed := sandbox.Fault{Rewrite: func(body []byte) []byte {
		var token map[string]any
		if err := json.Unmarshal(body, &token); err != nil {
			panic(err)
		}
		delete(token, "scope")
		changed, _ := json.Marshal(token)
		return changed
	}}
	server.FailToken(unnamed, unnamed)
	text := succeed(t, "auth", "test")
	if !strings.Contains(text, "\nScopes          unknown: the token endpoint names none\nCan list        unknown\n") {
		t.Error(text)
	}
	if _, result := authJSON(t); !strings.Contains(result.stdout, `"scopes":null,"can_list":null`) {
		t.Error(result.stdout)
	}
}

func TestScopesCanBeRequested(t *testing.T) {
	for _, test := range []struct {
		name     string
		variable string
		flags    []string
		want     string
	}{
		{"all", "", nil, sandbox.ScopeRead + " " + sandbox.ScopeWrite + " " + sandbox.ScopeAccounts},
		{"by a variable", sandbox.ScopeRead + " " + sandbox.ScopeAccounts, nil, sandbox.ScopeRead + " " + sandbox.ScopeAccounts},
		{"by a flag in its place", sandbox.ScopeRead, []string{"--scope", sandbox.ScopeWrite}, sandbox.ScopeWrite},
		{"by several flags", "", []string{"--scope", sandbox.ScopeRead, "--scope=" + sandbox.ScopeWrite}, sandbox.ScopeRead + " " + sandbox.ScopeWrite},
		{"with commas and spaces", "", []string{"--scope", sandbox.ScopeRead + ", " + sandbox.ScopeWrite}, sandbox.ScopeRead + " " + sandbox.ScopeWrite},
	} {
		t.Run(test.name, func(t *testing.T) {
			start(t)
			t.Setenv("TALKDESK_SCOPE", test.variable)
			said, _ := authJSON(t, test.flags...)
			clitest.Compare(t, strings.Join(said.Scopes, " "), test.want)
		})
	}
	start(t)
	result := call(t, "auth", "test", "--scope", sandbox.ScopeAccounts)
	if result.code != exit.Authentication || !strings.Contains(result.stdout, "express-accounts:read  (from the flags)\n") {
		t.Errorf("%+v", result)
	}
	isOneError(t, result.stderr, "; request one of them with --scope or TALKDESK_SCOPE, or no scope to get all that the client was granted")
	if result := call(t, "list", accountID, "--scope", "account:manage"); result.code != exit.Authentication {
		t.Errorf("exit code %d, stderr %q", result.code, result.stderr)
	}
	result = call(t, "list", accountID, "--scope", `a"b`)
	if result.code != exit.Usage {
		t.Errorf("exit code %d", result.code)
	}
	isOneError(t, result.stderr, "(TALKDESK_SCOPE is from the flags)")
}

func TestAuthTestTriesAnAccount(t *testing.T) {
	for _, test := range []struct {
		name, accountID string
		options         []sandbox.Option
		code            int
		line            string // the last one on stdout
		json            string
		err             string // on stderr
	}{
		{"one that can be listed", accountID, nil, exit.Done, "ok, 425 contract actions",
			`{"account_id":"` + accountID + `","ok":true,"contract_actions":425}`, ""},
		{"an empty one", "empty", []sandbox.Option{sandbox.WithAccount("empty")}, exit.Done, "ok, 0 contract actions",
			`{"account_id":"empty","ok":true,"contract_actions":0}`, ""},
		{"no parameters", accountID, []sandbox.Option{sandbox.WithRefusedParameters("per_page", "order_by")}, exit.Done,
			"ok, 425 contract actions", `"contract_actions":425`, ""},
		{"an unknown one", "unknown", nil, exit.Refused, "failed: 404 Not Found, code 3110006",
			`"ok":false,"contract_actions":null,"code":"3110006","error":"list contract actions`, "; check the account id"},
		{"no permission", unauthorizedAccountID, []sandbox.Option{sandbox.WithUnauthorizedAccount(unauthorizedAccountID)}, exit.Refused,
			"failed: 401 Unauthorized, code 3110001", `"code":"3110001"`, "ask the vendor for the entitlement"},
		{"no scope", accountID, []sandbox.Option{sandbox.WithScopes(sandbox.ScopeAccounts)}, exit.Refused,
			"failed: 403 Forbidden, code 3110002", `"code":"3110002"`, "must be granted the scope"},
		{"not an id", "../x", nil, exit.Usage, "failed", `"ok":false,"contract_actions":null,"error":"`, "not an account id"},
	} {
		t.Run(test.name, func(t *testing.T) {
			server := start(t, append(test.options, sandbox.WithGeneratedAccount(accountID, 425))...)
			text := call(t, "auth", "test", test.accountID)
			if text.code != test.code || !strings.HasSuffix(text.stdout, "\nAccount "+test.accountID+"  "+test.line+"\n") {
				t.Errorf("exit code %d, stdout\n%s", text.code, text.stdout)
			}
			if test.err != "" {
				isOneError(t, text.stderr, test.err)
			}
			_, result := authJSON(t, test.accountID)
			if result.code != test.code || !strings.Contains(result.stdout, test.json) {
				t.Errorf("exit code %d, stdout\n%s", result.code, result.stdout)
			}
			if strings.Contains(text.stdout+text.stderr+result.stdout+result.stderr, server.ClientSecret) {
				t.Error("the secret is in the output")
			}
		})
	}
}

func TestACodeOfAnyLengthIsShortened(t *testing.T) {
	start(t).Fail(sandbox.Fault{Status: 409, Body: `{"code": "` + strings.Repeat("9", 10_000) + `", "message": "No."}`})
	result := call(t, "auth", "test", accountID)
	if want := "failed: 409 Conflict, code " + strings.Repeat("9", 59) + "…\n"; !strings.HasSuffix(result.stdout, want) {
		t.Errorf("%.500q, want %q at its end", result.stdout, want)
	}
}

// recorder answers like a service with an empty account, without a network,
// and records the addresses that were asked.
type recorder struct{ asked []string }

func (r *recorder) RoundTrip(request *http.Request) (*http.Response, error) {
	r.asked = append(r.asked, request.URL.Scheme+"://"+request.URL.Host)
	body := `{}`
	if request.Method == http.MethodPost {
		body = `{"access_token": "t", "token_type": "Bearer", "expires_in": 600, "count": 0}`
	}
	return &http.Response{
		StatusCode: http.StatusOK,
		Header:     http.Header{"Content-Type": {"application/json"}},
		Body:       io.NopCloser(strings.NewReader(body)),
		Request:    request,
	}, nil
}

func TestFlagsWinOverVariables(t *testing.T) {
	for _, test := range []struct {
		name      string
		variables map[string]string
		flags     []string
		want      []string // the token endpoint, and the API
	}{
		{
			"variables alone",
			map[string]string{"TALKDESK_ACCOUNT": "acme", "TALKDESK_REGION": "canada"}, nil,
			[]string{"https://acme.talkdeskidca.com", "https://api.talkdeskappca.com"},
		},
		{
			"flags alone", nil,
			[]string{"--account", "acme", "--region", "EU"},
			[]string{"https://acme.talkdeskid.eu", "https://api.talkdeskapp.eu"},
		},
		{
			"addresses in flags alone", nil,
			[]string{"--token-url", "https://identity.test/token", "--base-url", "https://api.test"},
			[]string{"https://identity.test", "https://api.test"},
		},
		{
			"an account over a token endpoint in a variable",
			map[string]string{"TALKDESK_TOKEN_URL": "https://other.test", "TALKDESK_BASE_URL": "https://api.test"},
			[]string{"--account", "acme"},
			[]string{"https://acme.talkdeskid.com", "https://api.test"},
		},
		{
			"a region over addresses and a bad region in variables",
			map[string]string{
				"TALKDESK_ACCOUNT": "acme", "TALKDESK_REGION": "mars",
				"TALKDESK_TOKEN_URL": "https://other.test", "TALKDESK_BASE_URL": "https://other.test",
			},
			[]string{"--region", "us"},
			[]string{"https://acme.talkdeskid.com", "https://api.talkdeskapp.com"},
		},
		{
			"an address over everything",
			map[string]string{"TALKDESK_ACCOUNT": "acme", "TALKDESK_BASE_URL": "https://other.test"},
			[]string{"--base-url", "https://api.test", "--region", "eu"},
			[]string{"https://acme.talkdeskid.eu", "https://api.test"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			setEnvironment(t, test.variables)
			t.Setenv("TALKDESK_CLIENT_ID", "id")
			t.Setenv("TALKDESK_CLIENT_SECRET", "secret")
			service := new(recorder)
			var stdout, stderr bytes.Buffer
			code := cli.Run(t.Context(), append([]string{"list", accountID}, test.flags...), nil, &stdout, &stderr,
				wrapper.WithHTTPClient(&http.Client{Transport: service}))
			if code != exit.Done {
				t.Fatalf("exit code %d: %s", code, &stderr)
			}
			if !slices.Equal(service.asked, test.want) {
				t.Errorf("asked %q, want %q", service.asked, test.want)
			}
		})
	}
}
