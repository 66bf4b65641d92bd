package main

import (
	"strings"
	"testing"
	"time"
)

func TestFieldsAreThoseAskedForInTheirOrder(t *testing.T) {
	startSmall(t)
	for format, want := range map[string]string{
		"csv":    "status,id,quantity\nCREATED,123245132132,10\nFAILED,7,\nIN_PROGRESS,8,2147483647\n",
		"ndjson": `{"status":"CREATED","id":"123245132132","quantity":10}` + "\n" + `{"status":"FAILED","id":"7","quantity":null}` + "\n" + `{"status":"IN_PROGRESS","id":"8","quantity":2147483647}` + "\n",
		"table": `STATUS       ID              QUANTITY
CREATED      123245132132          10
FAILED       7                      -
IN_PROGRESS  8             2147483647
3 contract actions on 1 page: 1 CREATED, 1 IN_PROGRESS, 1 FAILED
`,
	} {
		t.Run(format, func(t *testing.T) {
			compare(t, succeed(t, "list", accountID, "-o", format, "--fields", "status,id", "--fields", "quantity"), want)
		})
	}
}

func TestTimesAreInUTCOrLocal(t *testing.T) {
	startSmall(t)
	before := time.Local
	t.Cleanup(func() { time.Local = before })
	time.Local = time.FixedZone("", -3*60*60)
	for _, format := range formats {
		arguments := []string{"list", accountID, "--fields", "updated_at", "-o", format}
		if output := succeed(t, arguments...); !strings.Contains(output, "2022-03-10T12:01:00Z") {
			t.Errorf("%s: %s", format, output)
		}
		if output := succeed(t, append(arguments, "--local")...); !strings.Contains(output, "2022-03-10T09:01:00-03:00") || strings.Contains(output, "Z") {
			t.Errorf("%s: %s", format, output)
		}
	}
	// A day begins at midnight there.
	arguments := []string{"list", accountID, "--fields", "id", "-o", "csv", "--since", "2022-03-10"}
	time.Local = time.FixedZone("", -14*60*60)
	compare(t, succeed(t, append(arguments, "--local")...), "id\n")
}
