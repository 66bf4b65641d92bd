package config

import (
	"os"
	"slices"
)

// source is a place that variables come from.
type source struct {
	name   string // for people
	lookup func(variable string) string
}

// sources are all places, the first of which wins.
type sources []source

// overridden are the variables of lower sources that a variable overrides
// besides itself. Settings that depend on each other are not mixed: a region
// would have no effect beside an address from a lower source, and a secret would
// conflict with a key.
var overridden = map[string][]string{
	"TALKDESK_REGION":  {"TALKDESK_BASE_URL", "TALKDESK_TOKEN_URL"},
	"TALKDESK_ACCOUNT": {"TALKDESK_TOKEN_URL"},
	secretVariable:     credentials,
	commandVariable:    credentials,
	keyVariable:        credentials,
	keyFileVariable:    credentials,
}

var credentials = []string{secretVariable, commandVariable, keyVariable, keyFileVariable, "TALKDESK_KEY_ID", "TALKDESK_KEY_ALGORITHM"}

// find returns a variable's value and the name of its source; both are empty if
// it is not set.
func (s sources) find(variable string) (value, from string) {
	for _, source := range s {
		if value := source.lookup(variable); value != "" {
			return value, source.name
		}
		for winner, losers := range overridden {
			if slices.Contains(losers, variable) && source.lookup(winner) != "" {
				return "", ""
			}
		}
	}
	return "", ""
}

// flagOf has the flags that set variables.
var flagOf = map[string]string{
	"TALKDESK_ACCOUNT":   "account",
	"TALKDESK_REGION":    "region",
	"TALKDESK_SCOPE":     "scope",
	"TALKDESK_BASE_URL":  "base-url",
	"TALKDESK_TOKEN_URL": "token-url",

	// Only auth login has the following ones.
	"TALKDESK_CLIENT_ID":     "client-id",
	commandVariable:          "secret-command",
	keyFileVariable:          "key-file",
	"TALKDESK_KEY_ID":        "key-id",
	"TALKDESK_KEY_ALGORITHM": "key-algorithm",
}

// The names of sources in which flags set variables.
const (
	theFlags  = "the flags"
	authLogin = "auth login"
)

// flagSource takes the variables that flags of the command set.
func flagSource(value func(flag string) string) source {
	return source{theFlags, func(variable string) string {
		if flag, ok := flagOf[variable]; ok {
			return value(flag)
		}
		return ""
	}}
}

func environmentSource() source { return source{"the environment", os.Getenv} }

func fileSource(name string, values map[string]string) source {
	return source{name, func(variable string) string { return values[variable] }}
}
