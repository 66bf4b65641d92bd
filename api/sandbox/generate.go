package sandbox

import (
	"encoding/json"
	"hash/fnv"
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/talkdesk-express/contractactions/gen"
)

// The first action is the example of the reference page.
const firstActionID = 123245132132

var firstCreatedAt = time.Date(2022, time.March, 10, 16, 15, 50, 0, time.UTC)

// generate returns n actions, which depend only on the arguments.
func generate(seed uint64, accountID string, n int) []gen.ContractAction {
	random := rand.New(rand.NewPCG(seed, hashOf(accountID)))
	types := shuffledRounds(random, gen.ContractActionTypeValues())
	statuses := shuffledRounds(random, gen.ContractActionStatusValues())

	actions := make([]gen.ContractAction, 0, max(n, 0))
	created := firstCreatedAt
	for i := range n {
		status, actionType := statuses(), types()
		action := gen.ContractAction{
			ID:            strconv.Itoa(firstActionID + i),
			ActionType:    actionType,
			Quantity:      randomQuantity(random, actionType),
			Status:        status,
			StatusMessage: statusMessage(status),
			CreatedAt:     created,
			UpdatedAt:     randomUpdate(random, created, status),
		}
		addOtherFields(random, &action)
		actions = append(actions, action)
		created = randomLater(random, created, 6*time.Hour)
	}
	return actions
}

// moveTo moves all times, so that the latest update is at a time; not if that is
// zero.
func moveTo(latest time.Time, actions []gen.ContractAction) []gen.ContractAction {
	if latest.IsZero() || len(actions) == 0 {
		return actions
	}
	last := slices.MaxFunc(actions, func(a, b gen.ContractAction) int { return a.UpdatedAt.Compare(b.UpdatedAt) })
	distance := latest.Sub(last.UpdatedAt)
	for i := range actions {
		actions[i].CreatedAt, actions[i].UpdatedAt = actions[i].CreatedAt.Add(distance), actions[i].UpdatedAt.Add(distance)
	}
	return actions
}

func hashOf(text string) uint64 {
	hash := fnv.New64a()
	_, _ = hash.Write([]byte(text))
	return hash.Sum64()
}

// addOtherFields sets the fields that [generate] does not know, nine times in ten,
// to the example in the contract. Fields without an example are not set.
func addOtherFields(random *rand.Rand, action *gen.ContractAction) {
	others := make(map[string]any)
	for _, name := range otherFields() {
		if random.IntN(10) > 0 {
			others[name] = document().Components.Schemas["ContractAction"].Value.Properties[name].Value.Example
		}
	}
	if len(others) == 0 {
		return
	}
	// The tests of the contract show that examples are valid.
	encoded, _ := json.Marshal(others)
	_ = json.Unmarshal(encoded, action)
}

// otherFields returns the names of the fields with an example that [generate] does
// not know.
var otherFields = sync.OnceValue(func() []string {
	properties := maps.Clone(document().Components.Schemas["ContractAction"].Value.Properties)
	maps.DeleteFunc(properties, func(name string, property *openapi3.SchemaRef) bool {
		return slices.Contains(generatedFields, name) || property.Value.Example == nil
	})
	return slices.Sorted(maps.Keys(properties))
})

// generatedFields are the fields that [generate] knows.
var generatedFields = []string{"id", "action_type", "quantity", "status", "status_message", "created_at", "updated_at"}

// shuffledRounds returns a function that returns each of the values once, in random
// order, before it returns any of them again. So even small accounts contain every
// value.
func shuffledRounds[T any](random *rand.Rand, values []T) func() T {
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

// maxLicences is the largest number of licences of an account, according to a
// support article.
const maxLicences = 25

// randomQuantity returns a quantity as openapi.yaml documents it for the type, or
// nil: nine times in ten where the quantity is ignored, and otherwise one time in
// ten, because it is optional.
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

// randomUpdate returns when an action got its status.
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

// randomLater returns a time after the given moment, by about the longest wait at
// most. Half of the times have milliseconds, as in the vendor's document; the
// others are whole seconds, as on the reference page.
func randomLater(random *rand.Rand, moment time.Time, longest time.Duration) time.Time {
	seconds := 1 + random.Int64N(int64(longest/time.Second))
	later := moment.Truncate(time.Second).Add(time.Duration(seconds) * time.Second)
	if random.IntN(2) == 0 {
		return later
	}
	return later.Add(time.Duration(1+random.IntN(999)) * time.Millisecond)
}
