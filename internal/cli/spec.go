package cli

import (
	"errors"

	"github.com/spf13/cobra"

	"github.com/talkdesk-express/contractactions"
	"github.com/talkdesk-express/contractactions/api/sandbox"
	"github.com/talkdesk-express/contractactions/internal/cli/exit"
	"github.com/talkdesk-express/contractactions/internal/cli/flagvalue"
)

// specFormats are the forms of a variant of the document.
type specFormats map[string]func() []byte

func newSpec() *cobra.Command {
	format, openEnums, sandboxURL := "yaml", false, ""
	command := &cobra.Command{
		Use:   "spec",
		Short: "Print the OpenAPI document",
		Long: `spec prints the OpenAPI document of the contract actions API, byte for byte the
openapi.yaml that this program was built from, or one of its variants. Use it to
generate a client in any language.

--open-enums is for generators whose clients fail on a status that the document
does not list: in responses, it has x-extensible-enum in place of enum.

--sandbox is for tools that send requests: its server, its token endpoint and
the links in its examples are those of a sandbox (see serve), and optional
parameters have no examples.

serve has the same documents: /openapi.yaml, /openapi-open.yaml, /sandbox.yaml,
and the same names with .json.`,
		Example: `  contractactions spec > openapi.yaml
  contractactions spec -o json > openapi.json
  contractactions spec --open-enums > openapi-open.yaml
  contractactions spec --sandbox http://127.0.0.1:8080 > sandbox.yaml`,
		RunE: func(command *cobra.Command, _ []string) error {
			if openEnums && sandboxURL != "" {
				return exit.With(exit.Usage, errors.New("--open-enums and --sandbox are two variants: choose one"))
			}
			_, err := command.OutOrStdout().Write(specVariant(openEnums, sandboxURL)[format]())
			return err
		},
	}
	flags := command.Flags()
	flags.VarP(flagvalue.OneOf(&format, "FORMAT", "yaml", "json"), "output", "o", "yaml or json")
	flags.BoolVar(&openEnums, "open-enums", false, "print the variant with open enumerations")
	flags.Var(flagvalue.Value[string]{Target: &sandboxURL, Kind: "URL", Parse: func(text string) (string, error) {
		return text, sandbox.CheckURL(text)
	}}, "sandbox", "print the variant for tools that send requests, to the sandbox at this URL")
	return command
}

func specVariant(openEnums bool, sandboxURL string) specFormats {
	switch {
	case openEnums:
		return specFormats{"yaml": contractactions.OpenDocument, "json": contractactions.OpenDocumentJSON}
	case sandboxURL != "":
		return specFormats{
			"yaml": func() []byte { return contractactions.SandboxDocument(sandboxURL) },
			"json": func() []byte { return contractactions.SandboxDocumentJSON(sandboxURL) },
		}
	}
	return specFormats{"yaml": contractactions.Document, "json": contractactions.DocumentJSON}
}
