package api

import (
	"net/http"
	"sync"

	"github.com/talkdesk-express/contractactions"
)

var yamlDocument = sync.OnceValue(func() content {
	return newContent("application/yaml", contractactions.Document())
})

var jsonDocument = sync.OnceValue(func() content {
	return newContent("application/json", contractactions.DocumentJSON())
})

// anyDocument serves the document in the form that the client asks for.
func anyDocument() http.Handler {
	return negotiated{
		{
			// RFC 9512, section 2.1, names those that were in use before it.
			[]string{"application/yaml", "application/openapi+yaml", "application/vnd.oai.openapi", "application/x-yaml", "text/yaml", "text/x-yaml", "application/*", "text/*", "*/*"},
			locatedAt("openapi.yaml", yamlDocument()),
		},
		{
			[]string{"application/json", "application/openapi+json", "application/vnd.oai.openapi+json", "application/*", "*/*"},
			locatedAt("openapi.json", jsonDocument()),
		},
	}
}

// locatedAt tells where else the same answer can be had without negotiation.
func locatedAt(path string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Location", path)
		next.ServeHTTP(w, r)
	})
}
