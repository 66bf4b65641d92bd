//go:build gates

// Package gates breaks the contract on purpose, one fault at a time, and shows
// which of the project's gates stops each.
package gates

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"text/tabwriter"
)

// A gate is a command that fails if it does not like openapi.yaml.
type gate struct {
	name    string
	command func(repository string) *exec.Cmd
}

var gates = []gate{
	// The tests of the document, which alone can find these faults.
	{"go test", func(repository string) *exec.Cmd {
		return in(repository, "go", "test", "-run", "TestDocument|TestEvery|TestEither", ".")
	}},
	{"spectral", linter("spectral")},
	{"redocly", linter("redocly")},
	{"breaking", func(repository string) *exec.Cmd {
		return in(repository, "test/gates/compare", "contract", "HEAD")
	}},
}

// A fault is an edit of the contract that must not pass.
type fault struct {
	name      string
	edit      []string // old, new, old, new...
	stoppedBy []string // names of gates
	finding   string   // what one of them says
}

var faults = []fault{
	{
		name:      "drop a required mark",
		edit:      []string{"        - status_message\n", ""},
		stoppedBy: []string{"breaking"},
		finding:   "response-property-became-optional",
	},
	{
		name:      "misspell an example",
		edit:      []string{"status: CREATED\n", "status: CREATD\n"},
		stoppedBy: []string{"go test", "spectral", "redocly"},
		finding:   "oas3-valid-media-example",
	},
	{
		name: "add a second media type",
		edit: []string{
			"              $ref: '#/components/examples/MiddlePage'\n", `              $ref: '#/components/examples/MiddlePage'
        application/hal+json:
          schema:
            $ref: '#/components/schemas/ContractActionPage'
          examples:
            onlyPage:
              $ref: '#/components/examples/OnlyPage'
`,
		},
		stoppedBy: []string{"go test", "spectral"},
		finding:   "response-has-one-json-media-type",
	},
	{
		name:      "rename the operation",
		edit:      []string{"listContractActions", "listActions"},
		stoppedBy: []string{"breaking"},
		finding:   "api-operation-id-removed",
	},
	{
		name: "remove an enum value",
		edit: []string{
			"        | `COMPLETED` | ended, carried out |\n", "",
			"        - COMPLETED\n", "",
			"        - Ended, carried out.\n", "",
		},
		stoppedBy: []string{"breaking"},
		finding:   "response-property-enum-value-removed",
	},
	{
		name:      "break a $ref",
		edit:      []string{"'#/components/schemas/ContractActionPage'", "'#/components/schemas/Nothing'"},
		stoppedBy: []string{"go test", "spectral", "redocly", "breaking"},
		finding:   "invalid-ref",
	},
	{
		name:      "rename a schema",
		edit:      []string{"PageLinks", "Navigation"},
		stoppedBy: []string{"breaking"},
		finding:   "api-schema-removed",
	},
	{
		name:      "rename the schema of errors to Error",
		edit:      []string{"ErrorBody", "Error"},
		stoppedBy: []string{"spectral", "breaking"},
		finding:   "error-schema-is-error-body",
	},
	{
		name: "remove a property",
		edit: []string{`        description:
          type: string
          description: More about it.
          example: See fields.
`, ""},
		stoppedBy: []string{"redocly", "breaking"},
		finding:   "response-optional-property-removed",
	},
	{
		name:      "remove a documented status",
		edit:      []string{"        '403':\n          $ref: '#/components/responses/Forbidden'\n", ""},
		stoppedBy: []string{"spectral", "redocly", "breaking"},
		finding:   "response-non-success-status-removed",
	},
	{
		name: "leave a response without an example",
		edit: []string{`          examples:
            missingScope:
              $ref: '#/components/examples/MissingScope'
`, ""},
		stoppedBy: []string{"go test", "spectral", "redocly"},
		finding:   "response-has-named-example",
	},
	{
		name:      "leave an enum value undescribed",
		edit:      []string{"        - CANCELTDE\n", "        - CANCELTDE\n        - PAUSETDE\n"},
		stoppedBy: []string{"spectral"},
		finding:   "enum-is-described",
	},
	{
		name: "write a schema inline",
		edit: []string{
			"        self:\n          $ref: '#/components/schemas/Link'\n", `        self:
          type: object
          description: A link to this page.
          properties:
            href:
              type: string
              description: The URL of the page.
              example: https://api.talkdeskapp.com/
`,
		},
		stoppedBy: []string{"spectral"},
		finding:   "component-schema-is-flat",
	},
	{
		name: "write a response inline",
		edit: []string{
			"          $ref: '#/components/responses/BadRequest'\n", `          description: The request is malformed.
          content:
            application/json:
              schema:
                $ref: '#/components/schemas/ErrorBody'
              examples:
                invalidParameter:
                  $ref: '#/components/examples/InvalidParameter'
`,
		},
		stoppedBy: []string{"spectral", "redocly"},
		finding:   "component-is-referenced",
	},
	{
		name:      "write the operation id in snake_case",
		edit:      []string{"listContractActions", "list_contract_actions"},
		stoppedBy: []string{"spectral", "breaking"},
		finding:   "operation-id-is-verb-noun",
	},
	{
		name: "declare a header as a number",
		edit: []string{
			"      type: string\n      description: Seconds, or an HTTP date.\n      example: '2'\n",
			"      type: integer\n      description: Seconds.\n      example: 2\n",
			"      example: '2'\n\n  responses:", "      example: 2\n\n  responses:",
		},
		stoppedBy: []string{"spectral"},
		finding:   "response-header-is-string",
	},
	{
		name: "put a dot into a server variable",
		edit: []string{
			"  - url: https://api.talkdeskapp.com\n    description: US\n",
			"  - url: https://api.{domain}\n    description: US\n    variables:\n      domain:\n        default: talkdeskapp.com\n",
		},
		stoppedBy: []string{"spectral"},
		finding:   "server-has-no-variables",
	},
	{
		name:      "remove an alternative of the scopes",
		edit:      []string{"        - oauth2:\n            - express-accounts-contracts-actions:read\n", ""},
		stoppedBy: []string{"breaking"},
		finding:   "api-security-removed",
	},
	{
		name:      "take fewer results per page",
		edit:      []string{"      maximum: 250\n", "      maximum: 100\n"},
		stoppedBy: []string{"breaking"},
		finding:   "request-parameter-max-decreased",
	},
	{
		name:      "remove a parameter",
		edit:      []string{"        - $ref: '#/components/parameters/Filter'\n", ""},
		stoppedBy: []string{"spectral", "redocly", "breaking"},
		finding:   "request-parameter-removed",
	},
	{
		name: "remove a value of a parameter",
		edit: []string{
			"        | `updated_at:asc` | least recently updated first |\n", "",
			"        - updated_at:asc\n", "",
			"        - UpdatedAtAscending\n", "",
			"        - Least recently updated first.\n", "",
		},
		stoppedBy: []string{"breaking"},
		finding:   "request-parameter-enum-value-removed",
	},
	{
		name:      "give an error a code that the table lacks",
		edit:      []string{"        code: '3110006'\n", "        code: '3110404'\n"},
		stoppedBy: []string{"go test"},
		finding:   "is not in the table",
	},
	{
		name:      "note something without its source",
		edit:      []string{"Documented in V, not in R.", "Documented elsewhere."},
		stoppedBy: []string{"go test"},
		finding:   "names no source",
	},
	{
		name:      "describe a response in several lines",
		edit:      []string{"      description: A parameter is invalid.\n", "      description: |\n        A parameter is invalid.\n        See fields.\n"},
		stoppedBy: []string{"spectral"},
		finding:   "response-description-is-one-line",
	},
	{
		name:      "show the second page as an example",
		edit:      []string{"        $ref: '#/components/schemas/PageNumber'\n      example: 1\n", "        $ref: '#/components/schemas/PageNumber'\n      example: 2\n"},
		stoppedBy: []string{"spectral"},
		finding:   "page-example-is-first",
	},
	{
		name:      "make an account's name part of the token endpoint",
		edit:      []string{"your-account.talkdeskid.com.invalid", "acme.talkdeskid.com"},
		stoppedBy: []string{"spectral", "breaking"},
		finding:   "token-url-is-nobody's",
	},
	{
		name:      "give a version that cannot be compared",
		edit:      []string{"  version: ", "  version: v"},
		stoppedBy: []string{"spectral"},
		finding:   "version-is-semantic",
	},
}

