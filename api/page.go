package api

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io"
	"net/http"
	texttemplate "text/template"
)

//go:embed page
var page embed.FS

// The pages are part of the program, so a template that does not parse or
// execute is found by every test.
var (
	htmlPages = template.Must(template.ParseFS(page, "page/*.html"))
	textPages = texttemplate.Must(texttemplate.ParseFS(page, "page/*.txt"))
)

// pageFacts are what the pages say differently from handler to handler.
type pageFacts struct{ Sandbox bool }

// indexPage serves the list of what is there: as text for those who use curl,
// since browsers are the ones who say that they want HTML.
func indexPage(settings settings) http.Handler {
	return negotiated{
		{[]string{"text/plain", "text/*", "*/*"}, textContent("index.txt", settings)},
		{[]string{"text/html", "text/*", "*/*"}, htmlContent("index.html", settings)},
	}
}

func documentationPage(settings settings) http.Handler {
	return htmlContent("docs.html", settings)
}

func htmlContent(name string, settings settings) content {
	return newContent("text/html; charset=utf-8", executed(htmlPages, name, settings))
}

func textContent(name string, settings settings) content {
	return newContent("text/plain; charset=utf-8", executed(textPages, name, settings))
}

// templates are of either package.
type templates interface {
	ExecuteTemplate(out io.Writer, name string, data any) error
}

func executed(pages templates, name string, settings settings) []byte {
	var text bytes.Buffer
	if err := pages.ExecuteTemplate(&text, name, pageFacts{Sandbox: settings.sandbox != nil}); err != nil {
		panic(fmt.Sprintf("api: %s: %v", name, err))
	}
	return text.Bytes()
}
