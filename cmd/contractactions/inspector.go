package main

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"

	"github.com/talkdesk-express/contractactions/wrapper"
)

// inspector is a transport that compares what it carries with the contract, and
// changes nothing of it: it sees each attempt, and bodies that the client
// cannot decode.
type inspector struct {
	contract *contract
	// One list needs one connection, or two while a page is fetched ahead:
	// http.DefaultTransport keeps that many open.
	next http.RoundTripper

	mutex   sync.Mutex // the token is fetched on another goroutine
	mask    mask
	drift   drift
	answers int
	pages   int // answers that were pages
}

func newInspector(contract *contract) *inspector {
	return &inspector{contract: contract, next: http.DefaultTransport, drift: newDrift()}
}

// option makes a client send its requests through the inspector.
func (i *inspector) option() wrapper.Option {
	return wrapper.WithHTTPClient(&http.Client{Transport: i})
}

func (i *inspector) RoundTrip(request *http.Request) (*http.Response, error) {
	i.learnSecrets(request)
	response, err := i.next.RoundTrip(request)
	// The contract's operation is a GET. The token endpoint, which is asked
	// with POST, is not in the contract.
	if err != nil || request.Method != i.contract.method {
		return response, err
	}
	i.inspectHead(response)
	response.Body = &tape{ReadCloser: response.Body, ended: func(body []byte) { i.inspectBody(response, body) }}
	return response, nil
}

func (i *inspector) inspectHead(response *http.Response) {
	i.mutex.Lock()
	defer i.mutex.Unlock()
	i.answers++
	i.contract.compareHead(response, i.note(response, nil))
}

// inspectBody is called with a body that has arrived whole. One that broke off
// is the network's doing, and asked for again.
func (i *inspector) inspectBody(response *http.Response, body []byte) {
	i.mutex.Lock()
	defer i.mutex.Unlock()
	decoded, err := decodeAny(body)
	if err != nil {
		i.contract.compareText(response, body, i.note(response, nil))
	} else {
		i.contract.compareBody(response, decoded, i.note(response, decoded))
	}
	if response.StatusCode == http.StatusOK {
		i.pages++
	}
}

// note returns a function that takes what differs in an answer.
func (i *inspector) note(response *http.Response, body any) func(difference) {
	return func(found difference) {
		found.status, found.page = response.StatusCode, i.pages+1
		i.drift.add(i.mask, body, found)
	}
}

// learnSecrets remembers what must not be in the report even if the service
// repeats it.
func (i *inspector) learnSecrets(request *http.Request) {
	var secrets []string
	if scheme, credentials, _ := strings.Cut(request.Header.Get("Authorization"), " "); strings.EqualFold(scheme, "Bearer") {
		secrets = append(secrets, credentials)
	} else if _, secret, basic := request.BasicAuth(); basic {
		// In the header, the secret is form-urlencoded (RFC 6749, section 2.3.1).
		secrets = append(secrets, credentials, secret)
		if plain, err := url.QueryUnescape(secret); err == nil {
			secrets = append(secrets, plain, base64.StdEncoding.EncodeToString([]byte(plain)))
		}
	}
	secrets = append(secrets, assertionIn(request))
	i.mutex.Lock()
	defer i.mutex.Unlock()
	i.mask.hide(secrets...)
}

func (i *inspector) withoutSecrets(err error) error {
	i.mutex.Lock()
	defer i.mutex.Unlock()
	return i.mask.error(err)
}

// assertionIn is the client assertion in a request for a token (RFC 7523), if
// it has one.
func assertionIn(request *http.Request) string {
	if request.GetBody == nil {
		return ""
	}
	body, err := request.GetBody()
	if err != nil {
		return ""
	}
	defer body.Close()
	text, _ := io.ReadAll(body)
	form, _ := url.ParseQuery(string(text))
	return form.Get("client_assertion")
}

// tape is a body that remembers what was read from it, and plays it back once
// its end was.
type tape struct {
	io.ReadCloser
	recorded bytes.Buffer
	ended    func([]byte) // nil once it was called
}

func (t *tape) Read(data []byte) (int, error) {
	n, err := t.ReadCloser.Read(data)
	t.recorded.Write(data[:n])
	if err == io.EOF && t.ended != nil {
		t.ended(t.recorded.Bytes())
		t.ended = nil
	}
	return n, err
}

// decodeAny decodes JSON, with numbers as they were written.
func decodeAny(body []byte) (decoded any, err error) {
	if err := json.Unmarshal(body, &decoded); err != nil { // of the whole body, unlike a Decoder
		return nil, err
	}
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	err = decoder.Decode(&decoded)
	return decoded, err
}
