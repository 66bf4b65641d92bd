package serve

import (
	"strings"

	"github.com/talkdesk-express/contractactions/internal/cli/terminal"
)

// variable is an environment variable with which clients use the sandbox.
type variable struct{ name, value string }

// exportLines returns lines for a POSIX shell. They have no comments, which not
// every shell accepts when they are pasted.
func exportLines(variables []variable) string {
	var lines strings.Builder
	for _, v := range variables {
		lines.WriteString("export " + v.name + "=" + terminal.ShellQuote(v.value) + "\n")
	}
	return lines.String()
}

// envLines returns the lines of an env file. Values are quoted only if they have to
// be, because some programs, such as docker, take the quotes as a part of the value.
func envLines(variables []variable) string {
	lines := envFileMark
	for _, v := range variables {
		value := v.value
		if strings.ContainsFunc(value, needsQuotes) {
			value = `"` + envEscapes.Replace(value) + `"`
		}
		lines += v.name + "=" + value + "\n"
	}
	return lines
}

// envEscapes are those of double quotes in a shell, and in the env files that the
// other commands read.
var envEscapes = strings.NewReplacer(`\`, `\\`, `"`, `\"`, `$`, `\$`, "`", "\\`")

func needsQuotes(r rune) bool {
	return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && !strings.ContainsRune("-._:/[]@+=%,", r)
}
