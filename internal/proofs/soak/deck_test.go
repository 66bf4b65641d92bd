package soak

import (
	"maps"
	"math/rand/v2"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/talkdesk-express/contractactions/api/sandbox"
)

// card is one way in which the service answers.
type card struct {
	kind  string
	count int // of it in a deck
	fault sandbox.Fault
}

// sound is the kind of an answer that nothing is wrong with.
const sound = "none"

const html = "<html><body>Bad Gateway</body></html>"

var (
	atOnce    = http.Header{"Retry-After": {"0"}}
	elsewhere = http.Header{"Location": {"https://login.example.com/"}}
)

var actionCards = []card{
	{sound, 350, sandbox.Fault{}},
	{"slow", 4, sandbox.Fault{Delay: 2 * time.Millisecond}},
	{"silent", 1, sandbox.Fault{Delay: 2 * attemptTimeout}},
	{"dropped", 4, sandbox.Fault{Drop: true}},
	{"body cut early", 4, sandbox.Fault{CutAfter: 1}},
	{"body cut late", 4, sandbox.Fault{CutAfter: 9000}},
	{"429, at once", 4, sandbox.Fault{Status: 429, Header: atOnce}},
	{"429, in an hour", 1, sandbox.Fault{Status: 429, Header: http.Header{"Retry-After": {"3600"}}}},
	{"500", 4, sandbox.Fault{Status: 500}},
	{"502 with HTML", 4, sandbox.Fault{Status: 502, Body: html}},
	{"503, at once", 4, sandbox.Fault{Status: 503, Header: atOnce}},
	{"504", 2, sandbox.Fault{Status: 504}},
	{"408", 2, sandbox.Fault{Status: 408}},
	{"400", 1, sandbox.Fault{Status: 400, Body: `{"code": "3110005", "message": "No."}`}},
	{"401", 1, sandbox.Fault{Status: 401}},
	{"403", 1, sandbox.Fault{Status: 403}},
	{"404", 1, sandbox.Fault{Status: 404, Body: html}},
	{"redirect elsewhere", 1, sandbox.Fault{Status: 302, Header: elsewhere}},
	{"200 with HTML", 1, sandbox.Fault{Body: html}},
	{"200 with half a body", 1, sandbox.Fault{Rewrite: func(body []byte) []byte { return body[:len(body)/2] }}},
	{"200 with a wrong type", 1, sandbox.Fault{Body: `{"_embedded": {"contract_actions": [{"id": 1}]}}`}},
}

var tokenCards = []card{
	{sound, 10, sandbox.Fault{}},
	{"token: slow", 1, sandbox.Fault{Delay: 5 * time.Millisecond}},
	{"token: silent", 1, sandbox.Fault{Delay: 2 * attemptTimeout}},
	{"token: dropped", 1, sandbox.Fault{Drop: true}},
	{"token: body cut", 1, sandbox.Fault{CutAfter: 10}},
	{"token: 429, at once", 1, sandbox.Fault{Status: 429, Header: atOnce}},
	{"token: 500 with HTML", 1, sandbox.Fault{Status: 500, Body: html}},
	{"token: 503, at once", 1, sandbox.Fault{Status: 503, Header: atOnce}},
	{"token: 400", 1, sandbox.Fault{Status: 400, Body: `{"error": "invalid_scope"}`}},
	{"token: 401", 1, sandbox.Fault{Status: 401, Body: `{"error": "invalid_client"}`}},
	{"token: redirect elsewhere", 1, sandbox.Fault{Status: 302, Header: elsewhere}},
	{"token: 200 with HTML", 1, sandbox.Fault{Body: html}},
}

// deck deals cards in a random order, and is shuffled anew when all are dealt:
// so even a short run sees every kind.
type deck struct {
	mutex  sync.Mutex
	random *rand.Rand
	cards  []card
	next   int
	dealt  map[string]int // by kind
}

func newDeck(random *rand.Rand, cards []card) *deck {
	d := &deck{random: random, dealt: map[string]int{}}
	for _, card := range cards {
		for range card.count {
			d.cards = append(d.cards, card)
		}
	}
	d.next = len(d.cards)
	return d
}

func (d *deck) deal() sandbox.Fault {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	if d.next == len(d.cards) {
		d.random.Shuffle(len(d.cards), func(i, j int) { d.cards[i], d.cards[j] = d.cards[j], d.cards[i] })
		d.next = 0
	}
	card := d.cards[d.next]
	d.next++
	d.dealt[card.kind]++
	return card.fault
}

// kinds returns how many cards of each kind have been dealt.
func (d *deck) kinds() map[string]int {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	return maps.Clone(d.dealt)
}

func TestADeckDealsEveryCardBeforeAnyComesAgain(t *testing.T) {
	for _, cards := range [][]card{actionCards, tokenCards} {
		deck := newDeck(rand.New(rand.NewPCG(1, 2)), cards)
		for round := 1; round <= 3; round++ {
			for range deck.cards {
				deck.deal()
			}
			for _, card := range cards {
				if got := deck.kinds()[card.kind]; got != round*card.count {
					t.Errorf("after %d rounds %q was dealt %d times, want %d", round, card.kind, got, round*card.count)
				}
			}
		}
	}
}
