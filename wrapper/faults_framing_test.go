package wrapper_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/talkdesk-express/contractactions/wrapper"
)

// framingFaults are about how an answer is put on the wire.
func framingFaults() []faultGroup {
	return []faultGroup{
		{title: "HTTP that is not right", rows: slices.Concat(statusLines(), lengths(), chunks())},
		{title: "Types and encodings of a good page", note: "The body decides, not the header that describes it.", rows: slices.Concat(mediaTypes(), encodings())},
		{title: "Sizes", rows: sizes()},
		{title: "Redirects of a request for a page", rows: redirects()},
	}
}

// refusedPage is a row whose first page always comes like this.
func refusedPage(situation, answer string, want outcome) fault {
	return fault{situation: situation, actions: []script{writes(answer)}, want: want}
}

// accepted is a row whose first page comes like this, and is taken.
func accepted(situation, answer string) fault {
	return fault{situation: situation, actions: []script{writes(answer), good}, want: whole(2)}
}

func statusLines() []fault {
	noAnswer := unanswered("no response from ", nil)
	switching := unusable("101 Switching Protocols: the body is empty")
	switching.status = 101
	return []fault{
		refusedPage("Something else than HTTP in place of the status line", "SSH-2.0-OpenSSH_9.9\r\n", noAnswer),
		refusedPage("A page without a status line (HTTP/0.9)", firstPage+"\n", noAnswer),
		refusedPage("A status that is no number", "HTTP/1.1 OK\r\n\r\n", noAnswer),
		refusedPage("A header field without a colon", "HTTP/1.1 200 OK\r\nContent-Type\r\n\r\n", noAnswer),
		accepted("Lines that end in LF alone", strings.ReplaceAll(response200(firstPage), "\r\n", "\n")),
		accepted("Early Hints (103), and Continue (100), before the answer", head(103, "Link: </>; rel=preload")+head(100, "X: y")+response200(firstPage)),
		refusedPage("Switching Protocols (101), which nobody asked for", head(101, "Connection: Upgrade", "Upgrade: x"), switching),
		refusedPage("Created (201) with a page", response(201, firstPage), other(201, "201 Created: not a status that this operation has")),
		refusedPage("No Content (204)", head(204, "X: y"), other(204, "204 No Content: not a status that this operation has")),
		refusedPage("Partial Content (206) with a page", response(206, firstPage), other(206, "206 Partial Content: not a status that this operation has")),
	}
}

// other is the outcome of an answer with a status that is not repeated.
func other(status int, says string) outcome {
	return outcome{failure: "*Error", status: status, says: says, attempts: 1, requests: 1}
}

func lengths() []fault {
	length := func(values ...any) string {
		var fields []string
		for _, value := range values {
			fields = append(fields, fmt.Sprintf("Content-Length: %v", value))
		}
		return response200(firstPage, fields...)
	}
	size := len(firstPage)
	noAnswer := unanswered("no response from ", nil)
	return []fault{
		refusedPage("Content-Length is more than comes", length(size+1), brokenOff(io.ErrUnexpectedEOF)),
		refusedPage("Content-Length is less than comes", length(size-1), unusable("200 OK: the body is not JSON, or not all of it")),
		refusedPage("Content-Length is 0 before a page", length(0), unusable("200 OK: the body is empty")),
		refusedPage("Content-Length is negative", length(-1), noAnswer),
		refusedPage("Content-Length is no number", length("many"), noAnswer),
		refusedPage("Content-Length is more than a number holds", length("99999999999999999999"), noAnswer),
		accepted("Content-Length comes twice, the same", length(size, size)),
		refusedPage("Content-Length comes twice, and differs", length(size, size-1), noAnswer),
		accepted("Content-Length beside chunks, which count", response200(chunked(firstPage), "Transfer-Encoding: chunked", "Content-Length: 1")),
		accepted("No Content-Length, the body ends with the connection", head(200, "Content-Type: application/json")+firstPage),
	}
}

func chunks() []fault {
	answer := func(body string) string { return head(200, "Transfer-Encoding: chunked") + body }
	whole := chunked(firstPage)
	return []fault{
		accepted("Chunks with extensions, and a trailer", answer(fmt.Sprintf("%x;a=b\r\n%s\r\n0\r\nX: y\r\n\r\n", len(firstPage), firstPage))),
		refusedPage("The size of a chunk is no number", answer("many\r\n"+whole), brokenOff(nil)),
		refusedPage("The size of a chunk is negative", answer("-5\r\n"+whole), brokenOff(nil)),
		refusedPage("The size of a chunk is more than a number holds", answer("fffffffffffffffff\r\n"+whole), brokenOff(nil)),
		refusedPage("A chunk is longer than its size", answer("5\r\n"+firstPage+"\r\n0\r\n\r\n"), brokenOff(nil)),
		refusedPage("The last chunk is missing", answer(strings.TrimSuffix(whole, "0\r\n\r\n")), brokenOff(io.ErrUnexpectedEOF)),
		refusedPage("An unknown Transfer-Encoding", response200(firstPage, "Transfer-Encoding: x"), unanswered("no response from ", nil)),
	}
}

