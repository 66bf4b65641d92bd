package sandbox

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/talkdesk-express/contractactions/gen"
)

// filter reports whether a contract action matches an expression.
type filter func(*gen.ContractAction) bool

// filterFields are the names of the fields that expressions can compare: those
// that are enumerations in the contract.
var filterFields = func() []string {
	var names []string
	for name, field := range fields {
		if field.Kind == gen.KindEnumeration {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}()

// maxFilterDepth bounds the recursion of the parser.
const maxFilterDepth = 100

// parseFilter parses an expression of this grammar, in which words are case
// sensitive and space between tokens is optional:
//
//	or         = and { "or" and }
//	and        = unary { "and" unary }
//	unary      = "not" unary | "(" or ")" | comparison
//	comparison = field "eq" value
//
// Errors state the position at which the expression is invalid.
func parseFilter(expression string) (filter, error) {
	p := &filterParser{expression: expression, tokens: filterToken.FindAllStringIndex(expression, -1)}
	if len(p.tokens) == 0 {
		return nil, errors.New("must not be empty")
	}
	parsed, err := p.or()
	if err == nil && p.peek() != "" {
		err = p.unexpected("and", "or", "the end")
	}
	return parsed, err
}

// filterToken matches a value with its quotes, a word, or any other character.
var filterToken = regexp.MustCompile(`'[^']*'|\w+|\S`)

type filterParser struct {
	expression string
	tokens     [][]int // not yet read: start and end in expression
	depth      int
}

func (p *filterParser) or() (filter, error) {
	terms, err := p.operands("or", p.and)
	return func(action *gen.ContractAction) bool {
		return slices.ContainsFunc(terms, func(term filter) bool { return term(action) })
	}, err
}

func (p *filterParser) and() (filter, error) {
	terms, err := p.operands("and", p.unary)
	return func(action *gen.ContractAction) bool {
		return !slices.ContainsFunc(terms, func(term filter) bool { return !term(action) })
	}, err
}

// operands parses one or more operands separated by the operator.
func (p *filterParser) operands(operator string, operand func() (filter, error)) ([]filter, error) {
	var terms []filter
	for {
		term, err := operand()
		if err != nil {
			return nil, err
		}
		terms = append(terms, term)
		if !p.accept(operator) {
			return terms, nil
		}
	}
}

func (p *filterParser) unary() (filter, error) {
	p.depth++
	defer func() { p.depth-- }()
	switch {
	case p.depth > maxFilterDepth:
		return nil, fmt.Errorf("%s: must not be nested more than %d deep", p.position(), maxFilterDepth)
	case p.accept("not"):
		negated, err := p.unary()
		return func(action *gen.ContractAction) bool { return !negated(action) }, err
	case p.accept("("):
		inner, err := p.or()
		if err == nil && !p.accept(")") {
			err = p.unexpected("and", "or", ")")
		}
		return inner, err
	default:
		return p.comparison()
	}
}

func (p *filterParser) comparison() (filter, error) {
	name := p.peek()
	if !slices.Contains(filterFields, name) {
		return nil, p.unexpected(append(slices.Clone(filterFields), "not", "(")...)
	}
	p.next()
	if !p.accept("eq") {
		return nil, p.unexpected("eq")
	}
	value := p.peek()
	if len(value) < 2 || !strings.HasPrefix(value, "'") {
		return nil, p.unexpected("a value in single quotes")
	}
	p.next()
	field, value := fields[name], value[1:len(value)-1]
	return func(action *gen.ContractAction) bool { return field.Value(action) == value }, nil
}

// peek returns the next token without reading it, or "" at the end.
func (p *filterParser) peek() string {
	if len(p.tokens) == 0 {
		return ""
	}
	return p.expression[p.tokens[0][0]:p.tokens[0][1]]
}

func (p *filterParser) next() { p.tokens = p.tokens[1:] }

// accept reads the next token if it is the given one.
func (p *filterParser) accept(token string) bool {
	if p.peek() != token {
		return false
	}
	p.next()
	return true
}

func (p *filterParser) unexpected(expected ...string) error {
	wanted := strings.Join(expected, ", ")
	if len(expected) > 1 {
		wanted = "one of " + wanted
	}
	found := fmt.Sprintf("%q", p.peek())
	switch p.peek() {
	case "":
		found = "the end"
	case "'":
		found = "a quote that is not closed"
	}
	return fmt.Errorf("%s: expected %s; found %s", p.position(), wanted, found)
}

// position describes where the next token is, counting characters from 1.
func (p *filterParser) position() string {
	before := p.expression
	if len(p.tokens) > 0 {
		before = p.expression[:p.tokens[0][0]]
	}
	return fmt.Sprintf("at character %d", utf8.RuneCountInString(before)+1)
}
