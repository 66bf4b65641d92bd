package envfile

import (
	"strings"
	"testing"
	"unicode"

	"github.com/talkdesk-express/contractactions/internal/cli/clitest"
)

var variables = []string{"TALKDESK_ACCOUNT", "TALKDESK_CLIENT_SECRET"}

func TestEnvFilesAreRead(t *testing.T) {
	for _, test := range []struct{ name, text, want string }{
		{"plain", "TALKDESK_ACCOUNT=acme\n", "acme"},
		{"no line break at the end", "TALKDESK_ACCOUNT=acme", "acme"},
		{"from Windows", "\ufeffTALKDESK_ACCOUNT=acme\r\n", "acme"},
		{"exported", "export TALKDESK_ACCOUNT=acme", "acme"},
		{"spaces", "  TALKDESK_ACCOUNT = acme  ", "acme"},
		{"comments", "# one\n\nTALKDESK_ACCOUNT=acme # two", "acme"},
		{"only a comment", "TALKDESK_ACCOUNT= # later", ""},
		{"a number sign in it", "TALKDESK_ACCOUNT=a#b", "a#b"},
		{"an equals sign in it", "TALKDESK_ACCOUNT=a=b==", "a=b=="},
		{"nothing is expanded", "TALKDESK_ACCOUNT=$HOME", "$HOME"},
		{"single quotes", `TALKDESK_ACCOUNT='a # "\n$b' # c`, `a # "\n$b`},
		{"double quotes", `TALKDESK_ACCOUNT="a # \"\\\n\$\x" # c`, `a # "\\n$\x`},
		{"a path of Windows in them", `TALKDESK_ACCOUNT="keys\new.pem"`, `keys\new.pem`},
		{"and without", `TALKDESK_ACCOUNT=keys\new.pem`, `keys\new.pem`},
		{"a comment after a tab", "TALKDESK_ACCOUNT=acme\t# two", "acme"},
		{"a comment after a blank that is not ASCII", "TALKDESK_ACCOUNT=acme\u00a0# two", "acme"},
		{"a comment after a quote and a tab", "TALKDESK_ACCOUNT='acme'\t# two", "acme"},
		{"only a comment, after a tab", "TALKDESK_ACCOUNT=\t# later", ""},
		{"a number sign at the beginning", "TALKDESK_ACCOUNT=#1", "#1"},
		{"exported, with a tab", "export\tTALKDESK_ACCOUNT=acme", "acme"},
		{"a name that begins with export", "export_x=1\nTALKDESK_ACCOUNT=acme", "acme"},
		{"empty quotes", `TALKDESK_ACCOUNT=""`, ""},
		{"the last one wins", "TALKDESK_ACCOUNT=a\nTALKDESK_ACCOUNT=b", "b"},
		{"variables of others", "PATH=/bin\nOTHER='\nTALKDESK_ACCOUNT=acme", "acme"},
	} {
		t.Run(test.name, func(t *testing.T) {
			values, err := Parse(test.text, variables)
			if err != nil || len(values) > 1 {
				t.Errorf("%v, the error is %v", values, err)
			}
			clitest.Compare(t, values["TALKDESK_ACCOUNT"], test.want)
		})
	}
}

func TestEnvFilesThatAreRefused(t *testing.T) {
	for _, test := range []struct{ name, text, want string }{
		{"no variable", "TALKDESK_ACCOUNT=a\ns3cr3t", "line 2 is not NAME=VALUE"},
		{"a bad name", "TALKDESK ACCOUNT=s3cr3t", "line 1 is not NAME=VALUE"},
		{"an unknown name", "TALKDESK_SECRET=s3cr3t", "line 1: TALKDESK_SECRET is not a variable that a file can set"},
		{"an open quote", "TALKDESK_CLIENT_SECRET='s3cr3t", "line 1: TALKDESK_CLIENT_SECRET: the closing quote is missing"},
		{"more after a quote", "TALKDESK_CLIENT_SECRET='s3cr3t'x", "remove the text after the closing quote"},
		{"no blank before a comment", "TALKDESK_CLIENT_SECRET='s3cr3t'#x", "remove the text after the closing quote"},
		{"UTF-16", "T\x00A\x00L\x00K\x00", "not text in UTF-8"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := Parse(test.text, variables)
			if err == nil || !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "s3cr3t") {
				t.Errorf("the error is %v, want it to say %q", err, test.want)
			}
		})
	}
}

// printed returns lines that set a variable to a value without line breaks.
func printed(value string) (lines []string) {
	const name = "TALKDESK_CLIENT_SECRET="
	escaped := strings.NewReplacer(`\`, `\\`, `"`, `\"`, `$`, `\$`, "`", "\\`").Replace(value)
	lines = append(lines, name+`"`+escaped+`"`)
	if !strings.Contains(value, "'") {
		lines = append(lines, name+"'"+value+"'")
	}
	if !strings.ContainsFunc(value, func(r rune) bool { return unicode.IsSpace(r) || r == '\'' || r == '"' }) {
		lines = append(lines, name+value)
	}
	return lines
}

func FuzzWhatIsPrintedIsReadBack(f *testing.F) {
	for _, value := range []string{"", "s3cr3t", `it's "quoted"`, `\`, `\n`, `a\\"b$c` + "`d`", "#1", "a # b", "\t x ", "é漢\u2028", "\ufeff", "\xff", "export x=1"} {
		f.Add(value, "# comment")
	}
	f.Fuzz(func(t *testing.T, value, comment string) {
		if strings.ContainsAny(value+comment, "\n\x00") {
			t.Skip("a value is on one line, and text")
		}
		for _, line := range printed(value) {
			for _, text := range []string{line, " export\t" + line + "\t#" + comment + "\r\n", "# a\n\n" + line + "\nPATH=/bin"} {
				values, err := Parse(text, variables)
				if err != nil || values["TALKDESK_CLIENT_SECRET"] != value {
					t.Errorf("%q is read as %q, %v", text, values, err)
				}
			}
		}
	})
}
