// Package version knows which version of this module is in a program.
package version

import (
	"reflect"
	"runtime/debug"
	"strings"
)

// module is the path of this module, also in a fork.
var module = strings.TrimSuffix(reflect.TypeFor[here]().PkgPath(), "/internal/version")

type here struct{}

// Of returns the version of this module in a program, which may be its main module or
// a dependency; "devel" if it is not known.
func Of(build *debug.BuildInfo) string {
	for _, candidate := range append(build.Deps, &build.Main) {
		if candidate.Path == module && candidate.Version != "" && candidate.Version != "(devel)" {
			return candidate.Version
		}
	}
	return "devel"
}

// UserAgent returns the name of this module and its version in this program.
func UserAgent() string {
	build, ok := debug.ReadBuildInfo()
	if !ok {
		build = new(debug.BuildInfo)
	}
	return "contractactions/" + Of(build)
}
