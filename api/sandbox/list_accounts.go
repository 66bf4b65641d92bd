package sandbox

import (
	"cmp"
	"context"
	"hash/fnv"
	"slices"
	"strings"

	"github.com/talkdesk-express/contractactions/gen"
)

// ListAccounts implements [gen.StrictServerInterface]. The request has passed
// checkRequests, which sets the defaults of the contract.
func (h *operations) ListAccounts(ctx context.Context, request gen.ListAccountsRequestObject) (gen.ListAccountsResponseObject, error) {
	params := request.Params
	all := h.accounts.details()
	if *params.OrderBy == gen.AccountOrderIDDescending {
		slices.Reverse(all)
	}
	list := newPagedList(ctx, *params.Page, *params.PerPage, len(all))
	listed := all[min(list.offset(), len(all)):min(list.offset()+list.size, len(all))]
	return gen.ListAccounts200JSONResponse{AccountsJSONResponse: gen.AccountsJSONResponse{
		Count:      new(len(listed)),
		Page:       &list.number,
		PerPage:    &list.size,
		Total:      &list.total,
		TotalPages: new(list.lastPage()),
		Embedded:   &gen.AccountPageEmbedded{Accounts: listed},
		Links:      list.links(),
	}}, nil
}

// details returns copies of what the list of accounts has, by ascending id.
func (a *accounts) details() []gen.Account {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	all := make([]gen.Account, 0, len(a.byID))
	for _, account := range a.byID {
		if !account.isUnlisted {
			all = append(all, account.details.Clone())
		}
	}
	slices.SortFunc(all, func(a, b gen.Account) int { return cmp.Compare(a.ID, b.ID) })
	return all
}

// Names of companies that do not exist.
var companies = []string{
	"Acme Incorporated", "Globex Corporation", "Initech", "Umbrella Health", "Hooli", "Vandelay Industries",
	"Wonka Confectionery", "Stark Logistics", "Wayne Insurance", "Tyrell Robotics", "Cyberdyne Support", "Soylent Foods",
}

// generateDetails returns the same details for the same id. Most accounts are
// active.
func generateDetails(id string) gen.Account {
	hash := fnv.New32a()
	_, _ = hash.Write([]byte(id))
	chosen := int(hash.Sum32() >> 1)
	company := companies[chosen%len(companies)]
	first, _, _ := strings.Cut(company, " ")
	status := gen.AccountStatusACTIVE
	if others := gen.AccountStatusValues(); chosen/len(companies)%4 == 0 {
		status = others[chosen/len(companies)/4%len(others)]
	}
	return gen.Account{ID: id, Name: new(strings.ToLower(first) + "-" + id[max(0, len(id)-4):]), CompanyName: &company, Status: &status}
}
