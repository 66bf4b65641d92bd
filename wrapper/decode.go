package wrapper

import (
	"bytes"
	"io"
	"unicode/utf8"

	"github.com/go-faster/jx"

	"github.com/talkdesk-express/contractactions/gen"
)

// decodePage reads a page. Unknown fields and unknown enumeration values pass;
// whatever does not fit the contract's types is an error that names the item
// and the field. The page shares no memory with the body.
//
// The usual page is read here, straight into the generated types, many times
// faster than encoding/json would. Every other one is declined and left to
// encoding/json, which takes it or says what is wrong: so the code below has
// to be right about what it takes, and need not be complete.
func decodePage(body []byte) (*gen.ContractActionPage, error) {
	if page, ok := decodeUsual(body); ok {
		return page, nil
	}
	return decodeUnusual(body)
}

func decodeUsual(body []byte) (page *gen.ContractActionPage, ok bool) {
	if !agrees(body) {
		return nil, false
	}
	d := decoder{size: len(body)}
	d.json.ResetBytes(body)
	page = d.memory.newPage()
	ok = d.page(page) == nil && d.json.Skip() == io.EOF
	return page, ok
}

// agrees reports whether jx reads the body's strings as encoding/json does. It
// passes on bytes that are not UTF-8, and pairs escaped surrogates otherwise.
func agrees(body []byte) bool {
	return utf8.Valid(body) && !bytes.Contains(body, []byte(`\ud`)) && !bytes.Contains(body, []byte(`\uD`))
}

func (d *decoder) page(page *gen.ContractActionPage) error {
	return d.json.ObjBytes(func(_ *jx.Decoder, name []byte) error {
		switch string(name) {
		case "_embedded":
			return optional(d, &page.Embedded, &d.memory.embedded, d.embedded)
		case "_links":
			return optional(d, &page.Links, &d.memory.linkSets, d.links)
		case "count":
			return integer(d, &page.Count, &d.memory.counters)
		case "page":
			return integer(d, &page.Page, &d.memory.counters)
		case "per_page":
			return integer(d, &page.PerPage, &d.memory.counters)
		case "total":
			return integer(d, &page.Total, &d.memory.counters)
		case "total_pages":
			return integer(d, &page.TotalPages, &d.memory.counters)
		}
		return d.unknown(name)
	})
}

func (d *decoder) embedded(embedded *gen.Embedded) error {
	return d.json.ObjBytes(func(_ *jx.Decoder, name []byte) error {
		if string(name) == "contract_actions" {
			return d.actions(&embedded.ContractActions)
		}
		return d.unknown(name)
	})
}

func (d *decoder) actions(into *[]gen.ContractAction) error {
	if *into != nil {
		return errDeclined // encoding/json merges a second list into the first
	}
	const size = 160 // of an item; most are larger
	*into = make([]gen.ContractAction, 0, d.size/size)
	return d.json.Arr(func(*jx.Decoder) error {
		*into = append(*into, gen.ContractAction{})
		return d.action(&(*into)[len(*into)-1])
	})
}

func (d *decoder) action(action *gen.ContractAction) error {
	return d.json.ObjBytes(func(_ *jx.Decoder, name []byte) error {
		switch string(name) {
		case "action_type":
			return d.repeated((*string)(&action.ActionType))
		case "created_at":
			return d.time(&action.CreatedAt)
		case "id":
			return d.text(&action.ID)
		case "quantity":
			return integer(d, &action.Quantity, &d.memory.quantities)
		case "status":
			return d.repeated((*string)(&action.Status))
		case "status_message":
			return d.repeated(&action.StatusMessage)
		case "updated_at":
			return d.time(&action.UpdatedAt)
		}
		return d.unknown(name)
	})
}

func (d *decoder) links(links *gen.Links) error {
	return d.json.ObjBytes(func(_ *jx.Decoder, name []byte) error {
		switch string(name) {
		case "first":
			return optional(d, &links.First, &d.memory.links, d.link)
		case "last":
			return optional(d, &links.Last, &d.memory.links, d.link)
		case "next":
			return optional(d, &links.Next, &d.memory.links, d.link)
		case "prev":
			return optional(d, &links.Prev, &d.memory.links, d.link)
		case "self":
			return optional(d, &links.Self, &d.memory.links, d.link)
		}
		return d.unknown(name)
	})
}

func (d *decoder) link(link *gen.Link) error {
	return d.json.ObjBytes(func(_ *jx.Decoder, name []byte) error {
		if string(name) == "href" {
			return optional(d, &link.Href, &d.memory.addresses, d.text)
		}
		return d.unknown(name)
	})
}
