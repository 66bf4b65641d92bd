package main

import "testing"

func TestNobodyWinsByLeavingWorkOut(t *testing.T) {
	want := received{bytes: 100, actions: 3, sum: 7}
	tests := []struct {
		name string
		got  received
		good bool
	}{
		{"all bytes", received{bytes: 100}, true},
		{"a byte less", received{bytes: 99}, false},
		{"all contract actions", received{actions: 3, sum: 7}, true},
		{"a contract action less", received{actions: 2, sum: 7}, false},
		{"one with another content", received{actions: 3, sum: 8}, false},
		{"nothing", received{}, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if err := test.got.verify(want); (err == nil) != test.good {
				t.Errorf("got %v", err)
			}
		})
	}
}
