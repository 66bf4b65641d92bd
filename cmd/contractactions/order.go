package main

import (
	"cmp"
	"errors"
	"slices"
	"strings"
	"time"
)

// comparisons are by what can be sorted.
var comparisons = map[string]func(a, b record) int{
	"id":          func(a, b record) int { return compareIDs(a.ID, b.ID) },
	"account_id":  func(a, b record) int { return cmp.Compare(a.accountID, b.accountID) },
	"action_type": func(a, b record) int { return cmp.Compare(a.ActionType, b.ActionType) },
	"status":      func(a, b record) int { return cmp.Compare(a.Status, b.Status) },
	"quantity":    func(a, b record) int { return compareQuantities(a.Quantity, b.Quantity) },
	"created_at":  func(a, b record) int { return time.Time.Compare(a.CreatedAt, b.CreatedAt) },
	"updated_at":  func(a, b record) int { return time.Time.Compare(a.UpdatedAt, b.UpdatedAt) },
}

// order is a flag that takes names of fields, each with a - in front if the
// greatest comes first.
func order(value *names) checked[names] {
	return checked[names]{value, "FIELDS", func(text string) (names, error) {
		keys := strings.Split(text, ",")
		for _, key := range keys {
			if comparisons[strings.TrimPrefix(key, "-")] == nil {
				return nil, errors.New("give some of: id, account_id, action_type, status, quantity, created_at, updated_at; with a - in front, the greatest comes first")
			}
		}
		return keys, nil
	}}
}

// sortRecords sorts by the keys. What they leave open is in the order of the
// accounts' ids, and of one account in the service's: the same in each run.
func sortRecords(records []record, keys names) {
	slices.SortStableFunc(records, func(a, b record) int {
		for _, key := range keys {
			name, descending := strings.CutPrefix(key, "-")
			result := comparisons[name](a, b)
			if descending {
				result = -result
			}
			if result != 0 {
				return result
			}
		}
		return cmp.Compare(a.accountID, b.accountID)
	})
}

// compareIDs takes ids of digits for the numbers that they are.
func compareIDs(a, b string) int {
	if isDigits(a) && isDigits(b) {
		a, b = strings.TrimLeft(a, "0"), strings.TrimLeft(b, "0")
		return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b))
	}
	return cmp.Compare(a, b)
}

func isDigits(text string) bool {
	return text != "" && !strings.ContainsFunc(text, func(r rune) bool { return r < '0' || r > '9' })
}

// compareQuantities puts none before any.
func compareQuantities(a, b *int32) int {
	if a == nil || b == nil {
		return cmp.Compare(boolToInt(a != nil), boolToInt(b != nil))
	}
	return cmp.Compare(*a, *b)
}

func boolToInt(b bool) int {
	if b {
		return 1
	}
	return 0
}
