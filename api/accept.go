package api

import (
	"mime"
	"strconv"
	"strings"
)

// preferences are what a client accepts, and how gladly: the elements of an
// Accept or Accept-Encoding header and their quality, between 0 and 1.
type preferences map[string]float64

// parsePreferences reads the values of a header. Elements that are malformed
// count as not being there.
func parsePreferences(values []string) preferences {
	parsed := make(preferences)
	for element := range strings.SplitSeq(strings.Join(values, ","), ",") {
		name, parameters, err := mime.ParseMediaType(element)
		if err != nil {
			continue
		}
		quality := 1.0
		if text, given := parameters["q"]; given {
			if quality, err = strconv.ParseFloat(text, 64); err != nil {
				continue
			}
		}
		parsed[name] = quality
	}
	return parsed
}

// quality looks up the first of the names that the client mentions: wildcards
// belong after what they stand for. What it does not mention, it does not
// want.
func (p preferences) quality(names ...string) float64 {
	for _, name := range names {
		if quality, mentioned := p[name]; mentioned {
			return quality
		}
	}
	return 0
}

// acceptsGzip tells whether the values of an Accept-Encoding header ask for
// compression.
func acceptsGzip(values []string) bool {
	accepted := parsePreferences(values)
	quality := accepted.quality("gzip", "*")
	return quality > 0 && quality >= accepted.quality("identity")
}
