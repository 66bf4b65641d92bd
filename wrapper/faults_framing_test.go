package wrapper_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/talkdesk-express/contractactions/internal/wire"
	"github.com/talkdesk-express/contractactions/wrapper"
)

// framingFaults are about how a response is put on the wire.
func framingFaults() []faultGroup {
	return []faultGroup{
		{title: "Malformed HTTP", rows: slices.Concat(statusLines(), lengths(), chunks())},
		{title: "Types and encodings of a valid page", note: "The body decides, not the header that describes it.", rows: slices.Concat(mediaTypes(), encodings())},
		{title: "Sizes", rows: sizes()},
		{title: "Redirects of a request for a page", rows: redirects()},
	}
}

func statusLines() []fault {
	const other = ": not a status that this operation has"
	return []fault{
		refused("A different protocol instead of HTTP", "SSH-2.0-OpenSSH_9.9\r\n", noResponse),
		refused("A page without a status line (HTTP/0.9)", firstPage+"\n", noResponse),
		refused("A status that is not a number", "HTTP/1.1 OK\r\n\r\n", noResponse),
		refused("A header field without a colon", "HTTP/1.1 200 OK\r\nContent-Type\r\n\r\n", noResponse),
		accepted("Lines that end in LF alone", strings.ReplaceAll(response200(firstPage), "\r\n", "\n")),
		accepted("Early Hints (103), and Continue (100), before the response", wire.Head(103, "Link: </>; rel=preload")+wire.Head(100, "X: y")+response200(firstPage)),
		refused("Switching Protocols (101), unrequested", wire.Head(101, "Connection: Upgrade", "Upgrade: x"), unrepeated(101, "101 Switching Protocols: the body is empty")),
		refused("Created (201) with a page", wire.Response(201, firstPage), unrepeated(201, "201 Created"+other)),
		refused("Accepted (202) without a body", wire.Response(202, ""), unrepeated(202, "202 Accepted"+other)),
		refused("No Content (204)", wire.Head(204, "X: y"), unrepeated(204, "204 No Content"+other)),
		refused("Partial Content (206) with a page", wire.Response(206, firstPage), unrepeated(206, "206 Partial Content"+other)),
	}
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
	invalid := variants([]string{"-1", "many", "99999999999999999999"}, func(value string) fault {
		return refused("Content-Length is invalid", length(value), noResponse)
	})
	return append(invalid,
		refused("Content-Length is larger than the body", length(size+1), incompleteBody(io.ErrUnexpectedEOF)),
		refused("Content-Length is smaller than the body", length(size-1), notJSON),
		refused("Content-Length is 0 before a page", length(0), unusable("the body is empty")),
		accepted("Content-Length is repeated with the same value", length(size, size)),
		refused("Content-Length is repeated with a different value", length(size, size-1), noResponse),
		accepted("Content-Length beside chunks, which count", response200(chunked(firstPage), "Transfer-Encoding: chunked", "Content-Length: 1")),
	)
}

func chunks() []fault {
	body := func(body string) string { return wire.Head(200, "Transfer-Encoding: chunked") + body }
	whole := chunked(firstPage)
	return append(variants([]string{"-5", "many", "fffffffffffffffff"}, func(size string) fault {
		return refused("The size of a chunk is invalid", body(size+"\r\n"+whole), incompleteBody(nil))
	}),
		accepted("Chunks with extensions, and a trailer", body(fmt.Sprintf("%x;a=b\r\n%s\r\n0\r\nX: y\r\n\r\n", len(firstPage), firstPage))),
		refused("A chunk is longer than its size", body("5\r\n"+firstPage+"\r\n0\r\n\r\n"), incompleteBody(nil)),
		refused("The last chunk is missing", body(strings.TrimSuffix(whole, "0\r\n\r\n")), incompleteBody(io.ErrUnexpectedEOF)),
		refused("An unknown Transfer-Encoding", response200(firstPage, "Transfer-Encoding: x"), noResponse),
	)
}

func mediaTypes() []fault {
	rows := variants([]string{
		"application/json; charset=utf-8", "application/hal+json", "application/problem+json", "text/html", "text/plain",
		"application/octet-stream", "application/json; charset=latin1", "nonsense",
	}, func(media string) fault {
		return accepted("Content-Type of a page", response200(firstPage, "Content-Type: "+media))
	})
	html := unusable("the body is HTML or XML, not JSON: something in between may have answered")
	return append(rows,
		accepted("An empty Content-Type", response200(firstPage, "Content-Type: ")),
		accepted("No Content-Type", wire.Head(200, fmt.Sprintf("Content-Length: %d", len(firstPage)))+firstPage),
		refused("HTML as application/json", response200("<html>Log in</html>"), html),
		refused("HTML as text/html", response200("<html>Log in</html>", "Content-Type: text/html"), html))
}

