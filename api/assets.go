package api

import (
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"sync"

	swaggerui "github.com/swaggest/swgui/v5/static"
)

// assets are the files that the pages load, by their paths: Swagger UI, and
// what makes it ours. The page that comes with swgui has scripts inside, which
// the content security policy forbids, so only its files are used.
var assets = sync.OnceValue(func() map[string]http.Handler {
	const script, style = "text/javascript; charset=utf-8", "text/css; charset=utf-8"
	return map[string]http.Handler{
		"/docs/swagger-ui-bundle.js": swaggerUI("swagger-ui-bundle.js", script),
		"/docs/swagger-ui.css":       swaggerUI("swagger-ui.css", style),
		"/docs/page.css":             ownAsset("page.css", style),
		"/docs/start.js":             ownAsset("start.js", script),
		"/docs/credentials.js":       ownAsset("credentials.js", script),
		"/docs/document.js":          ownAsset("document.js", script),
		"/docs/panel.js":             ownAsset("panel.js", script),
		"/docs/snippets.js":          ownAsset("snippets.js", script),
		"/docs/accessibility.js":     ownAsset("accessibility.js", script),
	}
})

// swaggerUI is a file of Swagger UI, which is embedded in compressed form only.
func swaggerUI(name, mediaType string) content {
	compressed := mustRead(swaggerui.FS, name+".gz")
	plain, err := decompress(compressed)
	if err != nil {
		panic(fmt.Sprintf("api: %s: %v", name, err))
	}
	return content{mediaType, newEncoded(plain), newEncoded(compressed)}
}

func ownAsset(name, mediaType string) content {
	return newContent(mediaType, mustRead(page, path.Join("page/assets", name)))
}

// mustRead reads a file that is part of the program.
func mustRead(files fs.FS, name string) []byte {
	body, err := fs.ReadFile(files, name)
	if err != nil {
		panic(fmt.Sprintf("api: %v", err))
	}
	return body
}
