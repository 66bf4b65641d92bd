package api_test

import (
	"net/http"
	"testing"
)

func TestCompressionIsForThoseWhoAcceptIt(t *testing.T) {
	for accepted, encoding := range map[string]string{
		"":                               "",
		"gzip":                           "gzip",
		"GZIP":                           "gzip",
		"deflate, gzip;q=0.5, br":        "gzip",
		"*":                              "gzip",
		"identity;q=0.5, gzip;q=0.5":     "gzip",
		"gzip;q=0":                       "",
		"gzip;q=0, *":                    "",
		"gzip;q=0.5, identity;q=0.6":     "",
		"br":                             "",
		"gzip;q=much":                    "",
		"identity, gzip;q=1.0, ;, ;q=,,": "gzip",
	} {
		t.Run(accepted, func(t *testing.T) {
			got := get(t, "/openapi.yaml", "Accept-Encoding", accepted)
			wantStatus(t, got, http.StatusOK)
			compare(t, "Content-Encoding", got.Header().Get("Content-Encoding"), encoding)
			compare(t, "Vary", got.Header().Get("Vary"), "Accept-Encoding")
		})
	}
}