func encodings() []fault {
	zipped := zip(firstPage)
	wrongSum := []byte(zipped)
	wrongSum[len(wrongSum)-5] ^= 0xff
	encoded := func(body string) string { return response200(body, "Content-Encoding: gzip") }
	unrequested := variants([]string{"br", "zstd", "deflate", "x"}, func(encoding string) fault {
		return refused("A Content-Encoding that was not requested", response200("\x1b\x00\x80", "Content-Encoding: "+encoding), notJSON)
	})
	return append([]fault{
		accepted("gzip", encoded(zipped)),
		accepted("gzip in two members", encoded(zip(firstPage[:500])+zip(firstPage[500:]))),
		refused("Content-Encoding is gzip, but the body is not", encoded(firstPage), incompleteBody(gzip.ErrHeader)),
		refused("gzip that ends in the middle, with a matching Content-Length", encoded(zipped[:len(zipped)/2]), incompleteBody(io.ErrUnexpectedEOF)),
		refused("gzip with a wrong checksum", encoded(string(wrongSum)), incompleteBody(gzip.ErrChecksum)),
		refused("gzip that is empty", encoded(""), unusable("the body is empty")),
		accepted("A Content-Encoding of `identity`", response200(firstPage, "Content-Encoding: identity")),
		accepted("A Content-Encoding of `br`, but the body is JSON", response200(firstPage, "Content-Encoding: br")),
	}, unrequested...)
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
	small := unusable("the body is larger than the 2000 bytes that are allowed")
	long := padding + strings.Repeat("x", 10_000) + `",` + firstPage[1:]
	limited := func(size int, row fault) fault {
		row.options = []wrapper.Option{wrapper.WithMaxBodySize(int64(size))}
		return row
	}
	manyFields := make([]string, 1000)
	items := make([]string, 1000)
	message := strings.Repeat("x", 10_000)
	for i := range items {
		manyFields[i] = fmt.Sprintf("X-Field-%d: %d", i, i)
		items[i] = strings.Replace(action(strconv.Itoa(i)), `"status_message":"`, `"status_message":"`+message, 1)
	}
	return []fault{
		limited(2000, refused("A body over the caller's limit (`WithMaxBodySize`)", response200(long), small)),
		limited(2000, refused("The same in chunks", wire.Head(200, "Transfer-Encoding: chunked")+chunked(long), small)),
		limited(2000, refused("The same in gzip, which is within the limit", response200(zip(long), "Content-Encoding: gzip"), small)),
		limited(2000, accepted("A body within the caller's limit", response200(firstPage))),
		limited(math.MaxInt64, accepted("A body within the largest limit", response200(firstPage))),
		limited(len(firstPage), accepted("A body of exactly the caller's limit", response200(firstPage))),
		always("A page of 1000 contract actions in 10 MB", success(pageWith(items...)), outcome{delivered: 1000, requests: 1}),
		always("A body over 16 MiB, without a limit of the caller's", wire.Floods(wire.Head(200, "Content-Type: application/json")+padding, 17*mebibyte),
			unusable("the body is larger than the 16777216 bytes that are allowed")),
		accepted("1000 header fields", response200(firstPage, manyFields...)),
		accepted("A header field of 100 KB", response200(firstPage, "X: "+strings.Repeat("x", 1e5))),
		refused("A header block over the transport's limit (`MaxResponseHeaderBytes`)", response200(firstPage, "X: "+strings.Repeat("x", mebibyte)), noResponse),
	}
}

func redirects() []fault {
	to := func(situation, location, says string, requests int) fault {
		return refused(situation, wire.Response(http.StatusFound, "", "Location: "+location), refusedLink(says, requests, 0))
	}
	return []fault{
		to("To a different host", "http://api.example.com/", "it leads away from http://localhost:80, where the token must stay", 1),
		to("To a different port", "http://localhost:8080/", "it leads away from http://localhost:80, where the token must stay", 1),
		to("With user information", "http://user:password@localhost/", "it contains user information", 1),
		to("To the same URL each time", "/", "it is the tenth redirect in a row", 10),
		to("To an invalid URL", "http://[::1", "it is not a URL", 1),
	}
}
