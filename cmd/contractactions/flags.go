package main

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/talkdesk-express/contractactions/wrapper"
)

// checked is a flag whose value is checked as it is parsed, so that the error
// names the flag. It implements pflag.Value.
type checked[T any] struct {
	value *T
	kind  string // what the help shows in place of the value
	parse func(string) (T, error)
}

func (c checked[T]) Set(text string) error {
	value, err := c.parse(text)
	if err == nil {
		*c.value = value
	}
	return err
}

func (c checked[T]) String() string { return fmt.Sprint(*c.value) }

func (c checked[T]) Type() string { return c.kind }

// mostActions is how many contract actions a made-up account may have: they
// are all in memory.
const mostActions = 1_000_000

// numberOfActions is a flag that takes the size of a made-up account.
func numberOfActions(value *int) checked[int] { return wholeNumber(value, 0, mostActions) }

// atLeast is a flag that takes whole numbers, the least one or more.
func atLeast(value *int, least int) checked[int] { return wholeNumber(value, least, math.MaxInt) }

func wholeNumber(value *int, least, most int) checked[int] {
	allowed := fmt.Sprintf("give a whole number from %d to %d", least, most)
	if most == math.MaxInt {
		allowed = fmt.Sprintf("give a whole number, %d or more", least)
	}
	return checked[int]{value, "N", func(text string) (int, error) {
		number, err := strconv.Atoi(text)
		if err != nil || number < least || number > most {
			return 0, errors.New(allowed)
		}
		return number, nil
	}}
}

// seed is a flag that takes a seed of a random generator.
func seed(value *uint64) checked[uint64] {
	return checked[uint64]{value, "N", func(text string) (uint64, error) {
		number, err := strconv.ParseUint(text, 10, 64)
		if err != nil {
			return 0, errors.New("give a whole number, 0 or more")
		}
		return number, nil
	}}
}

// choice is a flag whose possible values are known: shells complete them.
type choice struct {
	checked[string]
	choices []string
}

// Choices are the possible values.
func (c choice) Choices() []string { return c.choices }

// oneOf is a flag that takes one of the choices.
func oneOf(value *string, kind string, choices ...string) choice {
	return choice{checked[string]{value, kind, func(text string) (string, error) {
		if !slices.Contains(choices, text) {
			return "", errors.New("give one of: " + strings.Join(choices, ", "))
		}
		return text, nil
	}}, choices}
}

// plainID is a flag that takes an id that can be pasted into a shell, and into
// HTTP Basic with any tool: many split the id from the secret at a colon.
func plainID(value *string) checked[string] {
	return checked[string]{value, "ID", func(text string) (string, error) {
		if text == "" || strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r > '~' || r == ':' }) {
			return "", errors.New("give one or more printable ASCII characters, without spaces and colons")
		}
		return text, nil
	}}
}

// notEmpty is a flag that takes any text but none. A shell makes none out of a
// variable that is not set, and a default in its place would be a surprise.
func notEmpty(value *string, kind string) checked[string] {
	return checked[string]{value, kind, func(text string) (string, error) {
		if text == "" {
			return "", errors.New("it is empty: give a value, or leave the flag out")
		}
		return text, nil
	}}
}

// scopes are OAuth scopes. Their text is that of TALKDESK_SCOPE.
type scopes []string

func (s scopes) String() string { return strings.Join(s, " ") }

// scopeList is a flag that takes scopes, separated by commas or spaces. It can be
// repeated. Whether they are valid is checked with the variable.
func scopeList(value *scopes) checked[scopes] {
	return checked[scopes]{value, "SCOPE", func(text string) (scopes, error) {
		given := strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ' ' })
		if len(given) == 0 {
			return nil, errors.New("it is empty: give a scope, or leave the flag out to request none")
		}
		return append(slices.Clone(*value), given...), nil
	}}
}

// regionName is a flag that takes the name of a region.
func regionName(value *string) choice {
	return choice{checked[string]{value, "REGION", func(text string) (string, error) {
		region, err := wrapper.ParseRegion(text)
		return string(region), err
	}}, []string{string(wrapper.US), string(wrapper.EU), string(wrapper.Canada)}}
}

// duration is the type of flags that take a time span. Its zero value shows as
// nothing, so that the help does not call it a default.
type duration time.Duration

func (d duration) String() string {
	if d == 0 {
		return ""
	}
	return time.Duration(d).String()
}

// timeSpan is a flag that takes a time span longer than nothing.
func timeSpan(value *duration) checked[duration] {
	return checked[duration]{value, "DURATION", func(text string) (duration, error) {
		span, err := time.ParseDuration(text)
		if err != nil || span <= 0 {
			return 0, errors.New("give a time span such as 30s or 5m")
		}
		return duration(span), nil
	}}
}