func mediaTypes() []fault {
	rows := variants([]string{
		"application/json; charset=utf-8", "application/hal+json", "application/problem+json", "text/html", "text/plain",
		"application/octet-stream", "application/json; charset=latin1", "nonsense", "",
	}, func(media string) fault {
		row := accepted("Content-Type of a page", response200(firstPage, "Content-Type: "+media))
		row.variant = "`" + media + "`"
		if media == "" {
			row.variant = "empty"
		}
		return row
	})
	missing := accepted("Content-Type of a page", head(200, fmt.Sprintf("Content-Length: %d", len(firstPage)))+firstPage)
	missing.variant = "none"
	html := unusable("200 OK: the body is HTML or XML, not JSON: something in between may have answered")
	return append(rows, missing,
		refusedPage("HTML that says it is application/json", response200("<html>Log in</html>"), html),
		refusedPage("HTML that says so", response200("<html>Log in</html>", "Content-Type: text/html"), html))
}

func encodings() []fault {
	zipped := zip(firstPage)
	wrongSum := bytes.Clone([]byte(zipped))
	wrongSum[len(wrongSum)-5] ^= 0xff
	answer := func(body string) string { return response200(body, "Content-Encoding: gzip") }
	unknown := variants([]string{"br", "zstd", "deflate", "x"}, func(encoding string) fault {
		return refusedPage("A Content-Encoding that nobody asked for, and bytes like that", response200("\x1b\x00\x80", "Content-Encoding: "+encoding),
			unusable("200 OK: the body is not JSON, or not all of it"))
	})
	return append([]fault{
		accepted("gzip", answer(zipped)),
		accepted("gzip in two members", answer(zip(firstPage[:500])+zip(firstPage[500:]))),
		refusedPage("gzip that is none", answer(firstPage), brokenOff(gzip.ErrHeader)),
		refusedPage("gzip that is cut in the middle, with a Content-Length that fits", answer(zipped[:len(zipped)/2]), brokenOff(io.ErrUnexpectedEOF)),
		refusedPage("gzip with a wrong checksum", answer(string(wrongSum)), brokenOff(gzip.ErrChecksum)),
		refusedPage("gzip that is empty", answer(""), unusable("200 OK: the body is empty")),
		accepted("A Content-Encoding of `identity`", response200(firstPage, "Content-Encoding: identity")),
		accepted("A Content-Encoding that is not true", response200(firstPage, "Content-Encoding: br")),
	}, unknown...)
}

func zip(text string) string {
	var zipped bytes.Buffer
	writer := gzip.NewWriter(&zipped)
	io.WriteString(writer, text)
	writer.Close()
	return zipped.String()
}

func sizes() []fault {
	const mebibyte = 1 << 20
	const padding = `{"padding":"`
	overDefault := unusable("200 OK: the body is larger than the 16777216 bytes that are allowed")
	small := unusable("200 OK: the body is larger than the 2000 bytes that are allowed")
	long := padding + strings.Repeat("x", 10_000) + `",` + firstPage[1:]

	manyFields := make([]string, 1000)
	for i := range manyFields {
		manyFields[i] = fmt.Sprintf("X-Field-%d: %d", i, i)
	}
	limited := []fault{
		refusedPage("A body over a limit of the caller's (`WithMaxBodySize`)", response200(long), small),
		refusedPage("The same in chunks", head(200, "Transfer-Encoding: chunked")+chunked(long), small),
		refusedPage("The same in gzip, which is within the limit", response200(zip(long), "Content-Encoding: gzip"), small),
		accepted("A body within a limit of the caller's", response200(firstPage)),
	}
	for i := range limited {
		limited[i].options = []wrapper.Option{wrapper.WithMaxBodySize(2000)}
	}
	exact := accepted("A body exactly as large as a limit of the caller's", response200(firstPage))
	exact.options = []wrapper.Option{wrapper.WithMaxBodySize(int64(len(firstPage)))}

	const items = 1000
	message := strings.Repeat("x", 10_000)
	var list strings.Builder
	for i := range items {
		if i > 0 {
			list.WriteByte(',')
		}
		list.WriteString(strings.Replace(action(strconv.Itoa(i)), `"status_message":"`, `"status_message":"`+message, 1))
	}
	large := fault{
		situation: fmt.Sprintf("A page of %d contract actions in %d MB", items, list.Len()/1e6),
		actions:   []script{success(`{"_embedded":{"contract_actions":[` + list.String() + `]}}`)},
		want:      outcome{delivered: items, requests: 1},
	}
	return append(limited,
		exact,
		large,
		fault{
			situation: "A body over 16 MiB, without a limit of the caller's",
			actions:   []script{floods(head(200, "Content-Type: application/json")+padding, 17*mebibyte)},
			want:      overDefault,
		},
		accepted("1000 header fields", response200(firstPage, manyFields...)),
		accepted("A header field of 100 KB", response200(firstPage, "X: "+strings.Repeat("x", 1e5))),
		refusedPage("A header block over the transport's limit (`MaxResponseHeaderBytes`)", response200(firstPage, "X: "+strings.Repeat("x", mebibyte)),
			unanswered("no response from ", nil)),
	)
}

func redirects() []fault {
	to := func(location string) string { return response(http.StatusFound, "", "Location: "+location) }
	refused := func(says string) outcome { return outcome{failure: "*LinkError", says: says, requests: 1} }
	loop := refused("it is the tenth redirect in a row")
	loop.requests = 10
	return []fault{
		refusedPage("To another host", to("http://api.example.com/"), refused("it leads away from http://localhost:80, where the token must stay")),
		refusedPage("To another port", to("http://localhost:8080/"), refused("it leads away from http://localhost:80, where the token must stay")),
		refusedPage("With user information", to("http://user:password@localhost/"), refused("it contains user information")),
		refusedPage("To itself, for ever", to("/"), loop),
		refusedPage("To something that is no URL", to("http://[::1"), refused("it is not a URL")),
	}
}
