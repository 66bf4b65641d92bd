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
		status, actionType := statuses(), types()
		actions = append(actions, gen.ContractAction{
			ID:            strconv.Itoa(firstActionID + i),
			ActionType:    actionType,
			Quantity:      randomQuantity(random, actionType),
			Status:        status,
			StatusMessage: statusMessages[status],
			CreatedAt:     created,
			UpdatedAt:     randomUpdate(random, created, status),
		})
		created = randomLater(random, created, 6*time.Hour)
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

// maxLicences is how many licences an account can have, says a support article.
const maxLicences = 25

// randomQuantity makes up what openapi.yaml documents for the type. It leaves
// the quantity out nine times in ten where it has no meaning, and otherwise one
// time in ten, because it is optional.
func randomQuantity(random *rand.Rand, actionType gen.ContractActionType) *int32 {
	hasMeaning := actionType != gen.ContractActionTypeCANCELTDE
	if isRare := random.IntN(10) == 0; isRare == hasMeaning {
		return nil
	}
	quantity := 1 + random.Int32N(maxLicences)
	if actionType == gen.ContractActionTypeAMENDTDE && random.IntN(2) == 0 {
		quantity = -quantity
	}
	return &quantity
}

// randomUpdate is when an action got its status.
func randomUpdate(random *rand.Rand, created time.Time, status gen.ContractActionStatus) time.Time {
	switch status {
	case gen.ContractActionStatusCREATED:
		return created
	case gen.ContractActionStatusINPROGRESS:
		return randomLater(random, created, time.Hour)
	default:
		return randomLater(random, created, 24*time.Hour)
	}
}

// randomLater is after the given moment, by the longest wait at most. Every
// other time it has milliseconds, as in the vendor's document; otherwise it is
// a whole second, as on the reference page.
func randomLater(random *rand.Rand, moment time.Time, longest time.Duration) time.Time {
	seconds := 1 + random.Int64N(int64(longest/time.Second))
	later := moment.Truncate(time.Second).Add(time.Duration(seconds) * time.Second)
	if random.IntN(2) == 0 {
		return later
	}
	return later.Add(time.Duration(1+random.IntN(999)) * time.Millisecond)
}
