package sandbox

import (
	"context"
	"maps"
	"net/http"
	"strconv"

	"github.com/talkdesk-express/contractactions/gen"
)

// actionsHandler implements the contract's operations.
type actionsHandler struct {
	accounts *accounts
}

// newActionsHandler puts the generated routing and binding of parameters in
// front of the implementation.
func newActionsHandler(accounts *accounts, contract *contract) http.Handler {
	strict := gen.NewStrictHandlerWithOptions(&actionsHandler{accounts}, nil,
		gen.StrictHTTPServerOptions{ResponseErrorHandlerFunc: contract.sendDefect})
	return gen.HandlerWithOptions(strict, gen.StdHTTPServerOptions{ErrorHandlerFunc: contract.sendDefect})
}

// ListContractActions implements [gen.StrictServerInterface]. The request has
// passed checkRequests, which has set the contract's defaults.
func (h *actionsHandler) ListContractActions(ctx context.Context, request gen.ListContractActionsRequestObject) (gen.ListContractActionsResponseObject, error) {
	params := request.Params
	selected := selection{order: *params.OrderBy}
	if params.Filter != nil {
		matches, err := parseFilter(*params.Filter)
		if err != nil {
			refusal := invalidParameters(gen.ErrorField{Name: "filter", Description: err.Error()})
			return gen.ListContractActions400JSONResponse{
				BadRequestJSONResponse: gen.BadRequestJSONResponse(refusal.body),
			}, nil
		}
		selected.expression, selected.matches = *params.Filter, matches
	}

	number, size := *params.Page, *params.PerPage
	actions, total := h.accounts.page(request.AccountID, selected, offsetOf(number, size), size)
	list := pagedList{total: total, size: size}
	list.url, _ = ctx.Value(listURLKey{}).(listURL)
	return gen.ListContractActions200JSONResponse{
		ContractActionsJSONResponse: gen.ContractActionsJSONResponse(list.page(number, actions)),
	}, nil
}

// pagedList knows where the pages of a list are.
type pagedList struct {
	url   listURL
	total int
	size  int
}

func (l pagedList) page(number int, actions []gen.ContractAction) gen.ContractActionPage {
	count, last := len(actions), l.lastPage()
	return gen.ContractActionPage{
		Count:      &count,
		Page:       &number,
		PerPage:    &l.size,
		Total:      &l.total,
		TotalPages: &last,
		Embedded:   &gen.ContractActionPageEmbedded{ContractActions: actions},
		Links:      l.links(number),
	}
}

// lastPage is also the number of pages: an empty list has one, an empty one.
func (l pagedList) lastPage() int {
	return max(1, (l.total+l.size-1)/l.size)
}

func (l pagedList) links(number int) *gen.PageLinks {
	last := l.lastPage()
	links := &gen.PageLinks{First: l.link(1), Last: l.link(last), Self: l.link(number)}
	if number > 1 {
		links.Prev = l.link(min(number-1, last))
	}
	if number < last {
		links.Next = l.link(number + 1)
	}
	return links
}

// link keeps everything that the client asked for, except the page.
func (l pagedList) link(number int) *gen.Link {
	query := maps.Clone(l.url.query)
	query.Set("page", strconv.Itoa(number))
	href := l.url.base + "?" + query.Encode()
	return &gen.Link{Href: &href}
}

// offsetOf is the position of a page's first action. It does not overflow for
// numbers of pages that nobody has.
func offsetOf(number, size int) int {
	const beyondEveryList = 1 << 40
	if number > beyondEveryList/size {
		return beyondEveryList
	}
	return (number - 1) * size
}
