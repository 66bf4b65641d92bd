package contractactions

import (
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// Data flows one way: contract -> generated -> wrapper -> command, and the
// serving side beside it. To import something else, change the design first and
// then this table.
func TestWhoMayImportWhom(t *testing.T) {
	const cli = "/internal/cli"
	// subcommand is what the package of a subcommand may import: what all of them
	// share, and others.
	subcommand := func(others ...string) []string {
		return append(others, "/gen", "/wrapper", cli+"/config", cli+"/exit", cli+"/failure", cli+"/flagvalue", cli+"/output", cli+"/terminal")
	}
	allowed := map[string][]string{
		"":             {},
		"/gen":         {"/internal/decode"},
		"/wrapper":     {"/gen", "/internal/prefetch", "/internal/redact", "/internal/transport", "/internal/version"},
		"/api":         {"", "/api/sandbox"},
		"/api/sandbox": {"", "/gen"},

		"/internal/control":           {"/api/sandbox", "/gen"},
		"/internal/decode":            {},
		"/internal/gendecode":         {},
		"/internal/gendecode/example": {"/internal/decode"},
		"/internal/gendocument":       {},
		"/internal/faulttable":        {},           // for tests
		"/internal/leaktest":          {"/wrapper"}, // for tests
		"/internal/prefetch":          {},
		"/internal/redact":            {},
		"/internal/transport":         {},
		"/internal/version":           {},
		"/internal/wire":              {}, // for tests

		"/cmd/contractactions": {cli},
		cli:                    subcommand("", "/api/sandbox", "/internal/version", cli+"/accounts", cli+"/auth", cli+"/changes", cli+"/check", cli+"/demo", cli+"/get", cli+"/list", cli+"/scenario", cli+"/serve", cli+"/wait"),

		cli + "/accounts": subcommand(),
		cli + "/auth":     subcommand(cli + "/files"),
		cli + "/changes":  subcommand(cli+"/checkpoint", cli+"/listing", cli+"/selection"),
		cli + "/check":    subcommand("", "/internal/redact"),
		cli + "/demo":     subcommand("/api/sandbox", cli+"/list"),
		cli + "/get":      subcommand(),
		cli + "/list":     subcommand(cli+"/checkpoint", cli+"/listing", cli+"/selection"),
		cli + "/serve":    subcommand("/api", "/api/sandbox", "/internal/control", cli+"/files", cli+"/scenario"),
		cli + "/wait":     subcommand(),

		cli + "/checkpoint":           {cli + "/exit"},
		cli + "/config":               {"/gen", "/wrapper", cli + "/config/envfile", cli + "/config/secretcommand", cli + "/exit", cli + "/failure", cli + "/files", cli + "/flagvalue", "/internal/redact"},
		cli + "/config/envfile":       {},
		cli + "/config/secretcommand": {cli + "/files"},
		cli + "/exit":                 {},
		cli + "/failure":              {"/wrapper", cli + "/exit", cli + "/output", cli + "/terminal"},
		cli + "/files":                {cli + "/terminal"},
		cli + "/flagvalue":            {},
		cli + "/listing":              subcommand(cli+"/checkpoint", cli+"/selection"),
		cli + "/output":               {"/gen", "/wrapper", cli + "/terminal"},
		cli + "/scenario":             {"", "/api/sandbox", "/gen", "/internal/control", cli + "/files"},
		cli + "/selection":            {"/wrapper", cli + "/files", cli + "/flagvalue", cli + "/output"},
		cli + "/terminal":             {"/wrapper"},

		"/examples/reconcile": {"/wrapper"},

		cli + "/acceptance":            {"/api/sandbox", "/wrapper", cli, cli + "/exit", cli + "/terminal"}, // for tests
		cli + "/acceptance/auth":       {},
		cli + "/acceptance/checkpoint": {},
		cli + "/acceptance/command":    {},
		cli + "/acceptance/list":       {},
		cli + "/acceptance/serve":      {},
		cli + "/clitest":               {},
		"/test/packages":               {},
	}
	module := strings.TrimSpace(goList(t, "-m"))
	for line := range strings.Lines(goList(t, "-f", "{{.ImportPath}} {{join .Imports \" \"}}", "./...")) {
		fields := strings.Fields(line)
		name := strings.TrimPrefix(fields[0], module)
		permitted, known := allowed[name]
		if !known {
			t.Errorf("%s is a new package: say here what it may import", fields[0])
		}
		for _, imported := range fields[1:] {
			if ours, found := strings.CutPrefix(imported, module); found && !slices.Contains(permitted, ours) {
				t.Errorf("%s imports %s", fields[0], imported)
			}
		}
	}
}

// What prints can be used without a command line.
func TestOutputDoesNotKnowFlags(t *testing.T) {
	for dependency := range strings.Lines(goList(t, "-deps", "./internal/cli/output")) {
		if strings.HasPrefix(dependency, "github.com/spf13/") {
			t.Errorf("internal/cli/output depends on %s", dependency)
		}
	}
}

// Importers of wrapper compile these modules and no others.
func TestWhatAnImporterOfWrapperCarries(t *testing.T) {
	golden, err := os.ReadFile("wrapper/testdata/modules.txt")
	if err != nil {
		t.Fatal(err)
	}
	modules := strings.Fields(goList(t, "-deps", "-f", "{{with .Module}}{{if not .Main}}{{.Path}}{{end}}{{end}}", "./wrapper"))
	slices.Sort(modules)
	modules = slices.Compact(modules)
	if got := strings.Join(modules, "\n") + "\n"; got != string(golden) {
		t.Errorf("wrapper carries:\n%swant (wrapper/testdata/modules.txt):\n%s", got, golden)
	}
}

func goList(t *testing.T, arguments ...string) string {
	t.Helper()
	command := exec.Command("go", append([]string{"list"}, arguments...)...)
	var problems strings.Builder
	command.Stderr = &problems
	output, err := command.Output()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, problems.String())
	}
	return string(output)
}
