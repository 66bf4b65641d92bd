package wrapper_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// tokenFaults happen where the client gets its access token.
func tokenFaults() []faultGroup {
	return []faultGroup{
		{
			title: "The token endpoint: the connection",
			note:  "Without a token no request for a page is made.",
			rows:  tokenConnections(),
		},
		{title: "The token endpoint: statuses", note: "A `*TokenError` is none of the sentinels of the API.", rows: tokenStatuses()},
		{title: "The token endpoint: bodies of a success", rows: slices.Concat(tokenBodies(), tokenTypes(), tokenLifetimes())},
		{title: "The token endpoint: bodies of errors", note: "Each with the statuses 400, 403 and 501.", rows: tokenRefusals()},
	}
}

// noToken is the outcome if there never is a token.
func noToken(status, attempts int, says string, cause error) outcome {
	return outcome{failure: "*TokenError", status: status, says: says, cause: cause, attempts: attempts, exchanges: attempts}
}

// obtained is the outcome if there is one in the end.
func obtained(exchanges int) outcome {
	want := whole(2)
	want.exchanges = exchanges
	return want
}

// tokenAlways is a row whose tokens always come like this.
func tokenAlways(situation, answer string, want outcome) fault {
	return fault{situation: situation, actions: []script{good}, tokens: []script{writes(answer)}, want: want}
}

func tokenAccepted(situation, answer string) fault {
	return tokenAlways(situation, answer, obtained(1))
}

// tokenFamilies are faults that happen to all exchanges, then the same to the
// first only.
func tokenFamilies(all ...family) []fault {
	var lasting, passing []fault
	for _, family := range all {
		row := family.lasting
		row.tokens = []script{family.bad}
		lasting = append(lasting, row)
		row.when, row.want = once, obtained(2)
		row.actions, row.tokens = []script{good}, []script{family.bad, good}
		passing = append(passing, row)
	}
	return slices.Concat(lasting, passing)
}

func tokenConnections() []fault {
	goodHead := head(200, "Content-Type: application/json", fmt.Sprintf("Content-Length: %d", len(goodToken)))
	brokenOff := noToken(0, 4, "read the response: ", nil)
	noAnswer := noToken(0, 4, "get a token from ", nil)
	late := func(want outcome) outcome { want.cause = context.DeadlineExceeded; return want }

	everyTenth := func(situation, before, text string, want outcome) (all []family) {
		for position := 0; position < len(text); position += 10 {
			all = append(all, family{fault{situation: situation, variant: strconv.Itoa(position), want: want}, writes(before + text[:position])})
		}
		return all
	}
	ended := brokenOff
	ended.cause = io.ErrUnexpectedEOF
	all := []family{
		{fault{situation: "The connection is reset before the answer", network: loopback, want: noAnswer}, resets("")},
		{fault{situation: "The connection is reset inside the header block", network: loopback, want: noAnswer}, resets(goodHead[:40])},
		{fault{situation: "The connection is reset inside the body", network: loopback, want: brokenOff}, resets(goodHead + goodToken[:20])},
		{fault{situation: "There is no answer within a minute", want: late(noAnswer)}, stalls("")},
		{fault{situation: "The header block stops", want: late(noAnswer)}, stalls(goodHead[:40])},
		{fault{situation: "The body stops", want: late(brokenOff)}, stalls(goodHead + goodToken[:20])},
		{fault{situation: "The body comes by a byte in ten seconds", want: late(brokenOff)}, trickles(goodHead, goodToken, 10*time.Second)},
		{fault{situation: "Something else than HTTP comes", want: noAnswer}, writes("SSH-2.0-OpenSSH_9.9\r\n")},
		{fault{situation: "Content-Length comes twice, and differs", want: noAnswer}, writes(response200(goodToken, "Content-Length: 5", "Content-Length: 6"))},
		{fault{situation: "The answer says it is gzip and is not", want: brokenOff}, writes(response200(goodToken, "Content-Encoding: gzip"))},
		{fault{situation: "The stream of HTTP/2 is reset before the answer", network: overHTTP2, want: noAnswer}, writes("")},
		{fault{situation: "The stream of HTTP/2 is reset inside the body", network: overHTTP2, want: brokenOff}, writes(goodHead + goodToken[:20])},
	}
	all = append(all, everyTenth("The header block ends after so many bytes", "", goodHead, noAnswer)...)
	all = append(all, everyTenth("The body ends after so many bytes", goodHead, goodToken, ended)...)

	deadline := noToken(0, 0, "get a token", context.DeadlineExceeded)
	deadline.exchanges = 1
	return append(tokenFamilies(all...),
		fault{
			situation: "Nobody listens at the address", network: refusing, tokens: []script{good},
			want: outcome{failure: "*TokenError", says: "get a token from ", attempts: 4},
		},
		fault{
			situation: "There is no answer before the caller's own deadline", deadline: 10 * time.Second, tokens: []script{stalls("")},
			want: deadline,
		},
	)
}

