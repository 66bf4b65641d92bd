package wrapper_test

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/talkdesk-express/contractactions/internal/wire"
)

// tokenFaults are those of the token endpoint.
func tokenFaults() []faultGroup {
	const documented = `{"error":"e1","error_description":"No."}`
	return []faultGroup{
		{title: "The token endpoint: the connection", note: "Without a token no request for a page is made.", rows: tokenConnections()},
		{
			title: "The token endpoint: statuses", note: "The documented body is that of RFC 6749. `errors.Is` finds none of the API's sentinels in a `*TokenError`.",
			rows: append(ofTokens(statuses(tokenRefused, documented, "e1: No")...), tokenStatuses()...),
		},
		{title: "The token endpoint: bodies of a success", rows: append(tokenBodies(), tokenFields()...)},
		{
			title: "The token endpoint: bodies of errors", note: "Each with the statuses 400, 403 and 500.",
			rows: ofTokens(append(errorBodies(tokenRefused, "error", "error_description"), tokenErrorFields()...)...),
		},
	}
}

// noToken is the outcome without a token.
func noToken(status, attempts int, says string) outcome {
	return outcome{failure: "*TokenError", status: status, says: says, attempts: attempts, exchanges: attempts}
}

// tokenRefused is the outcome of an error status of the token endpoint.
func tokenRefused(status int, says string) outcome {
	attempts, text := attemptsAt(status), statusText(status)
	if status == http.StatusUnauthorized {
		attempts = 1 // there is nothing to renew
	}
	if !strings.HasPrefix(says, "the body") { // an undocumented one is not described
		text += ": " + says
	}
	return noToken(status, attempts, text)
}

// unusableToken is the outcome of a success without a token.
func unusableToken(says string) outcome {
	return noToken(http.StatusOK, 1, "200 OK: not a usable token: "+says)
}

func tokenConnections() []fault {
	goodHead := wire.Head(200, "Content-Type: application/json", fmt.Sprintf("Content-Length: %d", len(goodToken)))
	incomplete := noToken(0, 4, "read the response: ")
	ended := incomplete
	ended.cause = io.ErrUnexpectedEOF
	noResponse := noToken(0, 4, "get a token from ")
	deadline := timedOut(noToken(0, 0, "get a token"))
	deadline.exchanges = 1
	return slices.Concat(
		alsoOnce(ofTokens(slices.Concat(
			over(wire.Loopback,
				always("The connection is reset before the response", wire.Resets(""), noResponse),
				always("The connection is reset inside the header block", wire.Resets(goodHead[:40]), noResponse),
				always("The connection is reset inside the body", wire.Resets(goodHead+goodToken[:20]), incomplete),
			),
			over(wire.OverHTTP2,
				always("The HTTP/2 stream is reset before the response", wire.Writes(""), noResponse),
				always("The HTTP/2 stream is reset inside the body", wire.Writes(goodHead+goodToken[:20]), incomplete),
			),
			[]fault{
				always("No response within a minute", wire.Stalls(""), timedOut(noResponse)),
				always("The header block stops", wire.Stalls(goodHead[:40]), timedOut(noResponse)),
				always("The body stops", wire.Stalls(goodHead+goodToken[:20]), timedOut(incomplete)),
				always("The body arrives at one byte per 10 seconds", wire.Trickles(goodHead, goodToken, 10*time.Second), timedOut(incomplete)),
				refused("A different protocol instead of HTTP", "SSH-2.0-OpenSSH_9.9\r\n", noResponse),
				refused("Content-Encoding is gzip, but the body is not", response200(goodToken, "Content-Encoding: gzip"), incomplete),
			},
			everyTenth("The header block ends after 0, 10, 20, … bytes", "", goodHead, noResponse),
			everyTenth("The body ends after 0, 10, 20, … bytes", goodHead, goodToken, ended),
		)...)...),
		[]fault{{
			situation: "The connection is refused", network: wire.Refusing, tokens: []wire.Script{good},
			want: outcome{failure: "*TokenError", says: "get a token from ", attempts: 4},
		}, {
			situation: "No response before the caller's own deadline", deadline: 10 * time.Second, tokens: []wire.Script{wire.Stalls("")},
			want: deadline,
		}},
	)
}

