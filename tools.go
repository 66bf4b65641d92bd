//go:build tools

package contractactions

// The generator is pinned in go.mod through this import, so that everybody
// generates with the same version.
import _ "github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen"
