package main

import (
	"fmt"
	"net/http"
	"strconv"
	"time"
)

// conditions are how lists are served. They travel in the path in front of
// the operation's, so that the server keeps no state and a client need not
// know of them.
type conditions struct {
	pages, size int
	latency     time.Duration // before each answer
	gzip        bool
	together    int // requests that are waited for before the first answer
}

const conditionsFormat = "pages=%d,size=%d,latency=%dns,gzip=%t,together=%d"

func (c conditions) String() string {
	return fmt.Sprintf(conditionsFormat, c.pages, c.size, c.latency.Nanoseconds(), c.gzip, c.together)
}

func parseConditions(text string) (c conditions, err error) {
	_, err = fmt.Sscanf(text, conditionsFormat, &c.pages, &c.size, &c.latency, &c.gzip, &c.together)
	return c, err
}

// list returns the list of an account under these conditions.
func (c conditions) list(account int) listing {
	return listing{account: account, pages: c.pages, size: c.size}
}

// lists returns those of the accounts from 0 on.
func (c conditions) lists(accounts int) []listing {
	lists := make([]listing, accounts)
	for account := range lists {
		lists[account] = c.list(account)
	}
	return lists
}

// request is what one page was asked for with.
type request struct {
	conditions
	list   listing
	base   string
	number int
}

func parseRequest(r *http.Request) (request, error) {
	conditions, err := parseConditions(r.PathValue("conditions"))
	if err != nil {
		return request{}, fmt.Errorf("conditions: %w", err)
	}
	account, err := strconv.ParseInt(r.PathValue("account"), 16, 64)
	if err != nil {
		return request{}, fmt.Errorf("account: %w", err)
	}
	number := 1
	if page := r.URL.Query().Get("page"); page != "" {
		if number, err = strconv.Atoi(page); err != nil || number < 1 || number > conditions.pages {
			return request{}, fmt.Errorf("no page %q", page)
		}
	}
	scheme := "http://"
	if r.TLS != nil {
		scheme = "https://"
	}
	return request{conditions, conditions.list(int(account)), scheme + r.Host + "/" + r.PathValue("conditions"), number}, nil
}

func (r request) answer(w http.ResponseWriter, page []byte) {
	if r.latency > 0 {
		time.Sleep(r.latency)
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Length", strconv.Itoa(len(page)))
	if r.gzip {
		w.Header().Set("Content-Encoding", "gzip")
	}
	w.Write(page)
}