func tokenStatuses() []fault {
	redirected := noToken(0, 1, "a token endpoint must not redirect: check the token URL")
	return ofTokens(
		refused("A redirect within the host (302)", wire.Response(302, "", "Location: /"), redirected),
		refused("A redirect to a different host (307)", wire.Response(307, "", "Location: http://id.example.com/"), redirected),
		refused("401 with `invalid_client`", wire.Response(401, `{"error":"invalid_client"}`),
			noToken(401, 1, "401 Unauthorized: invalid_client; check the client id and its secret or key, and that they belong to this account and region")),
		refused("404 with HTML", wire.Response(404, "<html>", "Content-Type: text/html"),
			noToken(404, 1, "404 Not Found; check the token URL, or the account name and the region")),
		refused("429 with a Retry-After of an hour", wire.Response(429, "", "Retry-After: 3600"), noToken(429, 1, "429 Too Many Requests (retry after 1h0m0s)")),
	)
}

func tokenBodies() []fault {
	const unsendable = "the token contains characters that cannot be sent in a header"
	missing := unusableToken("oauth2: server response missing access_token")
	giant := `{"access_token":"` + strings.Repeat("x", 2<<20) + `"}`
	return ofTokens(
		refused("An empty body", response200(""), unusableToken("")),
		refused("No Content (204)", wire.Head(204, "X: y"), unusableToken("")),
		accepted("Created (201) with a token", wire.Response(201, goodToken)),
		refused("HTML", response200("<html>", "Content-Type: text/html"), unusableToken("")),
		refused("Half a token, with a matching Content-Length", response200(goodToken[:20]), unusableToken("")),
		refused("Something after the token", response200(goodToken+"x"), unusableToken("")),
		refused("`null`", response200("null"), missing),
		refused("An array", response200("[]"), unusableToken("")),
		refused("`{}`", response200("{}"), missing),
		refused("An error with the status of a success", response200(`{"error":"invalid_scope"}`), noToken(200, 1, "200 OK: invalid_scope; request no scope")),
		refused("More than 1 MiB", response200(giant), noToken(0, 1, "body too large")),
		refused("More than 1 MiB after decompression", response200(zip(giant), "Content-Encoding: gzip"), noToken(0, 1, "body too large")),
		accepted("A token as application/octet-stream", response200(goodToken, "Content-Type: application/octet-stream")),
		accepted("A token without a type", response200(goodToken, "Content-Type: ")),
		accepted("A token as a form", response200("access_token=token&token_type=bearer&expires_in=600", "Content-Type: application/x-www-form-urlencoded")),
		refused("A token in JSON as text/plain", response200(goodToken, "Content-Type: text/plain"), missing),
		refused("A token of a different type", response200(`{"access_token":"token","token_type":"mac"}`), unusableToken("the token's type is not Bearer")),
		refused("A token with a space in it", response200(`{"access_token":"to ken"}`), unusableToken(unsendable)),
		refused("A token that is not UTF-8", response200("{\"access_token\":\"to\xffken\"}"), unusableToken(unsendable)),
	)
}

// tokenFields are fields of a token with unusual values, and of the wrong type.
func tokenFields() []fault {
	field := func(field string) string { return response200(`{"access_token":"token",` + field + "}") }
	read := variants([]string{
		`"new":{"a":[1]}`, `"token_type":null`, `"expires_in":null`, `"scope":null`, `"scope":["a"]`, `"error":null`,
		`"expires_in":"600"`, `"expires_in":0`, `"expires_in":99999999999`,
	}, func(value string) fault { return accepted("A token with a field that is unusual", field(value)) })
	wrong := variants([]string{
		`"access_token":7`, `"token_type":[]`, `"refresh_token":{}`, `"error":7`, `"error_description":7`, `"error_uri":7`,
		`"expires_in":600.5`, `"expires_in":"soon"`, `"expires_in":true`, `"expires_in":9223372036854775808`,
	}, func(value string) fault {
		return refused("A token with a field of the wrong type", field(value), unusableToken(""))
	})
	rows := ofTokens(append(read, wrong...)...)
	// It is used for the request that it was fetched for, and for no other.
	expired := accepted("A token with a negative `expires_in`, for each page", field(`"expires_in":-5`))
	expired = ofTokens(expired)[0]
	expired.want.exchanges = 2
	return append(rows, expired)
}

func tokenErrorFields() (rows []fault) {
	for _, body := range []string{`{"error":7,"error_description":"No."}`, `{"error":"e1","error_description":[]}`, `{"error":"e1","error_uri":{}}`} {
		rows = append(rows, refusal(tokenRefused).body("`"+body+"`", undocumented, body)...)
	}
	return append(rows, refusal(tokenRefused).body("The documented body as text/plain", undocumented, `{"error":"e1"}`, "Content-Type: text/plain")...)
}
