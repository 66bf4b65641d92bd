package sandbox

import (
	"context"
	"maps"
	"net/http"
	"strconv"

	"github.com/talkdesk-express/contractactions/gen"
)

// operations implements the operations of the contract.
type operations struct {
	accounts *accounts
}

// newOperations returns the implementation behind the generated routing and
// parameter binding.
func newOperations(accounts *accounts, contract *contract) http.Handler {
	strict := gen.NewStrictHandlerWithOptions(&operations{accounts}, nil,
		gen.StrictHTTPServerOptions{ResponseErrorHandlerFunc: contract.sendDefect})
	return gen.HandlerWithOptions(strict, gen.StdHTTPServerOptions{ErrorHandlerFunc: contract.sendDefect})
}

// ListContractActions implements [gen.StrictServerInterface]. The request has
// passed checkRequests, which sets the defaults of the contract.
func (h *operations) ListContractActions(ctx context.Context, request gen.ListContractActionsRequestObject) (gen.ListContractActionsResponseObject, error) {
	params := request.Params
	selected := selection{order: *params.OrderBy}
	if params.Filter != nil {
		matches, err := parseFilter(*params.Filter)
		if err != nil {
			invalid := invalidParameters(gen.ErrorField{Name: "filter", Description: err.Error()})
			return gen.ListContractActions400JSONResponse{
				BadRequestJSONResponse: gen.BadRequestJSONResponse(invalid.body),
			}, nil
		}
		selected.expression, selected.matches = *params.Filter, matches
	}

	list := newPagedList(ctx, *params.Page, *params.PerPage, 0)
	actions, total := h.accounts.page(request.AccountID, selected, list.offset(), list.size)
	list.total = total
	return gen.ListContractActions200JSONResponse{ContractActionsJSONResponse: gen.ContractActionsJSONResponse{
		Count:      new(len(actions)),
		Page:       &list.number,
		PerPage:    &list.size,
		Total:      &list.total,
		TotalPages: new(list.lastPage()),
		Embedded:   &gen.ContractActionPageEmbedded{ContractActions: actions},
		Links:      list.links(),
	}}, nil
}

// pagedList is one page of a list.
type pagedList struct {
	url                 listURL
	number, size, total int
}

func newPagedList(ctx context.Context, number, size, total int) pagedList {
	url, _ := ctx.Value(listURLKey{}).(listURL)
	return pagedList{url: url, number: number, size: size, total: total}
}

// lastPage is also the number of pages. An empty list has one page.
func (l pagedList) lastPage() int {
	return max(1, (l.total+l.size-1)/l.size)
}

func (l pagedList) links() *gen.PageLinks {
	last := l.lastPage()
	links := &gen.PageLinks{First: l.link(1), Last: l.link(last), Self: l.link(l.number)}
	if l.number > 1 {
		links.Prev = l.link(min(l.number-1, last))
	}
	if l.number < last {
		links.Next = l.link(l.number + 1)
	}
	return links
}

// link keeps all parameters that the client sent, except for the page.
func (l pagedList) link(number int) *gen.Link {
	query := maps.Clone(l.url.query)
	query.Set("page", strconv.Itoa(number))
	href := l.url.base + "?" + query.Encode()
	return &gen.Link{Href: &href}
}

// offset returns the position of the page's first item. It does not overflow for
// large page numbers.
func (l pagedList) offset() int {
	const beyondEveryList = 1 << 40
	if l.number > beyondEveryList/l.size {
		return beyondEveryList
	}
	return (l.number - 1) * l.size
}
