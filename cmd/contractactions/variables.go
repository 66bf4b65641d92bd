package main

import (
	"cmp"
	"fmt"
	"os"
	"slices"
	"strings"
)

// layer is a place that variables come from.
type layer struct {
	name   string // for people
	lookup func(name string) string
}

// variables are the layers, the first of which wins.
type variables []layer

// displaced are the variables that give way when a layer above sets one. What
// belongs together is never mixed: an address below would make a region above
// count for nothing, and a key below would get into the way of a secret above.
var displaced = map[string][]string{
	"TALKDESK_REGION":           {"TALKDESK_BASE_URL", "TALKDESK_TOKEN_URL"},
	"TALKDESK_ACCOUNT":          {"TALKDESK_TOKEN_URL"},
	"TALKDESK_CLIENT_SECRET":    {"TALKDESK_PRIVATE_KEY", "TALKDESK_PRIVATE_KEY_FILE", "TALKDESK_KEY_ID", "TALKDESK_KEY_ALGORITHM"},
	"TALKDESK_PRIVATE_KEY":      {"TALKDESK_CLIENT_SECRET", "TALKDESK_PRIVATE_KEY_FILE", "TALKDESK_KEY_ID", "TALKDESK_KEY_ALGORITHM"},
	"TALKDESK_PRIVATE_KEY_FILE": {"TALKDESK_CLIENT_SECRET", "TALKDESK_PRIVATE_KEY", "TALKDESK_KEY_ID", "TALKDESK_KEY_ALGORITHM"},
}

// get returns a variable's value; empty if it is not set.
func (v variables) get(name string) string {
	value, _ := v.find(name)
	return value
}

// find returns a variable's value and the name of the layer that it is from.
func (v variables) find(name string) (value, from string) {
	for _, layer := range v {
		if value := layer.lookup(name); value != "" {
			return value, layer.name
		}
		for winner, losers := range displaced {
			if slices.Contains(losers, name) && layer.lookup(winner) != "" {
				return "", ""
			}
		}
	}
	return "", ""
}

// explain says where the variables are from that an error names.
func (v variables) explain(err error) error {
	for _, name := range fileVariables {
		// With what wrapper puts after the name of a bad one.
		if _, from := v.find(name); from != "" && strings.Contains(err.Error(), name+": ") {
			return fmt.Errorf("%w (%s is from %s)", err, name, from)
		}
	}
	return err
}

// ofFlags is the layer of the flags in the command line.
func ofFlags(changed func(flag string) (value string)) layer {
	flags := map[string]string{
		"TALKDESK_ACCOUNT":   "account",
		"TALKDESK_REGION":    "region",
		"TALKDESK_SCOPE":     "scope",
		"TALKDESK_BASE_URL":  "base-url",
		"TALKDESK_TOKEN_URL": "token-url",
	}
	return layer{"the flags", func(name string) string {
		if flag, ok := flags[name]; ok {
			return changed(flag)
		}
		return ""
	}}
}

// ofEnvironment is the layer of the process's environment.
func ofEnvironment() layer { return layer{"the environment", os.Getenv} }

// ofFile is the layer of a file that has been read.
func ofFile(name string, values map[string]string) layer {
	return layer{name, func(name string) string { return values[name] }}
}

// accountIDs are the Express accounts that completion offers.
func (v variables) accountIDs() []string {
	var ids []string
	for id := range strings.SplitSeq(v.get("TALKDESK_ACCOUNT_IDS"), ",") {
		if id = strings.TrimSpace(id); id != "" {
			ids = append(ids, id)
		}
	}
	return ids
}

// region is the region by its name; wrapper's default if none is set.
func (v variables) region() string {
	return strings.ToLower(cmp.Or(v.get("TALKDESK_REGION"), "us"))
}
