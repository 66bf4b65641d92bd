package main

import "testing"

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
