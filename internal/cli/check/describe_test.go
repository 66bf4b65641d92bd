package check

import (
	"testing"

	"github.com/talkdesk-express/contractactions/internal/cli/clitest"
)

func TestValuesAreDescribedByTypeAndSize(t *testing.T) {
	for value, want := range map[string]string{
		`"SMITH"`:               "string, 5 bytes",
		`"Größe"`:               "string, 7 bytes",
		`"x"`:                   "string, 1 byte",
		`""`:                    "string, 0 bytes",
		`123456`:                "integer, 6 digits",
		`-7`:                    "integer, 1 digit",
		`1.25`:                  "number, 3 digits",
		`1e300`:                 "number, 4 digits",
		`true`:                  "boolean",
		`null`:                  "null",
		`["Jane", [1]]`:         "array, 2 items",
		`{"email": "j@doe.de"}`: "object, 1 field",
	} {
		decoded, err := decode([]byte(value))
		if err != nil {
			t.Fatal(err)
		}
		clitest.Compare(t, describe(decoded), want)
	}
}

func TestNamesThatCanBeDataAreNotShown(t *testing.T) {
	for name, want := range map[string]string{
		"status_message":           "status_message",
		"createdAt":                "createdAt",
		"@type":                    "@type",
		"td:actions":               "td:actions",
		"line2":                    "line2",
		"5ea75fe7aa224700012eae40": "(24 bytes)",
		"a1b2c3d4":                 "(8 bytes)",
		"jane@example.com":         "(16 bytes)",
		"Jane Doe":                 "(8 bytes)",
		"\x1b[2J":                  "(4 bytes)",
		"":                         "(0 bytes)",
	} {
		clitest.Compare(t, describeName(name), want)
	}
}
