package main

import (
	"encoding/json"
	"testing"

	"github.com/talkdesk-express/contractactions/gen"
)

func TestNoIDComesTwice(t *testing.T) {
	seen := map[string]bool{}
	for account := range 5 {
		list := listing{account: account, pages: 3, size: 4}
		for number := range list.pages {
			var page gen.ContractActionPage
			if err := json.Unmarshal(list.page("http://localhost", number+1), &page); err != nil {
				t.Fatal(err)
			}
			for _, action := range page.Embedded.ContractActions {
				if seen[action.ID] {
					t.Errorf("%s comes twice", action.ID)
				}
				seen[action.ID] = true
			}
		}
	}
	if len(seen) != 5*3*4 {
		t.Errorf("%d contract actions", len(seen))
	}
}

func TestConditionsTravelInThePath(t *testing.T) {
	for _, want := range []conditions{
		{},
		{pages: 200, size: 50},
		{pages: 1, size: 1000, latency: 5_000_000, gzip: true, together: 64},
	} {
		t.Run(want.String(), func(t *testing.T) {
			if got, err := parseConditions(want.String()); err != nil || got != want {
				t.Errorf("got %+v, %v", got, err)
			}
		})
	}
}
