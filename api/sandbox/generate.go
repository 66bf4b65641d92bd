package sandbox

import (
	"hash/fnv"
	"math/rand/v2"
	"strconv"
	"time"

	"github.com/talkdesk-express/contractactions/gen"
)

// The reference page's example action, from which generated ones go on.
const firstActionID = 123245132132

var firstCreatedAt = time.Date(2022, time.March, 10, 16, 15, 50, 0, time.UTC)

// generate makes up n actions. The same arguments give the same actions.
func generate(seed uint64, accountID string, n int) []gen.ContractAction {
	random := rand.New(rand.NewPCG(seed, hashOf(accountID)))
	types := shuffledRounds(random, gen.ContractActionTypeNEWTDE, gen.ContractActionTypeAMENDTDE,
		gen.ContractActionTypeCANCELTDE)
	statuses := shuffledRounds(random, gen.ContractActionStatusCREATED, gen.ContractActionStatusINPROGRESS,
		gen.ContractActionStatusCOMPLETED, gen.ContractActionStatusFAILED)

	actions := make([]gen.ContractAction, 0, max(n, 0))
	created := firstCreatedAt
	for i := range n {
		status := statuses()
		actions = append(actions, gen.ContractAction{
			ID:            strconv.Itoa(firstActionID + i),
			ActionType:    types(),
			Quantity:      randomQuantity(random),
			Status:        status,
			StatusMessage: statusMessages[status],
			CreatedAt:     created,
			UpdatedAt:     created.Add(randomAge(random, status)),
		})
		created = created.Add(randomSeconds(random, 6*time.Hour))
	}
	return actions
}

func hashOf(text string) uint64 {
	hash := fnv.New64a()
	_, _ = hash.Write([]byte(text))
	return hash.Sum64()
}

// shuffledRounds returns a function that gives each of the values once, in
// random order, before it gives any of them again. Even small accounts have
// something of everything that way.
func shuffledRounds[T any](random *rand.Rand, values ...T) func() T {
	next := len(values)
	return func() T {
		if next == len(values) {
			random.Shuffle(len(values), func(i, j int) { values[i], values[j] = values[j], values[i] })
			next = 0
		}
		value := values[next]
		next++
		return value
	}
}

// randomQuantity leaves the optional quantity out one time in ten.
func randomQuantity(random *rand.Rand) *int32 {
	if random.IntN(10) == 0 {
		return nil
	}
	quantity := 1 + random.Int32N(250)
	return &quantity
}

// randomAge is how long after its creation an action got its status.
func randomAge(random *rand.Rand, status gen.ContractActionStatus) time.Duration {
	switch status {
	case gen.ContractActionStatusCREATED:
		return 0
	case gen.ContractActionStatusINPROGRESS:
		return randomSeconds(random, time.Hour)
	default:
		return randomSeconds(random, 24*time.Hour)
	}
}

// randomSeconds is at least a second and at most the longest given.
func randomSeconds(random *rand.Rand, longest time.Duration) time.Duration {
	return time.Duration(1+random.Int64N(int64(longest/time.Second))) * time.Second
}
