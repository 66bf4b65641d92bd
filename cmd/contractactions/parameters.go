package main

import (
	"fmt"
	"math"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/spf13/pflag"
)

// parameter is the schema of a query parameter of the list operation.
func (c *contract) parameter(name string) *openapi3.Schema {
	return c.parameters.GetByInAndName(openapi3.ParameterInQuery, name).Schema.Value
}

// queryParameters are the names of the operation's query parameters.
func (c *contract) queryParameters() []string {
	var found []string
	for _, parameter := range c.parameters {
		if parameter.Value.In == openapi3.ParameterInQuery {
			found = append(found, parameter.Value.Name)
		}
	}
	return found
}

// addPerPageFlag adds --per-page, with the range that the contract allows.
func addPerPageFlag(flags *pflag.FlagSet, value *int) {
	most, usage := math.MaxInt, "number of contract actions per page"
	if maximum := listContract().parameter("per_page").Max; maximum != nil {
		most = int(*maximum)
		usage += fmt.Sprintf(", 1 to %d (the default)", most)
	}
	flags.Var(wholeNumber(value, 1, most), "per-page", usage)
}

// addOrderByFlag adds --order-by, with the contract's orders.
func addOrderByFlag(flags *pflag.FlagSet, value *string) {
	var orders []string
	for _, order := range listContract().parameter("order_by").Enum {
		orders = append(orders, fmt.Sprint(order))
	}
	flags.Var(oneOf(value, "ORDER", orders...), "order-by",
		"request the list in this order and print it as it arrives: "+strings.Join(orders, ", "))
}
