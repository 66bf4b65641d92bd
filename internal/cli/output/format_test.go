package output

import (
	"encoding/json"
	"testing"

	"github.com/talkdesk-express/contractactions/internal/cli/clitest"
	"github.com/talkdesk-express/contractactions/wrapper"
)

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
		t.Run(text, func(t *testing.T) { clitest.Compare(t, spreadsheetCell(text), want) })
	}
}

// What escapes stand for must not change with how they are written.
func TestJSONStaysTheSameToAParser(t *testing.T) {
	const nasty = "\x1b[31m \u007f \u009b31m \u202e \U000e0001 \u2028 & é 漢 🎉"
	encoded, err := encodeRecord(&Record{ContractAction: wrapper.ContractAction{StatusMessage: nasty}}, ContractActions.fields)
	if err != nil {
		t.Fatal(err)
	}
	var decoded wrapper.ContractAction
	if err := json.Unmarshal(encoded, &decoded); err != nil {
		t.Fatal(err)
	}
	clitest.Compare(t, decoded.StatusMessage, nasty)
	clitest.Compare(t, Printable(string(encoded)), string(encoded))
}
