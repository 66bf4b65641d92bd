package sandbox

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"

	"github.com/talkdesk-express/contractactions/gen"
)

const (
	// defaultPerPage is the default of the general guide.
	defaultPerPage = 50
	// maxPerPage is the sandbox's own choice: no maximum is documented.
	maxPerPage = 1000

	mustBeWholeNumber = "must be a whole number, given once"
)

// actionsHandler implements the contract's operations.
type actionsHandler struct {
	accounts *accounts
}

// newActionsHandler puts the generated routing and binding of parameters in
// front of the implementation.
func newActionsHandler(accounts *accounts, contract *contract) http.Handler {
	strict := gen.NewStrictHandlerWithOptions(&actionsHandler{accounts},
		[]gen.StrictMiddlewareFunc{passListURL},
		gen.StrictHTTPServerOptions{ResponseErrorHandlerFunc: contract.sendDefect})
	return gen.HandlerWithOptions(strict, gen.StdHTTPServerOptions{ErrorHandlerFunc: sendUnboundParameter})
}

// listURLKey is the context's key for the URL of the list, without a query.
type listURLKey struct{}

// passListURL makes the URL available to the operation, which otherwise sees
// nothing of the HTTP request but needs its origin for links.
func passListURL(next gen.StrictHandlerFunc, _ string) gen.StrictHandlerFunc {
	return func(ctx context.Context, w http.ResponseWriter, r *http.Request, request any) (any, error) {
		return next(context.WithValue(ctx, listURLKey{}, origin(r)+r.URL.EscapedPath()), w, r, request)
	}
}

// sendUnboundParameter refuses a parameter that the generated code cannot
// take, such as one that is given twice.
func sendUnboundParameter(w http.ResponseWriter, _ *http.Request, err error) {
	field := gen.ErrorField{Name: "request", Description: err.Error()}
	if format := new(gen.InvalidParamFormatError); errors.As(err, &format) {
		field = gen.ErrorField{Name: format.ParamName, Description: mustBeWholeNumber}
	}
	sendBadRequest(w, []gen.ErrorField{field})
}

// ListContractActions implements [gen.StrictServerInterface].
func (h *actionsHandler) ListContractActions(ctx context.Context, request gen.ListContractActionsRequestObject) (gen.ListContractActionsResponseObject, error) {
	if fields := checkPaging(request.Params); len(fields) > 0 {
		return gen.ListContractActions400JSONResponse{
			BadRequestJSONResponse: gen.BadRequestJSONResponse(badRequest(fields)),
		}, nil
	}
	number, size := valueOr(request.Params.Page, 1), valueOr(request.Params.PerPage, defaultPerPage)
	actions, total, ok := h.accounts.slice(request.AccountID, offsetOf(number, size), size)
	if !ok {
		return gen.ListContractActions403JSONResponse{
			ForbiddenJSONResponse: gen.ForbiddenJSONResponse(forbiddenAccount()),
		}, nil
	}

	list := pagedList{
		total: total,
		size:  size,
		// A client that asked for a size gets links with that size.
		linksNameSize: request.Params.PerPage != nil,
	}
	list.url, _ = ctx.Value(listURLKey{}).(string)
	return gen.ListContractActions200JSONResponse{
		ContractActionsJSONResponse: gen.ContractActionsJSONResponse(list.page(number, actions)),
	}, nil
}

func checkPaging(params gen.ListContractActionsParams) []gen.ErrorField {
	var fields []gen.ErrorField
	if params.Page != nil && *params.Page < 1 {
		fields = append(fields, gen.ErrorField{Name: "page", Description: "must be 1 or more"})
	}
	if params.PerPage != nil && (*params.PerPage < 1 || *params.PerPage > maxPerPage) {
		fields = append(fields, gen.ErrorField{
			Name:        "per_page",
			Description: fmt.Sprintf("must be between 1 and %d", maxPerPage),
		})
	}
	return fields
}

func forbiddenAccount() gen.ErrorBody {
	description := "The account does not exist, or the client has no access to it."
	return gen.ErrorBody{
		Code:        "forbidden",
		Message:     "Access to this account is not allowed.",
		Description: &description,
	}
}

// pagedList knows where the pages of a list are.
type pagedList struct {
	url           string
	total         int
	size          int
	linksNameSize bool
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

func (l pagedList) link(number int) *gen.Link {
	query := url.Values{"page": {strconv.Itoa(number)}}
	if l.linksNameSize {
		query.Set("per_page", strconv.Itoa(l.size))
	}
	href := l.url + "?" + query.Encode()
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

func valueOr(pointer *int, fallback int) int {
	if pointer == nil {
		return fallback
	}
	return *pointer
}
