package serve

import (
	"net"
	"strings"
	"testing"
)

func TestServeWarnsWhenOthersCanReachIt(t *testing.T) {
	for _, test := range []struct {
		ip      string
		address string
		warns   bool
	}{
		{"127.0.0.1", "http://127.0.0.1:80", false},
		{"::1", "http://[::1]:80", false},
		{"0.0.0.0", "http://127.0.0.1:80", true},
		{"::", "http://127.0.0.1:80", true},
		{"192.0.2.1", "http://192.0.2.1:80", true},
	} {
		where := &net.TCPAddr{IP: net.ParseIP(test.ip), Port: 80}
		text := notice(where, addressOf(where), "a")
		if !strings.Contains(text, test.address+"/docs.") || strings.Contains(text, "Warning") != test.warns || strings.Contains(text, "--url") != test.warns {
			t.Errorf("%s: %s", test.ip, text)
		}
	}
}
