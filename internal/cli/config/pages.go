package config

import (
	"fmt"
	"math"

	"github.com/spf13/cobra"

	"github.com/talkdesk-express/contractactions/gen"
	"github.com/talkdesk-express/contractactions/internal/cli/flagvalue"
	"github.com/talkdesk-express/contractactions/wrapper"
)

// AddPageFlags adds the flags of a list of contract actions: --per-page and
// --max-pages. Zero is the default of either. See [PageOptions].
func AddPageFlags(command *cobra.Command, perPage, maxPages *int) {
	AddPerPageFlag(command, perPage, "contract actions", gen.ListContractActionsParameters())
	command.Flags().Var(flagvalue.AtLeast(maxPages, 1), "max-pages", "end each list after N pages")
}

// AddPerPageFlag adds --per-page, with the limit that the contract has for a list of
// these items, given the parameters of its operation.
func AddPerPageFlag(command *cobra.Command, perPage *int, items string, parameters []gen.Parameter) {
	most, usage := math.MaxInt, items+" per page"
	for _, parameter := range parameters {
		if parameter.Name == "per_page" && parameter.Maximum > 0 {
			most = parameter.Maximum
			usage += fmt.Sprintf(", at most %d", most)
		}
	}
	command.Flags().Var(flagvalue.Int(perPage, 1, most), "per-page", usage)
}

// PageOptions returns the options for the values of the flags.
func PageOptions(perPage, maxPages int) []wrapper.ListOption {
	var options []wrapper.ListOption
	if perPage > 0 {
		options = append(options, wrapper.PerPage(perPage))
	}
	if maxPages > 0 {
		options = append(options, wrapper.MaxPages(maxPages))
	}
	return options
}
