package serve

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/talkdesk-express/contractactions/api/sandbox"
	"github.com/talkdesk-express/contractactions/internal/cli/flagvalue"
)

// hostAndPort accepts an address to listen on.
func hostAndPort(target *string) flagvalue.Value[string] {
	return flagvalue.Value[string]{Target: target, Kind: "HOST:PORT", Parse: func(text string) (string, error) {
		_, port, err := net.SplitHostPort(text)
		if err == nil {
			_, err = strconv.ParseUint(port, 10, 16)
		}
		if err != nil {
			return "", errors.New("use a host and a port from 0 to 65535, such as 127.0.0.1:8080")
		}
		return text, nil
	}}
}

// clientURL accepts a URL that can be that of a sandbox.
func clientURL(target *string) flagvalue.Value[string] {
	return flagvalue.Value[string]{Target: target, Kind: "URL", Parse: func(text string) (string, error) {
		return text, sandbox.CheckURL(text)
	}}
}

// plainID accepts an id that can be pasted into a shell. It has no colon, which
// separates the id from the secret in HTTP Basic authentication.
func plainID(target *string) flagvalue.Value[string] {
	return flagvalue.Value[string]{Target: target, Kind: "ID", Parse: func(text string) (string, error) {
		if text == "" || strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r > '~' || r == ':' }) {
			return "", errors.New("use one or more printable ASCII characters, without spaces and colons")
		}
		return text, nil
	}}
}

// plainSecret accepts what RFC 6749, appendix A, allows as a secret.
func plainSecret(target *string) flagvalue.Value[string] {
	return flagvalue.Value[string]{Target: target, Kind: "SECRET", Parse: func(text string) (string, error) {
		if text == "" || strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r > '~' }) {
			return "", errors.New("use one or more printable ASCII characters")
		}
		return text, nil
	}}
}

// grantedScopes accepts scopes of which a token can have any (RFC 6749, section
// 3.3), separated by commas or spaces.
func grantedScopes(target *flagvalue.Scopes) flagvalue.Value[flagvalue.Scopes] {
	scopes := flagvalue.ScopeList(target)
	return flagvalue.Value[flagvalue.Scopes]{Target: target, Kind: scopes.Kind, Parse: func(text string) (flagvalue.Scopes, error) {
		if strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r > '~' || r == '"' || r == '\\' }) {
			return nil, errors.New(`a scope has printable ASCII characters other than " and \`)
		}
		return scopes.Parse(text)
	}}
}

// anyOrigin is the value of --cors for pages of every origin.
const anyOrigin = "any"

// origins accepts any, or origins (RFC 6454, section 6.1) separated by commas. The
// flag can be repeated.
func origins(target *flagvalue.StringList) flagvalue.Value[flagvalue.StringList] {
	return flagvalue.Value[flagvalue.StringList]{Target: target, Kind: "ORIGINS", Choices: []string{anyOrigin}, Parse: func(text string) (flagvalue.StringList, error) {
		chosen := slices.Clone(*target)
		for origin := range strings.SplitSeq(text, ",") {
			parsed, err := url.Parse(origin)
			if origin != anyOrigin && (err != nil || parsed.Hostname() == "" || strings.Contains(origin, "*") || origin != parsed.Scheme+"://"+parsed.Host) {
				return nil, errors.New("use any, or origins such as http://localhost:5173, separated by commas")
			}
			chosen = append(chosen, origin)
		}
		return chosen, nil
	}}
}

// failures are the values of --fail.
type failures []failure

type failure struct {
	status  int
	percent float64
}

// String is for the help, which shows no default.
func (failures) String() string { return "" }

// failureRates accepts a status and a percentage, such as 503:10%. The flag can be
// repeated.
func failureRates(target *failures) flagvalue.Value[failures] {
	return flagvalue.Value[failures]{Target: target, Kind: "STATUS:PERCENT", Parse: func(text string) (failures, error) {
		before, after, _ := strings.Cut(text, ":")
		status, err := strconv.Atoi(before)
		percent, percentErr := strconv.ParseFloat(strings.TrimSuffix(after, "%"), 64)
		if err != nil || percentErr != nil || status < 400 || status > 599 || !(percent > 0 && percent <= 100) {
			return nil, errors.New("use a status from 400 to 599 and a percentage, such as 503:10%")
		}
		all := append(slices.Clone(*target), failure{status, percent})
		total := 0.0
		for _, one := range all {
			total += one.percent
		}
		if total > 100 {
			return nil, fmt.Errorf("%g%% of the requests are to fail: use 100%% or less together", total)
		}
		return all, nil
	}}
}

// newest is the value of --until. The zero value has no effect.
type newest struct{ time.Time }

// String is for the help, which shows no default.
func (newest) String() string { return "" }

// endOfData accepts today, a date or a time. Today is the beginning of the day in
// UTC, so that the sandbox has the same data all day.
func endOfData(target *newest) flagvalue.Value[newest] {
	return flagvalue.Value[newest]{Target: target, Kind: "TIME", Choices: []string{"now", "today"}, Parse: func(text string) (newest, error) {
		switch text {
		case "now":
			return newest{time.Now()}, nil
		case "today":
			return newest{time.Now().UTC().Truncate(24 * time.Hour)}, nil
		}
		for _, layout := range []string{time.DateOnly, time.RFC3339} {
			if moment, err := time.Parse(layout, text); err == nil && moment.Year() >= 1970 && moment.Year() < 2200 {
				return newest{moment}, nil
			}
		}
		return newest{}, errors.New("use now, today, a date such as 2026-03-31, or a time such as 2026-03-31T12:00:00Z")
	}}
}
