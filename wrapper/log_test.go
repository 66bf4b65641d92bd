package wrapper_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/talkdesk-express/contractactions/api/sandbox"
	"github.com/talkdesk-express/contractactions/wrapper"
)

func TestTheLogHasAnAllowlist(t *testing.T) {
	server := sandbox.Start(t, sandbox.WithGeneratedAccount(account, 60))
	server.Fail(sandbox.Fault{Status: 503})
	var log bytes.Buffer
	logger := slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	if _, err := collect(newClient(t, server, wrapper.WithLogger(logger)).Pages(t.Context(), account)); err != nil {
		t.Fatal(err)
	}
	allowed := map[string]bool{"time": true, "level": true, "msg": true, "account_id": true, "page": true, "attempt": true,
		"duration": true, "status": true, "request_id": true, "wait": true, "token": true, "lifetime": true}
	count := map[string]int{}
	for line := range strings.Lines(log.String()) {
		var record map[string]any
		decode(t, strings.NewReader(line), &record)
		count[fmt.Sprint(record["level"], " ", record["msg"])]++
		for name := range record {
			if !allowed[name] {
				t.Errorf("the attribute %q is logged", name)
			}
		}
	}
	want := map[string]int{"DEBUG request": 3, "WARN retry": 1, "INFO token obtained": 1}
	if fmt.Sprint(count) != fmt.Sprint(want) {
		t.Errorf("logged %v, want %v", count, want)
	}
	if strings.Contains(log.String(), server.ClientSecret) {
		t.Error("the log has the secret")
	}
}