func TestMain(m *testing.M) {
	if _, err := os.Stat("../lint/node_modules/.bin/spectral"); err != nil {
		fmt.Println("the linters are not installed: run make check-contract, or npm ci in test/lint")
		os.Exit(1)
	}
	withoutGitConfiguration()
	os.Exit(m.Run())
}

func TestTheIntactContractPasses(t *testing.T) {
	repository := newRepository(t)
	for _, gate := range gates {
		if output, stopped := run(t, gate.command(repository)); stopped {
			t.Errorf("%s stops the contract as it is:\n%s", gate.name, output)
		}
	}
}

// The generated gen/openapi.json has the whole document, so that no edit of it is
// overlooked.
func TestAnEditThatWasNotGeneratedIsStopped(t *testing.T) {
	repository := newRepository(t)
	if output, stopped := run(t, in(repository, "make", "check-generated")); stopped {
		t.Fatalf("stopped as it is:\n%s", output)
	}
	edit(t, filepath.Join(repository, "openapi.yaml"), "  title: Talkdesk", "  title: The Talkdesk")
	if output, stopped := run(t, in(repository, "make", "check-generated")); !stopped || !strings.Contains(output, "The Talkdesk") {
		t.Errorf("stopped: %t\n%s", stopped, output)
	}
}

