package auth_test

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
	"github.com/talkdesk-express/contractactions/internal/cli/acceptance"
	"github.com/talkdesk-express/contractactions/internal/cli/clitest"
	"github.com/talkdesk-express/contractactions/internal/cli/exit"
	"github.com/talkdesk-express/contractactions/wrapper"
)

func TestAuthTestSaysWhatTheTokenIsGoodFor(t *testing.T) {
	server := sandbox.Start(t)
	acceptance.SetEnvironment(t, map[string]string{"TALKDESK_CLIENT_ID": server.ClientID})
	acceptance.WriteProfile(t, "default", acceptance.EnvironmentOf(server))
	want := `^Talkdesk account  -
Region            -
Token endpoint    ` + regexp.QuoteMeta(server.TokenURL) + `  \(from profile default\)
API               ` + regexp.QuoteMeta(server.URL) + `  \(from profile default\)
Client id         ` + server.ClientID + `  \(from the environment\)
Credentials       client secret  \(from profile default\)
Scopes            ` + wrapper.ScopeRead + `
                  ` + wrapper.ScopeWrite + `
                  ` + sandbox.ScopeAccounts + `
Can list          yes
Expires in        (10m0s|9m\d+s)
$`
	if output := acceptance.Succeed(t, "auth", "test"); !regexp.MustCompile(want).MatchString(output) {
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
func authJSON(t *testing.T, arguments ...string) (said authenticated, result acceptance.Outcome) {
	t.Helper()
	result = acceptance.Call(t, append([]string{"auth", "test", "-o", "json"}, arguments...)...)
	if err := json.Unmarshal([]byte(result.Stdout), &said); err != nil {
		t.Fatalf("%v: exit code %d, stdout %q, stderr %q", err, result.Code, result.Stdout, result.Stderr)
	}
	return said, result
}

func TestAuthTestForPrograms(t *testing.T) {
	server := acceptance.Start(t)
	said, result := authJSON(t)
	if result.Code != exit.Done || result.Stderr != "" || time.Until(said.Expiry) < 9*time.Minute {
		t.Errorf("%+v, expires at %v", result, said.Expiry)
	}
	clitest.Compare(t, said.TokenEndpoint, server.TokenURL)
	clitest.Compare(t, said.API, server.URL)
	clitest.Compare(t, said.ClientID, server.ClientID)
}

// With the account and region of the vendor's own hosts.
func TestAuthTestNamesAccountAndRegion(t *testing.T) {
	acceptance.SetEnvironment(t, map[string]string{
		"TALKDESK_ACCOUNT": "acme", "TALKDESK_REGION": "EU", "TALKDESK_CLIENT_ID": "id", "TALKDESK_CLIENT_SECRET": "s3cr3t",
	})
	var stdout, stderr bytes.Buffer
	code := cli.Run(t.Context(), []string{"auth", "test"}, nil, &stdout, &stderr,
		wrapper.WithHTTPClient(&http.Client{Transport: new(recorder)}))
	if code != exit.Done || stderr.Len() > 0 {
		t.Fatalf("exit code %d, stderr %q", code, &stderr)
	}
	for _, want := range []string{
		"Talkdesk account  acme  (from the environment)\n",
		"Region            eu  (from the environment)\n",
		"Token endpoint    https://acme.talkdeskid.eu/oauth/token\n",
		"API               https://api.talkdeskapp.eu\n",
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
		{"a profile that is not there", map[string]string{"TALKDESK_PROFILE": "work"}, nil, exit.Usage, "create it with 'contractactions auth login --profile work'"},
		{"a profile with a bad name", map[string]string{"TALKDESK_PROFILE": "../x"}, nil, exit.Usage, "TALKDESK_PROFILE: use the name of a profile"},
		{"no such endpoint", nil, func(server *sandbox.Server) { server.FailToken(sandbox.Fault{Status: 404}) }, exit.Failure,
			"the token endpoint responded with 404 Not Found: check "},
	} {
		t.Run(test.name, func(t *testing.T) {
			server := acceptance.Start(t)
			for name, value := range test.change {
				t.Setenv(name, value)
			}
			if test.prepare != nil {
				test.prepare(server)
			}
			result := acceptance.Call(t, "auth", "test")
			if result.Code != test.code || result.Stdout != "" {
				t.Errorf("exit code %d, stdout %q", result.Code, result.Stdout)
			}
			acceptance.IsOneError(t, result.Stderr, test.want)
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
		acceptance.SetEnvironment(t, map[string]string{
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
			acceptance.IsOneError(t, stderr.String(), "contractactions: the host acmee.talkdeskid.com was not found: "+
				"there may be no account of this name in this region: check the account's name and the region (")
			if !strings.HasSuffix(stderr.String(), want) {
				t.Errorf("stderr is %q, want %q at its end", &stderr, want)
			}
		}
	}
}

func TestAuthProfiles(t *testing.T) {
	acceptance.SetEnvironment(t, nil)
	result := acceptance.Call(t, "auth", "profiles")
	if result.Code != exit.Done || result.Stdout != "" || !strings.HasPrefix(result.Stderr, "No profiles. To create one, run 'contractactions auth login', or write ") {
		t.Errorf("%+v", result)
	}
	work := acceptance.WriteProfile(t, "work", map[string]string{"TALKDESK_ACCOUNT": "acme", "TALKDESK_CLIENT_SECRET": "s3cr3t"})
	bad := acceptance.WriteProfile(t, "bad", map[string]string{"TALKDESK_REGOIN": "eu"})
	acme := acceptance.WriteProfile(t, "Acme", nil)
	clitest.Compare(t, acceptance.Succeed(t, "auth", "profiles"), `NAME  ACCOUNT  REGION  FILE
Acme  -        -       `+acme+`: the name of a profile has only lower-case letters, digits and hyphens: rename the file
bad   -        -       profile bad: `+bad+`: line 1: TALKDESK_REGOIN is not a variable that a file can set; see 'contractactions auth --help'
work  acme     -       `+work+"\n")
}

func TestProfilesByName(t *testing.T) {
	server := sandbox.Start(t)
	acceptance.SetEnvironment(t, nil)
	acceptance.WriteProfile(t, "default", map[string]string{"TALKDESK_REGION": "mars"})
	acceptance.WriteProfile(t, "work", acceptance.EnvironmentOf(server))
	acceptance.Succeed(t, "auth", "test", "--profile", "work")
	t.Setenv("TALKDESK_PROFILE", "work")
	acceptance.Succeed(t, "auth", "test")
	if result := acceptance.Call(t, "auth", "test", "--profile", "default"); result.Code != exit.Usage ||
		!strings.Contains(result.Stderr, "(TALKDESK_REGION is from profile default)") {
		t.Errorf("%+v", result)
	}
}

func TestQuietAndVerbose(t *testing.T) {
	acceptance.StartSmall(t)
	if output := acceptance.Succeed(t, "list", accountID, "--quiet"); strings.Contains(output, "contract actions on") || strings.Count(output, "\n") != 4 {
		t.Error(output)
	}
	result := acceptance.Call(t, "list", accountID, "--verbose")
	for _, want := range []string{"msg=request operation=listContractActions account_id=" + accountID, `msg="token obtained"`} {
		if result.Code != exit.Done || !strings.Contains(result.Stderr, want) {
			t.Errorf("%q is missing from\n%s", want, result.Stderr)
		}
	}
	if result := acceptance.Call(t, "list", accountID, "-q", "-v"); result.Code != exit.Usage {
		t.Errorf("exit code %d", result.Code)
	}
}

func TestListWithAnEnvFile(t *testing.T) {
	server := sandbox.Start(t, sandbox.WithGeneratedAccount(accountID, 2))
	acceptance.SetEnvironment(t, nil)
	file := acceptance.WriteEnv(t, filepath.Join(t.TempDir(), "sandbox.env"), acceptance.EnvironmentOf(server))
	if output := acceptance.Succeed(t, "list", accountID, "--env-file", file); !strings.Contains(output, "2 contract actions") {
		t.Error(output)
	}
}

func TestAKeyFileIsFoundBesideTheFileThatNamesIt(t *testing.T) {
	server := sandbox.Start(t, sandbox.WithGeneratedAccount(accountID, 2))
	acceptance.SetEnvironment(t, nil)
	directory := t.TempDir()
	if err := os.WriteFile(filepath.Join(directory, "key.txt"), []byte(server.PrivateKey), 0o600); err != nil {
		t.Fatal(err)
	}
	values := maps.Clone(acceptance.EnvironmentOf(server))
	delete(values, "TALKDESK_CLIENT_SECRET")
	values["TALKDESK_PRIVATE_KEY_FILE"], values["TALKDESK_KEY_ID"] = "key.txt", server.KeyID
	file := acceptance.WriteEnv(t, filepath.Join(directory, "key.env"), values)
	if output := acceptance.Succeed(t, "list", accountID, "--env-file", file); !strings.Contains(output, "2 contract actions") {
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
			acceptance.Start(t, sandbox.WithGeneratedAccount(accountID, 1), sandbox.WithScopes(test.granted...))
			text := acceptance.Call(t, "auth", "test")
			if text.Code != test.authCode || !strings.Contains(text.Stdout, "\nCan list          "+test.canList+"\n") {
				t.Errorf("auth test: exit code %d, stdout\n%s", text.Code, text.Stdout)
			}
			clitest.Compare(t, text.Stderr, test.authError)

			said, result := authJSON(t)
			if result.Code != test.authCode || strings.Join(said.Scopes, " ") != strings.Join(test.granted, " ") {
				t.Errorf("auth test -o json: exit code %d, scopes %q", result.Code, said.Scopes)
			}
			if !strings.Contains(result.Stdout, `"can_list":`+test.canListJSON) {
				t.Error(result.Stdout)
			}

			list := acceptance.Call(t, "list", accountID)
			if list.Code != test.listCode || !strings.Contains(list.Stderr, test.listError) || test.listError == "" && list.Stderr != "" {
				t.Errorf("list: exit code %d, stderr %q", list.Code, list.Stderr)
			}
		})
	}
}

// A token endpoint that names no scope leaves open what the token can do.
func TestUnknownScopesAreNotAnError(t *testing.T) {
	server := acceptance.Start(t, sandbox.WithGeneratedAccount(accountID, 1))
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
	text := acceptance.Succeed(t, "auth", "test")
	if !strings.Contains(text, "\nScopes            unknown: the token endpoint names none\nCan list          unknown\n") {
		t.Error(text)
	}
	if _, result := authJSON(t); !strings.Contains(result.Stdout, `"scopes":null,"can_list":null`) {
		t.Error(result.Stdout)
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
			acceptance.Start(t)
			t.Setenv("TALKDESK_SCOPE", test.variable)
			said, _ := authJSON(t, test.flags...)
			clitest.Compare(t, strings.Join(said.Scopes, " "), test.want)
		})
	}
	acceptance.Start(t)
	result := acceptance.Call(t, "auth", "test", "--scope", sandbox.ScopeAccounts)
	if result.Code != exit.Authentication || !strings.Contains(result.Stdout, "express-accounts:read  (from the flags)\n") {
		t.Errorf("%+v", result)
	}
	acceptance.IsOneError(t, result.Stderr, "; request one of them with --scope or TALKDESK_SCOPE, or no scope to get all that the client was granted")
	if result := acceptance.Call(t, "list", accountID, "--scope", "account:manage"); result.Code != exit.Authentication {
		t.Errorf("exit code %d, stderr %q", result.Code, result.Stderr)
	}
	result = acceptance.Call(t, "list", accountID, "--scope", `a"b`)
	if result.Code != exit.Usage {
		t.Errorf("exit code %d", result.Code)
	}
	acceptance.IsOneError(t, result.Stderr, "contractactions: --scope: ")
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
		{"no permission", acceptance.UnauthorizedAccountID, []sandbox.Option{sandbox.WithUnauthorizedAccount(acceptance.UnauthorizedAccountID)}, exit.Refused,
			"failed: 401 Unauthorized, code 3110001", `"code":"3110001"`, "ask the vendor for the entitlement"},
		{"no scope", accountID, []sandbox.Option{sandbox.WithScopes(sandbox.ScopeAccounts)}, exit.Refused,
			"failed: 403 Forbidden, code 3110002", `"code":"3110002"`, "must be granted the scope"},
		{"not an id", "../x", nil, exit.Usage, "failed", `"ok":false,"contract_actions":null,"error":"`, "not an account id"},
	} {
		t.Run(test.name, func(t *testing.T) {
			server := acceptance.Start(t, append(test.options, sandbox.WithGeneratedAccount(accountID, 425))...)
			text := acceptance.Call(t, "auth", "test", test.accountID)
			if text.Code != test.code || !strings.HasSuffix(text.Stdout, "\nExpress account "+test.accountID+"  "+test.line+"\n") {
				t.Errorf("exit code %d, stdout\n%s", text.Code, text.Stdout)
			}
			if test.err != "" {
				acceptance.IsOneError(t, text.Stderr, test.err)
			}
			_, result := authJSON(t, test.accountID)
			if result.Code != test.code || !strings.Contains(result.Stdout, test.json) {
				t.Errorf("exit code %d, stdout\n%s", result.Code, result.Stdout)
			}
			if strings.Contains(text.Stdout+text.Stderr+result.Stdout+result.Stderr, server.ClientSecret) {
				t.Error("the secret is in the output")
			}
		})
	}
}

func TestACodeOfAnyLengthIsShortened(t *testing.T) {
	acceptance.Start(t).Fail(sandbox.Fault{Status: 409, Body: `{"code": "` + strings.Repeat("9", 10_000) + `", "message": "No."}`})
	result := acceptance.Call(t, "auth", "test", accountID)
	if want := "failed: 409 Conflict, code " + strings.Repeat("9", 59) + "…\n"; !strings.HasSuffix(result.Stdout, want) {
		t.Errorf("%.500q, want %q at its end", result.Stdout, want)
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
			acceptance.SetEnvironment(t, test.variables)
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
