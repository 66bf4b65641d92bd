package wrapper_test

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"mime"
	"net/http"
	"strings"
	"testing"

	"github.com/talkdesk-express/contractactions/internal/leaktest"
	"github.com/talkdesk-express/contractactions/wrapper"
)

// Whatever a token endpoint answers is a token, which is sent to the API and
// nowhere else, or a TokenError without the secret.
func FuzzTokenAnswer(f *testing.F) {
	const secret = "p-S3cr3t/Q9+z=="
	basic := base64.StdEncoding.EncodeToString([]byte("id:p-S3cr3t%2FQ9%2Bz%3D%3D"))
	f.Add(200, "application/json", "", `{"access_token":"t0ken","token_type":"Bearer","expires_in":600,"scope":"express-accounts-contracts-actions:write"}`)
	f.Add(200, "application/json", "", `{"access_token":"t0ken","expires_in":-1,"scope":"other `+secret+`"}`)
	f.Add(200, "application/json", "", `{"access_token":"t0ken\r\nX: y"}`)
	f.Add(200, "application/json", "", `{"access_token":"t0ken","token_type":"mac"}`)
	f.Add(200, "application/x-www-form-urlencoded", "", "access_token=t0ken&token_type=bearer")
	f.Add(200, "text/plain", "", "access_token=%zz")
	f.Add(200, "", "", "<html>")
	f.Add(204, "", "", "")
	f.Add(302, "", "https://elsewhere.example.com/"+secret, "")
	f.Add(307, "", "http://user:"+secret+"@%zz/", "")
	f.Add(307, "", "/oauth/token", "")
	f.Add(400, "application/json", "", `{"error":"invalid_scope","error_description":"`+secret+` `+basic+`"}`)
	f.Add(401, "application/x-www-form-urlencoded", "", "error=%9b31m&error_description="+strings.Repeat("%00", 1000))
	f.Add(403, "application/json", "", `{"error":"p-S3cr3t\/Q9+z=="}`)
	f.Add(500, "application/json", "", `{"error":1}`)
	f.Fuzz(func(t *testing.T, number int, contentType, location, body string) {
		status := 200 + int(uint(number)%400)
		if number >= 200 && number < 600 {
			status = number
		}
		exchanges := 0
		var sent []string
		service := roundTripper(func(request *http.Request) (*http.Response, error) {
			switch request.URL.Scheme + "://" + request.URL.Host {
			case "https://acme.talkdeskid.com":
				exchanges++
				return answered(request, status, http.Header{"Content-Type": {contentType}, "Location": {location}}, body), nil
			case "https://api.talkdeskapp.com":
				sent = append(sent, request.Header.Get("Authorization"))
				return answered(request, 200, http.Header{}, `{"count":0}`), nil
			}
			t.Errorf("a request went to %s", request.URL)
			return nil, errors.New("no such host")
		})
		client := must(wrapper.New("acme", wrapper.ClientSecret{ID: "id", Secret: secret},
			wrapper.WithHTTPClient(&http.Client{Transport: service}), wrapper.WithRetry(wrapper.NoRetry())))(t)
		err := onePage(t.Context(), client)
		if exchanges != 1 {
			t.Errorf("%d exchanges, want 1", exchanges)
		}
		refused, isRefused := errors.AsType[*wrapper.TokenError](err)
		switch {
		case err == nil && status < 300 && len(sent) == 1:
			checkBearer(t, sent[0], contentType, body)
		case !isRefused || len(sent) != 0:
			t.Errorf("%d requests with the error %v, want one of them", len(sent), err)
		// Where a redirect is refused, no response has been accepted.
		case refused.StatusCode != status && !(status < 300 && refused.StatusCode == 200) && !(location != "" && refused.StatusCode == 0):
			t.Errorf("the error of a %d has the status %d: %v", status, refused.StatusCode, err)
		default:
			leaktest.CheckText(t, err, ownToken)
			// Half of it counts, unless the server has said half of it.
			half, rest := "p-S3cr3t", strings.ReplaceAll(location+body, secret, "")
			if text := err.Error(); strings.Contains(text, basic) || strings.Contains(text, half) && !strings.Contains(rest, half) {
				t.Errorf("the secret is in the error %q", text)
			}
		}
	})
}

// checkBearer compares the token that was sent with the one in the response.
func checkBearer(t *testing.T, authorization, contentType, body string) {
	t.Helper()
	token, isBearer := strings.CutPrefix(authorization, "Bearer ")
	if !isBearer || token == "" || strings.ContainsFunc(token, func(r rune) bool { return r <= ' ' || r >= 0x7f }) {
		t.Errorf("sent the Authorization %q", authorization)
	}
	var said struct {
		AccessToken string `json:"access_token"`
	}
	media, _, _ := mime.ParseMediaType(contentType)
	isForm := media == "text/plain" || media == "application/x-www-form-urlencoded"
	if err := json.Unmarshal([]byte(body), &said); !isForm && (err != nil || said.AccessToken != token) {
		t.Errorf("sent the token %q of the response %q", token, body)
	}
}
