package main

import (
	"bytes"
	"encoding/json"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/talkdesk-express/contractactions/api/sandbox"
	"github.com/talkdesk-express/contractactions/wrapper"
)

// writeProfile makes a profile for a test whose environment is set already.
func writeProfile(t *testing.T, name string, values map[string]string) string {
	t.Helper()
	directory, err := profilesDirectory()
	if err != nil {
		t.Fatal(err)
	}
	return writeEnv(t, filepath.Join(directory, name+profileSuffix), values)
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

// authJSON is what auth test prints for programs.
func authJSON(t *testing.T, arguments ...string) (said authentication, result outcome) {
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
	if result.code != exitDone || result.stderr != "" || time.Until(said.Expiry) < 9*time.Minute {
		t.Errorf("%+v, expires at %v", result, said.Expiry)
	}
	compare(t, said.TokenEndpoint, server.TokenURL)
	compare(t, said.API, server.URL)
	compare(t, said.ClientID, server.ClientID)
}

// With the account and region of the vendor's own hosts.
func TestAuthTestNamesAccountAndRegion(t *testing.T) {
	setEnvironment(t, map[string]string{
		"TALKDESK_ACCOUNT": "acme", "TALKDESK_REGION": "EU", "TALKDESK_CLIENT_ID": "id", "TALKDESK_CLIENT_SECRET": "s3cr3t",
	})
	var stdout, stderr bytes.Buffer
	code := run(t.Context(), []string{"auth", "test"}, &stdout, &stderr,
		wrapper.WithHTTPClient(&http.Client{Transport: new(recorder)}))
	if code != exitDone || stderr.Len() > 0 {
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
		{"no client id", map[string]string{"TALKDESK_CLIENT_ID": ""}, nil, exitUsage, "contractactions: set TALKDESK_CLIENT_ID"},
		{"a wrong secret", map[string]string{"TALKDESK_CLIENT_SECRET": "no"}, nil, exitAuthentication, "contractactions: get a token from http"},
		{"a bad region", map[string]string{"TALKDESK_REGION": "mars"}, nil, exitUsage, "(TALKDESK_REGION is from the environment)"},
		{"a profile that is not there", map[string]string{"TALKDESK_PROFILE": "work"}, nil, exitUsage, "there is no profile work: write "},
		{"a profile with a bad name", map[string]string{"TALKDESK_PROFILE": "../x"}, nil, exitUsage, "TALKDESK_PROFILE: give the name of a profile"},
		{"no such endpoint", nil, func(server *sandbox.Server) { server.FailToken(sandbox.Fault{Status: 404}) }, exitFailure,
			"contractactions: there is no token endpoint at http"},
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

// noSuchHost is a resolver that knows nobody.
type noSuchHost struct{}

func (noSuchHost) RoundTrip(request *http.Request) (*http.Response, error) {
	return nil, &net.DNSError{Err: "no such host", Name: request.URL.Hostname(), IsNotFound: true}
}

func TestAWrongAccountOrRegionGetsAHint(t *testing.T) {
	setEnvironment(t, map[string]string{
		"TALKDESK_ACCOUNT": "acmee", "TALKDESK_CLIENT_ID": "id", "TALKDESK_CLIENT_SECRET": "s3cr3t",
	})
	for _, arguments := range [][]string{{"auth", "test"}, {"list", accountID}} {
		var stdout, stderr bytes.Buffer
		code := run(t.Context(), arguments, &stdout, &stderr, wrapper.WithHTTPClient(&http.Client{Transport: noSuchHost{}}))
		if code != exitFailure {
			t.Errorf("exit code %d", code)
		}
		isOneError(t, stderr.String(), "contractactions: there is no account of this name in this region: no host acmee.talkdeskid.com is known; check ")
	}
}

func TestAuthProfiles(t *testing.T) {
	setEnvironment(t, nil)
	result := call(t, "auth", "profiles")
	if result.code != exitDone || result.stdout != "" || !strings.HasPrefix(result.stderr, "No profiles. To make one, write ") {
		t.Errorf("%+v", result)
	}
	work := writeProfile(t, "work", map[string]string{"TALKDESK_ACCOUNT": "acme", "TALKDESK_CLIENT_SECRET": "s3cr3t"})
	bad := writeProfile(t, "bad", map[string]string{"TALKDESK_REGOIN": "eu"})
	writeProfile(t, "NOT a name", nil)
	compare(t, succeed(t, "auth", "profiles"), `NAME  ACCOUNT  REGION  FILE
bad   -        -       profile bad: `+bad+`: line 1: TALKDESK_REGOIN is not a variable that a file can set; see 'contractactions auth --help'
work  acme     -       `+work+"\n")
}

func TestAProfileThatOthersCanReadIsRefused(t *testing.T) {
	server := sandbox.Start(t)
	setEnvironment(t, nil)
	file := writeProfile(t, "default", environmentOf(server))
	if err := os.Chmod(file, 0o644); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o644 {
		t.Skip("this system has no such bits")
	}
	result := call(t, "auth", "test")
	if result.code != exitUsage {
		t.Errorf("exit code %d", result.code)
	}
	isOneError(t, result.stderr, "run chmod 600 ")
}

func TestProfilesByName(t *testing.T) {
	server := sandbox.Start(t)
	setEnvironment(t, nil)
	writeProfile(t, "default", map[string]string{"TALKDESK_REGION": "mars"})
	writeProfile(t, "work", environmentOf(server))
	succeed(t, "auth", "test", "--profile", "work")
	t.Setenv("TALKDESK_PROFILE", "work")
	succeed(t, "auth", "test")
	if result := call(t, "auth", "test", "--profile", "default"); result.code != exitUsage ||
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
		if result.code != exitDone || !strings.Contains(result.stderr, want) {
			t.Errorf("%q is missing from\n%s", want, result.stderr)
		}
	}
	if result := call(t, "list", accountID, "-q", "-v"); result.code != exitUsage {
		t.Errorf("exit code %d", result.code)
	}
}
