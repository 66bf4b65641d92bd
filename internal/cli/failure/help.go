package failure

import (
	"fmt"
	"reflect"
	"strings"
)

// Help describes errors on stderr.
func Help() string {
	var members, all strings.Builder
	for field := range reflect.TypeFor[Failure]().Fields() {
		fmt.Fprintf(&members, "  %-11s  %s\n", field.Tag.Get("json"), field.Tag.Get("description"))
	}
	for _, known := range kinds {
		fmt.Fprintf(&all, "  %-16s  %s\n", known.kind, known.text)
	}
	return `An error is one line on stderr, with what to do. If one of several accounts
fails, the others continue, and a table on stderr has the errors at the end.

With --errors json, each error is one JSON object on a line, and stderr has
nothing else: no progress, no summary, and nothing that other programs print.
The error of one of several accounts is printed when it occurs. --verbose and
--debug cannot be used then. No member contains a credential.

Members of the object, null if they do not apply:
` + members.String() + `
Kinds:
` + all.String() + `
'contractactions schema errors' prints the JSON Schema.`
}
