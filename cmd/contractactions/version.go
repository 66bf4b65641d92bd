package main

import (
	"cmp"
	"fmt"
	"regexp"
	"runtime/debug"

	"github.com/spf13/cobra"
)

func newVersion() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print which version this is",
		Long: `version prints which version of contractactions this is, the commit that it was
built from if that is known, the Go version that built it and the platform that
it is for. Mention it when you report a problem.

Environment variables: none are read.`,
		Example: `  contractactions version`,
		Args:    noArguments,
		RunE: func(command *cobra.Command, _ []string) error {
			_, err := fmt.Fprintln(command.OutOrStdout(), versionLine())
			return err
		},
	}
}

// versionLine needs no flag of the linker: go notes the version and commit
// of a checkout, tags included, in what it builds, and the version of a module
// in what it installs. A release is built from its tag.
func versionLine() string {
	build, ok := debug.ReadBuildInfo()
	if !ok {
		return "contractactions devel"
	}
	return describe(build)
}

func describe(build *debug.BuildInfo) string {
	version := cmp.Or(build.Main.Version, "devel")
	if version == "(devel)" {
		version = "devel"
	}
	settings := make(map[string]string)
	for _, setting := range build.Settings {
		settings[setting.Key] = setting.Value
	}
	text := "contractactions " + version
	if commit := cmp.Or(settings["vcs.revision"], commitIn(version)); commit != "" {
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

// pseudoVersion is the version of a module between two tags.
var pseudoVersion = regexp.MustCompile(`[-.]\d{14}-([0-9a-f]{12})(?:\+|$)`)

// commitIn is the beginning of the commit's id that a pseudo-version has in it.
func commitIn(version string) string {
	if match := pseudoVersion.FindStringSubmatch(version); match != nil {
		return match[1]
	}
	return ""
}
