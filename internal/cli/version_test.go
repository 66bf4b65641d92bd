package cli

import (
	"runtime/debug"
	"testing"

	"github.com/talkdesk-express/contractactions/internal/cli/clitest"
)

func TestVersionLine(t *testing.T) {
	commit := debug.BuildSetting{Key: "vcs.revision", Value: "d33250a"}
	for _, test := range []struct {
		name  string
		build debug.BuildInfo
		want  string
	}{
		{
			"installed as a module",
			debug.BuildInfo{Main: debug.Module{Version: "v1.2.3"}, GoVersion: "go1.26.8"},
			"contractactions v1.2.3, go1.26.8",
		},
		{
			"installed from between two tags",
			debug.BuildInfo{Main: debug.Module{Version: "v1.2.4-0.20221123190145-0123456789ab"}, GoVersion: "go1.26.8"},
			"contractactions v1.2.4-0.20221123190145-0123456789ab, commit 0123456789ab, go1.26.8",
		},
		{
			"released",
			debug.BuildInfo{Main: debug.Module{Version: "v1.2.3"}, GoVersion: "go1.26.8",
				Settings: []debug.BuildSetting{commit, {Key: "GOOS", Value: "darwin"}, {Key: "GOARCH", Value: "arm64"}}},
			"contractactions v1.2.3, commit d33250a, go1.26.8 darwin/arm64",
		},
		{
			"built from a clean checkout",
			debug.BuildInfo{Main: debug.Module{Version: "(devel)"}, GoVersion: "go1.26.8",
				Settings: []debug.BuildSetting{commit, {Key: "vcs.modified", Value: "false"}}},
			"contractactions devel, commit d33250a, go1.26.8",
		},
		{
			"built from a changed checkout",
			debug.BuildInfo{GoVersion: "go1.26.8",
				Settings: []debug.BuildSetting{commit, {Key: "vcs.modified", Value: "true"}}},
			"contractactions devel, commit d33250a (modified), go1.26.8",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			test.build.Main.Path = "github.com/talkdesk-express/contractactions"
			clitest.Compare(t, describe(&test.build), test.want)
		})
	}
}
