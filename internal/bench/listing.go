package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"github.com/talkdesk-express/contractactions/gen"
)

// listing is the whole list of one account. Its content follows from these
// numbers, so that the server can make it and the client's process knows what
// must have arrived.
type listing struct {
	account, pages, size int
	milliseconds         bool // whether times have them
}

// accountID looks like the vendor's.
func (l listing) accountID() string { return fmt.Sprintf("%024x", l.account) }

// path is the operation's.
func (l listing) path() string {
	return "/express/accounts/" + l.accountID() + "/contracts/actions"
}

// action returns the contract action at a position of the list. No two of any
// lists have the same id.
func (l listing) action(position int) gen.ContractAction {
	created := time.Date(2022, 3, 10, 16, 15, 50, 0, time.UTC).Add(time.Duration(position) * 61 * time.Second)
	if l.milliseconds {
		created = created.Add(123 * time.Millisecond)
	}
	action := gen.ContractAction{
		ID:            fmt.Sprintf("%05d%07d", l.account, position),
		ActionType:    [...]gen.ContractActionType{gen.ContractActionTypeNEWTDE, gen.ContractActionTypeAMENDTDE, gen.ContractActionTypeCANCELTDE}[position%3],
		Status:        gen.ContractActionStatusCREATED,
		StatusMessage: "Contract action created successfully.",
		CreatedAt:     created,
		UpdatedAt:     created.Add(time.Duration(position%7) * time.Minute),
	}
	if position%4 == 0 {
		action.Status, action.StatusMessage = gen.ContractActionStatusCOMPLETED, "Contract action completed."
	}
	if action.ActionType != gen.ContractActionTypeCANCELTDE {
		quantity := int32(1 + position%100)
		action.Quantity = &quantity
	}
	return action
}

// page renders the page with a number, counted from 1, of the list at base.
func (l listing) page(base string, number int) []byte {
	actions := make([]gen.ContractAction, l.size)
	for i := range actions {
		actions[i] = l.action((number-1)*l.size + i)
	}
	total := l.pages * l.size
	body := gen.ContractActionPage{
		Count:      &l.size,
		Page:       &number,
		PerPage:    &l.size,
		Total:      &total,
		TotalPages: &l.pages,
		Embedded:   &gen.ContractActionPageEmbedded{ContractActions: actions},
		Links:      l.links(base, number),
	}
	var rendered bytes.Buffer
	encoder := json.NewEncoder(&rendered)
	encoder.SetEscapeHTML(false) // few services do it to the links
	if err := encoder.Encode(body); err != nil {
		panic(err) // of a value made above
	}
	return rendered.Bytes()
}

func (l listing) links(base string, number int) *gen.PageLinks {
	link := func(number int) *gen.Link {
		if number < 1 || number > l.pages {
			return nil
		}
		href := base + l.path() + "?page=" + strconv.Itoa(number) + "&per_page=" + strconv.Itoa(l.size)
		return &gen.Link{Href: &href}
	}
	return &gen.PageLinks{First: link(1), Last: link(l.pages), Next: link(number + 1), Prev: link(number - 1), Self: link(number)}
}

// content is what must arrive of the list at base.
func (l listing) content(base string) received {
	var all consumer
	for position := range l.pages * l.size {
		action := l.action(position)
		all.action(action.ID, action.Quantity, action.CreatedAt)
	}
	for number := range l.pages {
		all.page(int64(len(l.page(base, number+1))))
	}
	return all.received
}
