package main

import (
	"testing"

	"github.com/talkdesk-express/contractactions/api/sandbox"
)

const csvHeader = "account_id,id,action_type,status,quantity,status_message,created_at,updated_at\n"

func TestCSV(t *testing.T) {
	startSmall(t)
	compare(t, succeed(t, "list", accountID, "--output", "csv", "--per-page", "2"), csvHeader+
		`5ea75fe7aa224700012eae40,123245132132,NEWTDE,CREATED,10,Contract action created successfully.,2022-03-10T12:00:00Z,2022-03-10T12:00:00Z
5ea75fe7aa224700012eae40,7,CANCELTDE,FAILED,,'=1+1\x1b[31m\nred\u009b,2022-03-10T12:00:00Z,2022-03-10T12:01:00Z
5ea75fe7aa224700012eae40,8,AMENDTDE,IN_PROGRESS,2147483647,"Größe ""M"", <1 von 2>",2022-03-10T12:00:00Z,2022-03-10T12:00:01.5Z
`)
}

func TestCSVOfAnEmptyAccount(t *testing.T) {
	start(t, sandbox.WithAccount(accountID))
	compare(t, succeed(t, "list", accountID, "--output", "csv"), csvHeader)
}

func TestSpreadsheetsRunNoCell(t *testing.T) {
	for text, want := range map[string]string{
		"=1+1":         "'=1+1",
		"+1":           "'+1",
		"-1":           "'-1",
		"@SUM(A1)":     "'@SUM(A1)",
		"\t=1":         `'\t=1`,
		"\r=1":         `'\r=1`,
		"a=1":          "a=1",
		"":             "",
		"ümlaut first": "ümlaut first",
	} {
		t.Run(text, func(t *testing.T) { compare(t, spreadsheetCell(text), want) })
	}
}
