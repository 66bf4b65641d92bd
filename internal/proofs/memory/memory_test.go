package memory

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/talkdesk-express/contractactions/wrapper"
)

const account = "5ea75fe7aa224700012eae40"

// hostile are responses that become as much as possible. What repeats is made while
// it is read, so that only the client needs memory.
var hostile = map[string]struct {
	size                    int // in bytes
	status                  int
	before, repeated, after string
	token                   bool // from the token endpoint
}{
	"a page of empty items":                 {16<<20 - 100, 200, `{"_embedded":{"contract_actions":[`, `{},`, `{}]}}`, false},
	"a page of numbers":                     {16<<20 - 100, 200, `{"_embedded":{"contract_actions":[`, `1,`, `1]}}`, false},
	"a page of small items":                 {16<<20 - 100, 200, `{"_embedded":{"contract_actions":[`, `{"id":"1"},`, `{"id":"2"}]}}`, false},
	"a page of usual items":                 {16<<20 - 100, 200, `{"_embedded":{"contract_actions":[`, `{"id":"123","status":"CREATED","quantity":1},`, `{"id":"2"}]}}`, false},
	"a page of usual items, with an escape": {16<<20 - 100, 200, `{"total":1,"x":"\ud800","_embedded":{"contract_actions":[`, `{"id":"123","status":"CREATED","quantity":1},`, `{"id":"2"}]}}`, false},
	"a page of unknown fields":              {16<<20 - 100, 200, `{`, `"a":{},`, `"b":1}`, false},
	"a page of an item of unknown fields":   {16<<20 - 100, 200, `{"_embedded":{"contract_actions":[{"id":"1",`, `"a":{},`, `"quantity":"1"}]}}`, false},
	"an error with empty fields":            {1<<20 - 1000, 400, `{"code":"1","message":"No.","fields":[`, `{},`, `{}]}`, false},
	"an error with unknown fields":          {1<<20 - 1000, 400, `{"code":"1","message":"No.",`, `"a":{},`, `"b":1}`, false},
	"an error with a long message":          {1<<20 - 1000, 400, `{"code":"1","message":"`, `\n`, `"}`, false},
	"an error of arrays":                    {1<<20 - 1000, 400, `{"code":"1","message":"No.","fields":`, `[`, ``, false},
	"an error that is too large":            {64 << 20, 500, `{"code":"1","message":"`, `x`, `"}`, false},
	"a next link of what is escaped":        {4 << 20, 200, `{"_links":{"next":{"href":"?`, `|`, `"}}}`, false},
	"a next link that is a path":            {4 << 20, 200, `{"_links":{"next":{"href":"`, `../a/`, `"}}}`, false},
	"a self link":                           {4 << 20, 200, `{"_links":{"self":{"href":"?`, `|`, `"}}}`, false},
	"a page that is HTML":                   {4 << 20, 200, `<`, `x`, ``, false},
	"a token with unknown fields":           {60 << 10, 200, `{"access_token":"t","x":[`, `{},`, `{}]}`, true},
	"a token of 1 MB":                       {1<<20 - 1000, 200, `{"access_token":"t","x":[`, `{},`, `{}]}`, true},
	"a token that is too large":             {64 << 20, 200, `{"access_token":"t","x":[`, `{},`, `{}]}`, true},
	"a long scope":                          {60 << 10, 200, `{"access_token":"t","scope":"`, `a `, `"}`, true},
	"a refused token with a description":    {64 << 20, 400, `{"error":"invalid_client","error_description":"`, `\n`, `"}`, true},
}

// A response never takes more than 16 times its body's size, nor that of the most
// that is read of it. The least that is counted are 8 MiB, which the runtime takes
// for itself.
func TestTheMemoryOfAResponseIsBounded(t *testing.T) {
	if name, isChild := os.LookupEnv("WRAPPER_HOSTILE"); isChild {
		fmt.Printf("\n%d bytes\n", growth(t, name))
		return
	}
	for name, test := range hostile {
		t.Run(name, func(t *testing.T) {
			child := exec.Command(os.Args[0], "-test.run=^"+strings.SplitN(t.Name(), "/", 2)[0]+"$")
			child.Env = append(os.Environ(), "WRAPPER_HOSTILE="+name)
			output, err := child.CombinedOutput()
			if err != nil {
				t.Fatalf("%v\n%.1000s", err, output)
			}
			grown := 0
			for line := range strings.Lines(string(output)) {
				if text, found := strings.CutSuffix(line, " bytes\n"); found {
					if grown, err = strconv.Atoi(text); err != nil {
						t.Fatal(err)
					}
				}
			}
			t.Logf("%.1f times: %s", float64(grown)/float64(test.size), name)
			if most := 16 * min(test.size, 16<<20); grown > max(most, 8<<20) || test.size > 16<<20 && grown > 32<<20 {
				t.Errorf("it took %d bytes, want %d at most", grown, most)
			}
		})
	}
}

// growth returns the memory that the process has got for a response.
func growth(t *testing.T, name string) int {
	test := hostile[name]
	transport := roundTripper(func(request *http.Request) (*http.Response, error) {
		if (request.Method == http.MethodPost) != test.token {
			return respond(200, strings.NewReader(`{"access_token":"t"}`)), nil
		}
		body := io.MultiReader(strings.NewReader(test.before), &repeating{text: test.repeated, left: test.size}, strings.NewReader(test.after))
		return respond(test.status, body), nil
	})
	client, err := wrapper.New("acme", wrapper.ClientSecret{ID: "id", Secret: "secret"},
		wrapper.WithHTTPClient(&http.Client{Transport: transport}), wrapper.WithRetry(wrapper.NoRetry()))
	if err != nil {
		t.Fatal(err)
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for _, err = range client.Pages(t.Context(), account, wrapper.MaxPages(1)) {
	}
	runtime.ReadMemStats(&after)
	if failed, ok := errors.AsType[*wrapper.Error](err); ok && len(failed.Body) > 1<<20 || len(fmt.Sprint(err)) > 1500 {
		t.Errorf("the error keeps %d bytes, and its text has %d", len(failed.Body), len(err.Error()))
	}
	return int(after.Sys - before.Sys)
}

// repeating is a text that comes again and again.
type repeating struct {
	text     string
	at, left int
}

func (r *repeating) Read(into []byte) (n int, err error) {
	for ; n < len(into) && r.left > 0; n++ {
		into[n] = r.text[r.at]
		r.at = (r.at + 1) % len(r.text)
		r.left--
	}
	if n == 0 {
		return 0, io.EOF
	}
	return n, nil
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(request *http.Request) (*http.Response, error) { return f(request) }

// respond is a response of unknown length, as a transport returns it.
func respond(status int, body io.Reader) *http.Response {
	return &http.Response{StatusCode: status, Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(body), ContentLength: -1}
}
