package wrapper_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/talkdesk-express/contractactions/gen"
	"github.com/talkdesk-express/contractactions/wrapper"
)

// Whatever comes with a refusal, the caller learns the status.
func FuzzRefusal(f *testing.F) {
	documented := `{"code":"c1","message":"No.","description":"Because.","fields":[{"name":"page","description":"too big"}]}`
	manyFields := `{"code":"c1","message":"No.","fields":[` + strings.Repeat(`{"name":"page","description":"too big"},`, 1000) + `{}]}`
	f.Add(400, "application/json", "r-1", documented)
	f.Add(400, "application/json", "r-1", manyFields)
	f.Add(401, "application/json; charset=utf-8", "", `{"code":"c1","message":7}`)
	f.Add(403, "text/html", ownToken, ownToken)
	f.Add(403, "application/json", "\x9b31m", `{"code":"\u009b31m`+ownToken+`"}`)
	f.Add(404, "a/b; c", "\n", "")
	f.Add(304, "", "", "")
	f.Add(429, "application/json", "", `null`)
	f.Add(599, "", "", `{"code":"`+strings.Repeat(`\u0000`, 1000)+`","message":"`+strings.Repeat(`\u0000`, 1000)+`"}`)
	f.Fuzz(func(t *testing.T, number int, contentType, requestID, body string) {
		status := 300 + int(uint(number)%300)
		if number >= 300 && number < 600 {
			status = number
		}
		client := newFuzzedClient(t, func(request *http.Request) (*http.Response, error) {
			return answered(request, status, http.Header{"Content-Type": {contentType}, "X-Request-Id": {requestID}}, body), nil
		})
		err := onePage(t.Context(), client)
		refused, ok := errors.AsType[*wrapper.Error](err)
		if !ok || refused.StatusCode != status {
			t.Fatalf("the error is %v, want an Error with the status %d", err, status)
		}
		checkText(t, err)
		// Escaped, or cut at the end, the token is withheld as well.
		if mayHoldToken := strings.Contains(body, "token"); !mayHoldToken && string(refused.Body) != body || strings.Contains(string(refused.Body), ownToken) {
			t.Errorf("the error has the body %q, want %q without the token", refused.Body, body)
		}
		var said gen.ErrorBody
		isDocumented := json.Unmarshal([]byte(body), &said) == nil && said.Code+said.Message != ""
		if isDocumented && !strings.Contains(body, "token") && !strings.Contains(body, `\`) {
			if refused.Code != said.Code || refused.Message != said.Message || len(refused.Fields) != len(said.Fields) {
				t.Errorf("got the code %q, the message %q and %d fields of %s", refused.Code, refused.Message, len(refused.Fields), body)
			}
		}
	})
}
