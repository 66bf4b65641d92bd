package api

import (
	"mime"
	"regexp"
	"strconv"
	"strings"
)

// qualities maps the elements of an Accept or Accept-Encoding header, in lower
// case, to their quality from 0 to 1.
type qualities map[string]float64

// element matches an element of a list in which strings can contain commas
// (RFC 9110, section 5.6).
var element = regexp.MustCompile(`(?:[^,"]|"(?:[^"\\]|\\.)*")+`)

// quality matches a qvalue (RFC 9110, section 12.4.2).
var quality = regexp.MustCompile(`^(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$`)

// parseQualities parses the values of a header. Malformed elements are ignored.
// Of elements that differ only in other parameters, the highest quality counts.
func parseQualities(values []string) qualities {
	parsed := make(qualities)
	for _, text := range element.FindAllString(strings.Join(values, ","), -1) {
		name, parameters, err := mime.ParseMediaType(text)
		if err != nil {
			continue
		}
		value := 1.0
		if given, ok := parameters["q"]; ok {
			if !quality.MatchString(given) {
				continue
			}
			value, _ = strconv.ParseFloat(given, 64) // cannot fail: it matches
		}
		parsed[name] = max(parsed[name], value)
	}
	return parsed
}

// of returns the quality of the first of these names that is an element: the
// name itself, and then what stands for it. It is 0 if none is.
func (q qualities) of(names ...string) float64 {
	for _, name := range names {
		if value, ok := q[name]; ok {
			return value
		}
	}
	return 0
}

// acceptsGzip reports whether the values of an Accept-Encoding header ask for
// compression.
func acceptsGzip(values []string) bool {
	accepted := parseQualities(values)
	gzip := accepted.of("gzip", "*")
	return gzip > 0 && gzip >= accepted.of("identity")
}

// prefersHTML reports whether the values of an Accept header prefer HTML to plain
// text, as those of browsers do.
func prefersHTML(values []string) bool {
	accepted := parseQualities(values)
	return accepted.of("text/html", "text/*", "*/*") > accepted.of("text/plain", "text/*", "*/*")
}
