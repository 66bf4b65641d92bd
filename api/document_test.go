package api_test

import (
	"net/http"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/talkdesk-express/contractactions"
	"github.com/talkdesk-express/contractactions/api"
	"github.com/talkdesk-express/contractactions/api/sandbox"
)

// version is the info.version of openapi.yaml, as a path has it.
const version = "/v0.1.0"

func TestDocuments(t *testing.T) {
	for name, document := range map[string]func() []byte{
		"/openapi.yaml":      contractactions.Document,
		"/openapi.json":      contractactions.DocumentJSON,
		"/openapi-open.yaml": contractactions.OpenDocument,
		"/openapi-open.json": contractactions.OpenDocumentJSON,
	} {
		for _, path := range []string{name, version + name} {
			for _, handler := range []http.Handler{api.Handler(), api.Handler(api.WithSandbox(teapot))} {
				compare(t, path, serve(t, handler, http.MethodGet, path).Body.String(), string(document()))
			}
		}
	}
}

// The sandbox is where the client has found the document, unless it has a URL.
func TestSandboxDocuments(t *testing.T) {
	attached := func(options ...sandbox.Option) http.Handler {
		return api.Handler(api.WithSandbox(sandbox.New(options...)))
	}
	elsewhere := attached(sandbox.WithURL("https://sandbox.example.test/below/"))
	for _, test := range []struct {
		name    string
		handler http.Handler
		target  string
		want    string
	}{
		{"the address", attached(), "http://127.0.0.1:4711", "http://127.0.0.1:4711"},
		{"TLS", attached(), "https://sandbox.example.test", "https://sandbox.example.test"},
		{"a prefix", belowPrefix(attached()), "http://127.0.0.1:4711" + prefix, "http://127.0.0.1:4711" + prefix},
		{"a service of another type", api.Handler(api.WithSandbox(teapot)), "http://[::1]:4711", "http://[::1]:4711"},
		{"a URL", elsewhere, "http://127.0.0.1:4711", "https://sandbox.example.test/below"},
		{"a URL and a prefix", belowPrefix(elsewhere), "http://127.0.0.1:4711" + prefix, "https://sandbox.example.test/below"},
	} {
		for _, folder := range []string{"/", version + "/"} {
			for _, path := range []string{folder + "sandbox.yaml", folder + "sandbox.json"} {
				t.Run(test.name+path, func(t *testing.T) {
					got := serve(t, test.handler, http.MethodGet, test.target+path, "X-Forwarded-Host", "evil.test", "X-Forwarded-Proto", "ftp")
					wantStatus(t, got, http.StatusOK)
					var document struct {
						Servers    []struct{ URL string }
						Components struct {
							SecuritySchemes map[string]struct {
								Flows map[string]struct {
									TokenURL string `yaml:"tokenUrl"`
								}
							} `yaml:"securitySchemes"`
						}
					}
					if err := yaml.Unmarshal(got.Body.Bytes(), &document); err != nil { // JSON is YAML
						t.Fatal(err)
					}
					if len(document.Servers) != 1 || document.Servers[0].URL != test.want {
						t.Errorf("servers are %v, want %s", document.Servers, test.want)
					}
					compare(t, "tokenUrl", document.Components.SecuritySchemes["oauth2"].Flows["clientCredentials"].TokenURL, test.want+"/oauth/token")
				})
			}
		}
	}
}
