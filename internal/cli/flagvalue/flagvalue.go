// Package flagvalue has the types of the command's flags. They validate a value
// when it is parsed, so that the error names the flag.
package flagvalue

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Value is a flag that a function parses. It implements pflag.Value.
type Value[T any] struct {
	Target *T
	Kind   string // the placeholder in the help
	Parse  func(text string) (T, error)
	// Choices are the possible values, for completion; nil if there is no list.
	// Several reports whether a value can have several, separated by commas.
	Choices []string
	Several bool
}

// Set implements pflag.Value.
func (v Value[T]) Set(text string) error {
	value, err := v.Parse(text)
	if err == nil {
		*v.Target = value
	}
	return err
}

// String implements pflag.Value.
func (v Value[T]) String() string { return fmt.Sprint(*v.Target) }

// Type implements pflag.Value.
func (v Value[T]) Type() string { return v.Kind }

// Completions returns the values that the beginning of one can become.
func (v Value[T]) Completions(beginning string) []string {
	if !v.Several {
		return v.Choices
	}
	before := beginning[:strings.LastIndexByte(beginning, ',')+1]
	var all []string
	for _, choice := range v.Choices {
		if !slices.Contains(strings.Split(before, ","), choice) {
			all = append(all, before+choice)
		}
	}
	return all
}

// AtLeast accepts integers from least.
func AtLeast(target *int, least int) Value[int] { return Int(target, least, math.MaxInt) }

// Int accepts integers from least to most.
func Int(target *int, least, most int) Value[int] {
	allowed := fmt.Sprintf("use a whole number from %d to %d", least, most)
	if most == math.MaxInt {
		allowed = fmt.Sprintf("use a whole number, %d or more", least)
	}
	return Value[int]{Target: target, Kind: "N", Parse: func(text string) (int, error) {
		number, err := strconv.Atoi(text)
		if err != nil || number < least || number > most {
			return 0, errors.New(allowed)
		}
		return number, nil
	}}
}

// Actions accepts the size of a generated account. All its contract actions are
// in memory, hence the limit.
func Actions(target *int) Value[int] { return Int(target, 0, 1_000_000) }

// Uint64 accepts integers from 0.
func Uint64(target *uint64) Value[uint64] {
	return Value[uint64]{Target: target, Kind: "N", Parse: func(text string) (uint64, error) {
		number, err := strconv.ParseUint(text, 10, 64)
		if err != nil {
			return 0, errors.New("use a whole number, 0 or more")
		}
		return number, nil
	}}
}

// Choice returns the choice that a text names, in upper or lower case, and whether
// there is one.
func Choice(choices []string, text string) (choice string, found bool) {
	text = strings.TrimSpace(text)
	at := slices.IndexFunc(choices, func(choice string) bool { return strings.EqualFold(choice, text) })
	if at < 0 {
		return "", false
	}
	return choices[at], true
}

// OneOf accepts one of the choices, in upper or lower case.
func OneOf(target *string, kind string, choices ...string) Value[string] {
	return Value[string]{Target: target, Kind: kind, Choices: choices, Parse: func(text string) (string, error) {
		choice, found := Choice(choices, text)
		if !found {
			return "", errors.New("use one of: " + strings.Join(choices, ", "))
		}
		return choice, nil
	}}
}

// StringList is the value of a flag that takes several strings, separated by
// commas.
type StringList []string

// String joins the strings with commas.
func (l StringList) String() string { return strings.Join(l, ",") }

// SomeOf accepts some of the choices, separated by commas, in upper or lower
// case. The flag can be repeated.
func SomeOf(target *StringList, kind string, choices []string) Value[StringList] {
	return Value[StringList]{Target: target, Kind: kind, Choices: choices, Several: true, Parse: func(text string) (StringList, error) {
		chosen := slices.Clone(*target)
		for part := range strings.SplitSeq(text, ",") {
			choice, found := Choice(choices, part)
			if !found {
				return nil, errors.New("use one or more of: " + strings.Join(choices, ", "))
			}
			if !slices.Contains(chosen, choice) {
				chosen = append(chosen, choice)
			}
		}
		return chosen, nil
	}}
}

// NotEmpty accepts any text except the empty one, which is the value in a shell of
// a variable that is not set. Using the default then would be a surprise.
func NotEmpty(target *string, kind string) Value[string] {
	return Value[string]{Target: target, Kind: kind, Parse: func(text string) (string, error) {
		if text == "" {
			return "", errors.New("the value is empty: set one, or omit the flag")
		}
		return text, nil
	}}
}

// FileName accepts the name of a file that later runs continue.
func FileName(target *string, kind string) Value[string] {
	value := NotEmpty(target, kind)
	notEmpty := value.Parse
	value.Parse = func(text string) (string, error) {
		if text == "-" {
			return "", errors.New("- is standard output, which cannot be continued: use the name of a file")
		}
		return notEmpty(text)
	}
	return value
}

// Scopes are OAuth scopes.
type Scopes []string

// String joins the scopes with spaces, as TALKDESK_SCOPE has them.
func (s Scopes) String() string { return strings.Join(s, " ") }

// ScopeList accepts scopes, separated by commas or spaces. The flag can be
// repeated. It does not check the characters of a scope.
func ScopeList(target *Scopes) Value[Scopes] {
	return Value[Scopes]{Target: target, Kind: "SCOPE", Parse: func(text string) (Scopes, error) {
		scopes := strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ' ' })
		if len(scopes) == 0 {
			return nil, errors.New("the value is empty: name a scope, or omit the flag")
		}
		return append(slices.Clone(*target), scopes...), nil
	}}
}

// Duration is a time span. The help shows no default for zero.
type Duration time.Duration

// String formats the time span; zero is empty.
func (d Duration) String() string {
	if d == 0 {
		return ""
	}
	return time.Duration(d).String()
}

// Positive accepts time spans longer than zero.
func Positive(target *Duration) Value[Duration] {
	return Value[Duration]{Target: target, Kind: "DURATION", Parse: func(text string) (Duration, error) {
		span, err := time.ParseDuration(text)
		if err != nil || span <= 0 {
			return 0, errors.New("use a duration such as 30s or 5m")
		}
		return Duration(span), nil
	}}
}

// Rate is a number of requests per second, and how many can be sent at once. The
// help shows no default for zero.
type Rate struct {
	PerSecond float64
	Burst     int
}

// String formats the rate as [ParseRate] takes it; zero is empty.
func (r Rate) String() string {
	if r == (Rate{}) {
		return ""
	}
	return fmt.Sprintf("%v:%d", r.PerSecond, r.Burst)
}

// RateLimit accepts what [ParseRate] does.
func RateLimit(target *Rate) Value[Rate] {
	return Value[Rate]{Target: target, Kind: "RATE", Parse: ParseRate}
}

// ParseRate parses a rate such as 2, 0.5 or 2:10. Without a burst, as many requests
// can be sent at once as in one second, and at least one.
func ParseRate(text string) (Rate, error) {
	number, burst, hasBurst := strings.Cut(text, ":")
	perSecond, err := strconv.ParseFloat(number, 64)
	rate := Rate{perSecond, int(max(1, math.Ceil(min(perSecond, math.MaxInt32))))}
	if hasBurst && err == nil {
		rate.Burst, err = strconv.Atoi(burst)
	}
	if err != nil || !(perSecond > 0) || math.IsInf(perSecond, 0) || rate.Burst < 1 {
		return Rate{}, errors.New("use requests per second, such as 2 or 0.5, or with a burst, such as 2:10")
	}
	return rate, nil
}
