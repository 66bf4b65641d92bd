package check

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"

	"github.com/talkdesk-express/contractactions/internal/cli/exit"
	"github.com/talkdesk-express/contractactions/internal/cli/terminal"
	"github.com/talkdesk-express/contractactions/internal/redact"
	"github.com/talkdesk-express/contractactions/wrapper"
)

// conformanceTransport compares the responses that it transports with the
// contract, and changes nothing: it sees each attempt, and bodies that the client
// cannot decode.
type conformanceTransport struct {
	contract operation
	next     http.RoundTripper // that of all clients

	mutex     sync.Mutex // the token is fetched on a different goroutine
	secrets   redact.Secrets
	drift     drift
	responses int
	pages     int // responses that were pages
}

func newConformanceTransport(contract operation) *conformanceTransport {
	return &conformanceTransport{contract: contract, drift: newDrift()}
}

// option makes a client send its requests through the transport.
func (t *conformanceTransport) option() wrapper.Option {
	return wrapper.WithTransport(func(shared http.RoundTripper) http.RoundTripper {
		t.next = shared
		return t
	})
}

func (t *conformanceTransport) RoundTrip(request *http.Request) (*http.Response, error) {
	t.mutex.Lock()
	t.secrets.Learn(request)
	t.mutex.Unlock()
	response, err := t.next.RoundTrip(request)
	// The contract's operation is a GET. The token endpoint, a POST, is not in
	// the contract.
	if err != nil || request.Method != t.contract.method {
		return response, err
	}
	t.inspectHead(response)
	response.Body = &recordingBody{ReadCloser: response.Body, ended: func(body []byte) { t.inspectBody(response, body) }}
	return response, nil
}

func (t *conformanceTransport) inspectHead(response *http.Response) {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	t.responses++
	t.contract.compareHead(response, t.note(response, nil))
}

// inspectBody is called with complete bodies. One that was cut short is the
// network's failure, and the request is repeated.
func (t *conformanceTransport) inspectBody(response *http.Response, body []byte) {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	switch decoded, err := decode(body); {
	case errors.Is(err, errTooLarge):
		t.note(response, nil)(difference{kind: brokenRule, found: terminal.Count(len(body), "byte"), expected: err.Error()})
	case err != nil:
		t.contract.compareText(response, body, t.note(response, nil))
	default:
		t.contract.compareBody(response, decoded, t.note(response, decoded))
	}
	if response.StatusCode == http.StatusOK {
		t.pages++
	}
}

// note returns a function that records a difference in a response.
func (t *conformanceTransport) note(response *http.Response, body any) func(difference) {
	return func(found difference) {
		found.status, found.page = response.StatusCode, t.pages+1
		t.drift.add(t.secrets, body, found)
	}
}

// withoutSecrets replaces an error whose text contains a secret, since what it
// wraps contains it too. The exit code stays.
func (t *conformanceTransport) withoutSecrets(err error) error {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	if err == nil || t.secrets.Withhold(err.Error()) == err.Error() {
		return err
	}
	return exit.With(exit.Code(err), errors.New(t.secrets.Withhold(err.Error())))
}

// recordingBody records what is read from a body, and passes it on once the body
// has ended.
type recordingBody struct {
	io.ReadCloser
	recorded bytes.Buffer
	ended    func([]byte) // nil after it was called
}

func (b *recordingBody) Read(data []byte) (int, error) {
	n, err := b.ReadCloser.Read(data)
	b.recorded.Write(data[:n])
	if err == io.EOF && b.ended != nil {
		b.ended(b.recorded.Bytes())
		b.ended = nil
	}
	return n, err
}

// mostValues bounds what is decoded: a value takes many times the memory that it
// has in a body. A page has a few thousand.
const mostValues = 100_000

var (
	errTooLarge = fmt.Errorf("at most %d values; not compared", mostValues)
	errNotJSON  = errors.New("not JSON")
)

// decode decodes JSON, and keeps numbers as they were written.
func decode(body []byte) (decoded any, err error) {
	switch {
	case bytes.Count(body, []byte{','}) >= mostValues:
		return nil, errTooLarge
	case !json.Valid(body): // all of it, unlike what a Decoder reads
		return nil, errNotJSON
	}
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	err = decoder.Decode(&decoded)
	return decoded, err
}
