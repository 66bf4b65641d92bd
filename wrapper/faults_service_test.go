package wrapper_test

import (
	_ "embed"
	"net/http"
	"strings"

	"github.com/talkdesk-express/contractactions/internal/wire"
)

//go:embed testdata/faults/page-1.json
var firstPageFile string

//go:embed testdata/faults/page-2.json
var secondPageFile string

// The list that every row asks for.
var firstPage, secondPage = strings.TrimSpace(firstPageFile), strings.TrimSpace(secondPageFile)

const firstPageActions = 3

const goodToken = `{"access_token":"token","token_type":"Bearer","expires_in":600}`

// good answers as the service would.
func good(c *wire.Conversation) {
	body := firstPage
	switch {
	case c.Request.Method == http.MethodPost:
		body = goodToken
	case c.Request.URL.Query().Get("page") == "2":
		body = secondPage
	}
	success(body)(c)
}

// success answers 200 with the body.
func success(body string) wire.Script { return wire.Writes(response200(body)) }

func response200(body string, fields ...string) string { return wire.Response(200, body, fields...) }
