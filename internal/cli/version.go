package cli

import (
	"cmp"
	"fmt"
	"regexp"
	"runtime/debug"

	"github.com/spf13/cobra"

	"github.com/talkdesk-express/contractactions/internal/version"
)

func newVersion() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version",
		Long: `version prints the version of contractactions, the commit that it was built from
if that is known, the Go version and the platform. Include it when you report a
problem.`,
		Example: `  contractactions version`,
		RunE:    printVersion,
	}
}

func printVersion(command *cobra.Command, _ []string) error {
	_, err := fmt.Fprintln(command.OutOrStdout(), versionLine())
	return err
}

// versionLine uses the build information: go records the version and commit of a
// checkout, and the version of a module that it installs. No linker flag is needed,
// since a release is built from its tag.
func versionLine() string {
	build, ok := debug.ReadBuildInfo()
	if !ok {
		return "contractactions devel"
	}
	return describe(build)
}

func describe(build *debug.BuildInfo) string {
	number := version.Of(build)
	settings := make(map[string]string)
	for _, setting := range build.Settings {
		settings[setting.Key] = setting.Value
	}
	text := "contractactions " + number
	if commit := cmp.Or(settings["vcs.revision"], commitIn(number)); commit != "" {
		text += ", commit " + commit
	}
	if settings["vcs.modified"] == "true" {
		text += " (modified)"
	}
	text += ", " + build.GoVersion
	if settings["GOOS"] != "" {
		text += fmt.Sprintf(" %s/%s", settings["GOOS"], settings["GOARCH"])
	}
	return text
}

// pseudoVersion matches the version of a module between two tags.
var pseudoVersion = regexp.MustCompile(`[-.]\d{14}-([0-9a-f]{12})(?:\+|$)`)

// commitIn returns the abbreviated commit id of a pseudo-version.
func commitIn(version string) string {
	if match := pseudoVersion.FindStringSubmatch(version); match != nil {
		return match[1]
	}
	return ""
}
