package tracing

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"

	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"github.com/talkdesk-express/contractactions/api/sandbox"
	"github.com/talkdesk-express/contractactions/wrapper"
)

// One span for each request: for the token, and for every attempt at a page.
// All belong to the caller's span.
func Example() {
	service := sandbox.New(sandbox.WithGeneratedAccount(sandbox.DefaultAccountID, 70)) // two pages
	listening := httptest.NewServer(service)
	defer listening.Close()
	service.Fail(sandbox.Fault{}, sandbox.Fault{Status: http.StatusServiceUnavailable}) // at the first attempt at page 2

	spans := tracetest.NewSpanRecorder()
	provider := trace.NewTracerProvider(trace.WithSpanProcessor(spans))
	sent := new(credentials)
	client, err := wrapper.New("", wrapper.ClientSecret{ID: service.ClientID, Secret: wrapper.Secret(service.ClientSecret)},
		wrapper.WithBaseURL(listening.URL),
		wrapper.WithTokenURL(listening.URL+sandbox.TokenPath),
		wrapper.WithRetry(wrapper.RetryPolicy{BaseDelay: time.Nanosecond}),
		wrapper.WithTransport(func(shared http.RoundTripper) http.RoundTripper {
			sent.next = shared
			return otelhttp.NewTransport(sent, otelhttp.WithTracerProvider(provider)) // usually of shared
		}))
	if err != nil {
		fmt.Println(err)
		return
	}

	ctx, parent := provider.Tracer("billing").Start(context.Background(), "list contract actions")
	count := 0
	for _, err := range client.Actions(ctx, sandbox.DefaultAccountID, wrapper.PerPage(50)) {
		if err != nil {
			fmt.Println(err)
			return
		}
		count++
	}
	parent.End()
	fmt.Println(count, "contract actions")

	for _, span := range spans.Ended() {
		if span.SpanContext().SpanID() == parent.SpanContext().SpanID() {
			continue
		}
		fmt.Println(span.Name(), valueOf(span, "http.response.status_code"), span.Status().Code,
			"in the caller's span:", span.Parent().Equal(parent.SpanContext()))
	}
	recorded := fmt.Sprintf("%+v", tracetest.SpanStubsFromReadOnlySpans(spans.Ended()))
	fmt.Println("addresses recorded:", strings.Count(recorded, listening.URL))
	fmt.Println("secrets recorded:", strings.Count(recorded, service.ClientSecret)+sent.in(recorded), "of", 1+len(sent.values))
	// Output:
	// 70 contract actions
	// HTTP POST 200 Unset in the caller's span: true
	// HTTP GET 200 Unset in the caller's span: true
	// HTTP GET 503 Error in the caller's span: true
	// HTTP GET 200 Unset in the caller's span: true
	// addresses recorded: 4
	// secrets recorded: 0 of 5
}

func valueOf(span trace.ReadOnlySpan, key attribute.Key) string {
	for _, pair := range span.Attributes() {
		if pair.Key == key {
			return pair.Value.String()
		}
	}
	return "-"
}

// credentials is a transport that remembers the Authorization headers.
type credentials struct {
	next   http.RoundTripper
	values []string
}

func (c *credentials) RoundTrip(request *http.Request) (*http.Response, error) {
	_, credential, _ := strings.Cut(request.Header.Get("Authorization"), " ")
	c.values = append(c.values, credential)
	return c.next.RoundTrip(request)
}

// in counts the credentials that a text contains.
func (c *credentials) in(text string) int {
	count := 0
	for _, credential := range c.values {
		count += strings.Count(text, credential)
	}
	return count
}
