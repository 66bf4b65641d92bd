package main

import (
	"cmp"
	"fmt"
	"runtime/debug"

	"github.com/spf13/cobra"
)

func newVersion() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print which version this is",
		Long: `version prints which version of contractactions this is, the commit that it was
built from if that is known, and the Go version that built it. Mention it when
you report a problem.

Environment variables: none are read.`,
		Example: `  contractactions version`,
		Args:    noArguments,
		RunE: func(command *cobra.Command, _ []string) error {
			_, err := fmt.Fprintln(command.OutOrStdout(), versionLine())
			return err
		},
	}
}

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
	return fmt.Sprintf("contractactions %s, commit %s, %s", version, commitOf(build), build.GoVersion)
}

func commitOf(build *debug.BuildInfo) string {
	commit, modified := "unknown", ""
	for _, setting := range build.Settings {
		switch setting.Key {
		case "vcs.revision":
			commit = setting.Value
		case "vcs.modified":
			if setting.Value == "true" {
				modified = " (modified)"
			}
		}
	}
	return commit + modified
}