func TestFaultsAreStopped(t *testing.T) {
	measured := make([][]string, len(faults))
	t.Cleanup(func() { report(t, measured) })

	for i, fault := range faults {
		t.Run(fault.name, func(t *testing.T) {
			t.Parallel()
			repository := newRepository(t)
			edit(t, filepath.Join(repository, "openapi.yaml"), fault.edit...)

			var outputs strings.Builder
			for _, gate := range gates {
				if output, stopped := run(t, gate.command(repository)); stopped {
					measured[i] = append(measured[i], gate.name)
					fmt.Fprintf(&outputs, "\n== %s\n%s", gate.name, output)
				}
			}
			if !slices.Equal(measured[i], fault.stoppedBy) {
				t.Errorf("stopped by %q, want %q\n%s", measured[i], fault.stoppedBy, outputs.String())
			}
			if !strings.Contains(outputs.String(), fault.finding) {
				t.Errorf("no gate says %s:\n%s", fault.finding, outputs.String())
			}
		})
	}
}

func report(t *testing.T, measured [][]string) {
	var table strings.Builder
	columns := tabwriter.NewWriter(&table, 0, 0, 2, ' ', 0)
	fmt.Fprintln(columns, "FAULT\tFINDING\tSTOPPED BY")
	for i, fault := range faults {
		fmt.Fprintf(columns, "%s\t%s\t%s\n", fault.name, fault.finding, strings.Join(measured[i], ", "))
	}
	columns.Flush()
	t.Logf("\n%s", table.String())
}

// linter returns a gate of ../lint.
func linter(name string) func(string) *exec.Cmd {
	return func(repository string) *exec.Cmd {
		return in("../lint", "npm", "run", "--silent", name, "--", filepath.Join(repository, "openapi.yaml"))
	}
}

func in(directory, name string, arguments ...string) *exec.Cmd {
	command := exec.Command(name, arguments...)
	command.Dir = directory
	return command
}

// run returns what the command printed and whether it failed.
func run(t *testing.T, command *exec.Cmd) (output string, failed bool) {
	t.Helper()
	printed, err := command.CombinedOutput()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		t.Fatalf("%s: %v", command, err)
	}
	return string(printed), err != nil
}
