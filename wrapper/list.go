package wrapper

import (
	"errors"
	"fmt"
)

// ListOption changes one listing.
type ListOption func(*listOptions) error

type listOptions struct {
	perPage  *int
	from     string
	maxPages int // 0: no limit
	prefetch bool

	concurrency int // of PagesOf and ActionsOf
}

func newListOptions(options []ListOption) (listOptions, error) {
	all := listOptions{prefetch: true, concurrency: 8}
	for _, option := range options {
		if option == nil {
			return all, errors.New("an option of the listing is nil")
		}
		if err := option(&all); err != nil {
			return all, err
		}
	}
	return all, nil
}

// PerPage asks for n contract actions on each page. Without it the service
// decides; its default is 50 (source: the vendor's paging guide). It is only
// sent with the first request, since links carry what the service wants.
func PerPage(n int) ListOption {
	return func(options *listOptions) error {
		if n < 1 {
			return fmt.Errorf("PerPage(%d): a page holds at least one", n)
		}
		options.perPage = &n
		return nil
	}
}

// From starts at a link instead of the first page: the Next of a [Page] that
// was read before, perhaps by another process. Empty means the first page;
// a list whose last page was read has an empty Next and nothing to resume.
//
// The link of another account is refused, as is one out of the API's origin.
// A listing that starts in the middle cannot check how many contract actions
// the whole list has.
func From(next string) ListOption {
	return func(options *listOptions) error {
		options.from = next
		return nil
	}
}

// MaxPages ends the listing after n pages. That there are more is no error.
func MaxPages(n int) ListOption {
	return func(options *listOptions) error {
		if n < 1 {
			return fmt.Errorf("MaxPages(%d): at least one", n)
		}
		options.maxPages = n
		return nil
	}
}

// NoPrefetch fetches each page only when the caller asks for it. Without it
// the next page is fetched while the caller works on the current one.
func NoPrefetch() ListOption {
	return func(options *listOptions) error {
		options.prefetch = false
		return nil
	}
}

// Concurrency is how many accounts [Client.PagesOf] and [Client.ActionsOf] list
// at a time. The default is 8. It means nothing for one account.
func Concurrency(n int) ListOption {
	return func(options *listOptions) error {
		if n < 1 {
			return fmt.Errorf("Concurrency(%d): at least one account at a time", n)
		}
		options.concurrency = n
		return nil
	}
}