func tokenStatuses() []fault {
	with := func(kind, media, body, says string) []fault {
		return statuses(func(status int) fault {
			row := tokenAlways("A status with "+kind, response(status, body, "Content-Type: "+media), tokenRefused(status, says))
			if status == http.StatusNotModified {
				row.situation, row.want = "Not Modified, which never has a body, with "+kind, tokenRefused(status, "")
			}
			return row
		})
	}
	to := func(status int, location string) string { return response(status, "", "Location: "+location) }
	redirected := noToken(0, 1, "a token endpoint must not redirect: check the token URL", nil)
	return slices.Concat(
		with("the body of RFC 6749", "application/json", `{"error":"e1","error_description":"No."}`, ": e1: No"),
		alike(with("HTML", "text/html", "<html>Sorry</html>", "")),
		alike(with("nothing", "application/json", "", "")),
		[]fault{
			tokenAlways("A redirect within the host (302)", to(302, "/"), redirected),
			tokenAlways("A redirect to another host (307)", to(307, "http://id.example.com/"), redirected),
			tokenAlways("401, with `invalid_client`", response(401, `{"error":"invalid_client"}`), tokenRefused(401,
				": invalid_client; check the client id and its secret or key, and that they belong to this account and region")),
			tokenAlways("404, with HTML", response(404, "<html>", "Content-Type: text/html"), tokenRefused(404,
				"; check the token URL, or the account name and the region")),
			tokenAlways("429 with a Retry-After of an hour", response(429, "", "Retry-After: 3600"), noToken(429, 1, "429 Too Many Requests (retry after 1h0m0s)", nil)),
		})
}

// tokenRefused is the outcome of a status that always comes.
func tokenRefused(status int, says string) outcome {
	attempts := attemptsAt(status)
	if status == http.StatusUnauthorized {
		attempts = 1 // there is nothing to renew
	}
	text := strings.TrimSpace(strconv.Itoa(status) + " " + http.StatusText(status))
	return noToken(status, attempts, text+says, nil)
}

func tokenBodies() []fault {
	unusable := func(says string) outcome { return noToken(200, 1, "200 OK: not a usable token: "+says, nil) }
	missing := unusable("oauth2: server response missing access_token")
	giant := `{"access_token":"` + strings.Repeat("x", 2<<20) + `"}`
	return []fault{
		tokenAlways("Nothing", response200(""), unusable("")),
		tokenAlways("No Content (204)", head(204, "X: y"), unusable("")),
		tokenAccepted("Created (201) with a token", response(201, goodToken)),
		tokenAlways("HTML", response200("<html>", "Content-Type: text/html"), unusable("")),
		tokenAlways("Half of it, with a Content-Length that fits", response200(goodToken[:20]), unusable("")),
		tokenAlways("Something after it", response200(goodToken+"x"), unusable("")),
		tokenAlways("Null", response200("null"), missing),
		tokenAlways("An array", response200("[]"), unusable("")),
		tokenAlways("`{}`", response200("{}"), missing),
		tokenAlways("An error with the status of a success", response200(`{"error":"invalid_scope"}`), noToken(200, 1, "200 OK: invalid_scope; request no scope", nil)),
		tokenAlways("More than 1 MiB", response200(giant), noToken(0, 1, "body too large", nil)),
		tokenAlways("More than 1 MiB after gzip was undone", response200(zip(giant), "Content-Encoding: gzip"), noToken(0, 1, "body too large", nil)),
		tokenAccepted("A token as application/octet-stream", response200(goodToken, "Content-Type: application/octet-stream")),
		tokenAccepted("A token without a type", response200(goodToken, "Content-Type: ")),
		tokenAccepted("A token as a form", response200("access_token=token&token_type=bearer&expires_in=600", "Content-Type: application/x-www-form-urlencoded")),
		tokenAlways("A token in JSON as text/plain", response200(goodToken, "Content-Type: text/plain"), missing),
		tokenAccepted("Fields that RFC 6749 does not have", response200(`{"new":{"a":[1]},`+goodToken[1:])),
		tokenAlways("A token of another type", response200(`{"access_token":"token","token_type":"mac"}`), unusable("the token's type is not Bearer")),
		tokenAccepted("A token without `token_type`", response200(`{"access_token":"token"}`)),
		tokenAlways("A token with a space in it", response200(`{"access_token":"to ken"}`), unusable("the token contains characters that cannot be sent in a header")),
		tokenAlways("A token that is not UTF-8", response200("{\"access_token\":\"to\xffken\"}"), unusable("the token contains characters that cannot be sent in a header")),
	}
}

