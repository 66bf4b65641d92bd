package api

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"net/http"
	"path"
	"sync"
	texttemplate "text/template"

	swaggerui "github.com/swaggest/swgui/v5/static"
)

//go:embed page
var page embed.FS

// The templates are embedded, so every test finds one that does not parse or
// execute.
var (
	htmlPages = template.Must(template.ParseFS(page, "page/*.html"))
	textPages = texttemplate.Must(texttemplate.ParseFS(page, "page/*.txt"))
)

const (
	textType   = "text/plain; charset=utf-8"
	htmlType   = "text/html; charset=utf-8"
	scriptType = "text/javascript; charset=utf-8"
	styleType  = "text/css; charset=utf-8"
)

// indexPage serves the list of paths: HTML to browsers, which ask for it in
// their Accept header, and plain text to everyone else.
func indexPage(settings settings) http.Handler {
	text := newContent(textType, execute(textPages, "index.txt", settings))
	html := newContent(htmlType, execute(htmlPages, "index.html", settings))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Add("Vary", "Accept")
		if prefersHTML(r.Header.Values("Accept")) {
			html.ServeHTTP(w, r)
			return
		}
		text.ServeHTTP(w, r)
	})
}

func documentationPage(settings settings) http.Handler {
	return newContent(htmlType, execute(htmlPages, "docs.html", settings))
}

// executor is a template of html/template or text/template.
type executor interface {
	ExecuteTemplate(out io.Writer, name string, data any) error
}

func execute(pages executor, name string, settings settings) []byte {
	var text bytes.Buffer
	data := struct{ Sandbox bool }{settings.sandbox != nil}
	if err := pages.ExecuteTemplate(&text, name, data); err != nil {
		panic(fmt.Sprintf("api: %s: %v", name, err))
	}
	return text.Bytes()
}

// assets maps paths to the files that the pages load: those of Swagger UI and
// this project's own. The HTML page that swgui provides is not used: it has
// inline scripts, which the content security policy forbids.
var assets = sync.OnceValue(func() map[string]http.Handler {
	return map[string]http.Handler{
		"/docs/swagger-ui-bundle.js": swaggerUI("swagger-ui-bundle.js", scriptType),
		"/docs/swagger-ui.css":       swaggerUI("swagger-ui.css", styleType),
		"/docs/page.css":             ownAsset("page.css", styleType),
		"/docs/start.js":             ownAsset("start.js", scriptType),
		"/docs/credentials.js":       ownAsset("credentials.js", scriptType),
		"/docs/document.js":          ownAsset("document.js", scriptType),
		"/docs/panel.js":             ownAsset("panel.js", scriptType),
		"/docs/snippets.js":          ownAsset("snippets.js", scriptType),
		"/docs/accessibility.js":     ownAsset("accessibility.js", scriptType),
	}
})

// swaggerUI returns a file of Swagger UI, which is embedded only in compressed
// form.
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

// mustRead reads an embedded file.
func mustRead(files fs.FS, name string) []byte {
	body, err := fs.ReadFile(files, name)
	if err != nil {
		panic(fmt.Sprintf("api: %v", err))
	}
	return body
}