// tokenTypes are the fields of a token answer, each with each type but its own
// and without a value.
func tokenTypes() []fault {
	answer := func(name, value string) string {
		if name == "access_token" {
			return response200(fmt.Sprintf(`{%q:%s}`, name, value))
		}
		return response200(fmt.Sprintf(`{%q:%s,"access_token":"token"}`, name, value))
	}
	var rows []fault
	for _, name := range []string{"access_token", "token_type", "refresh_token", "error", "error_description", "error_uri"} {
		for _, kind := range kinds {
			if kind.name != "a string" {
				row := tokenAlways("`"+name+"`", answer(name, kind.value), noToken(200, 1, "200 OK: not a usable token: ", nil))
				row.variant = kind.name
				rows = append(rows, row)
			}
		}
	}
	for _, name := range []string{"access_token", "token_type", "refresh_token", "error", "error_description", "error_uri", "expires_in", "scope"} {
		row := tokenAccepted("`"+name+"`", answer(name, "null"))
		if name == "access_token" {
			row.want = noToken(200, 1, "200 OK: not a usable token: oauth2: server response missing access_token", nil)
		}
		row.variant = "null"
		rows = append(rows, row)
	}
	for _, kind := range kinds {
		row := tokenAccepted("`scope`", answer("scope", kind.value))
		row.variant = kind.name
		rows = append(rows, row)
	}
	return rows
}

func tokenLifetimes() []fault {
	answer := func(value string) string {
		return response200(`{"access_token":"token","expires_in":` + value + `}`)
	}
	taken := variants([]string{"600", `"600"`, "1", "2147483648", "99999999999"}, func(value string) fault {
		row := tokenAccepted("`expires_in` that is understood", answer(value))
		row.variant = "`" + value + "`"
		return row
	})
	unknown := variants([]string{"0", `"0"`, "-0"}, func(value string) fault {
		row := tokenAccepted("`expires_in` that says nothing: ten minutes", answer(value))
		row.variant = "`" + value + "`"
		return row
	})
	refused := variants([]string{"600.5", "6e2", `"soon"`, `""`, "true", "[]", "{}", "9223372036854775808"}, func(value string) fault {
		row := tokenAlways("`expires_in` that is not understood", answer(value), noToken(200, 1, "200 OK: not a usable token: ", nil))
		row.variant = "`" + value + "`"
		return row
	})
	// Good for the request that it was fetched for, and for no other.
	expired := tokenAlways("`expires_in` that is negative: a token for one page", answer("-5"), obtained(2))
	return slices.Concat(taken, unknown, refused, []fault{expired})
}

// tokenRefusals are bodies of errors. Nothing in them hides the status.
func tokenRefusals() []fault {
	const documented = `{"error":"e1","error_description":"No."}`
	at := func(situation, says string, bad func(status int) script) []fault {
		var rows []fault
		for _, status := range []int{400, 403, 501} {
			rows = append(rows, fault{situation: situation, status: status, tokens: []script{bad(status)}, want: tokenRefused(status, says)})
		}
		return rows
	}
	body := func(situation, says, body string, fields ...string) []fault {
		return at(situation, says, func(status int) script { return writes(response(status, body, fields...)) })
	}
	rows := slices.Concat(
		body("The body of RFC 6749", ": e1: No", documented),
		body("The body of RFC 6749 as text/html", ": e1: No", documented, "Content-Type: text/html"),
		body("The body of RFC 6749 as text/plain", "", documented, "Content-Type: text/plain"),
		body("It says it is gzip and is not", "", documented, "Content-Encoding: gzip"),
		body("Another shape", "", `{"code":"c1"}`),
		body("Null", "", "null"),
		body("An array", "", "[]"),
		body("100,000 levels of arrays", "", strings.Repeat("[", 100000)),
		at("10 MB of text", "", func(status int) script { return floods(head(status, "Content-Type: text/plain"), 10e6) }),
		at("A description of 10 MB", "", func(status int) script {
			return floods(head(status, "Content-Type: application/json")+`{"error":"e1","error_description":"`, 10e6)
		}),
		body("Bytes that are not UTF-8", ": e1: a�b", "{\"error\":\"e1\",\"error_description\":\"a\xffb\"}"),
		body("Characters that steer a terminal", `: e1: "\x1b[31mNo\r\n"`, `{"error":"e1","error_description":"\u001b[31mNo\r\n"}`),
		at("It is cut in the middle", "", func(status int) script {
			text := response(status, documented)
			return writes(text[:len(text)-10])
		}),
		at("It stops in the middle, and nothing more comes", "", func(status int) script {
			return stalls(head(status, "Content-Length: 1000") + documented[:10])
		}),
	)
	members := []struct{ name, good string }{{"error", `"e1"`}, {"error_description", `"No."`}, {"error_uri", `"x"`}}
	with := func(name, value string) string {
		var texts []string
		for _, member := range members {
			if member.name == name {
				member.good = value
			}
			texts = append(texts, fmt.Sprintf("%q:%s", member.name, member.good))
		}
		return "{" + strings.Join(texts, ",") + "}"
	}
	for _, member := range members {
		for _, kind := range kinds {
			if kind.name == "a string" {
				continue
			}
			for _, row := range body("`"+member.name+"`", "", with(member.name, kind.value)) {
				row.variant = kind.name
				rows = append(rows, row)
			}
		}
	}
	return rows
}
