package main

import "fmt"

// target is what the project promises itself, as a figure and its bound.
type target struct {
	text    string
	atLeast bool // otherwise at most
	bound   float64
	figure  func(found) (float64, bool)
}

var targets = append(decodeTargets(), []target{
	{"whole listing, no latency: of the floor's time", false, 1.20, ratioOf(sceneListing, plainListing, nameOurs, nameFloor)},
	{"whole listing, no latency: times faster than ogen", true, 1.3, ratioOf(sceneListing, plainListing, nameOgen, nameOurs)},
	{"whole listing, no latency: times faster than stock oapi-codegen", true, 1.8, ratioOf(sceneListing, plainListing, nameStock, nameOurs)},
	{"whole listing, 5 ms latency, 10 ms work: of the floor's time", false, 0.66, ratioOf(sceneListing, busyListing, nameOurs, nameFloor)},
	{"64 workers, TLS HTTP/1.1: times faster than on http.DefaultTransport", true, 2.8, ratioOf(sceneFanOut, fanOutName(tlsHTTP1, 64), nameOursDefault, nameOurs)},
	{"64 workers, TLS HTTP/1.1: connections dialled", false, 64, figureOfOurs(sceneFanOut, fanOutName(tlsHTTP1, 64), result.dials)},
	{"whole listing, no latency: allocations per page", false, mostAllocations, figureOfOurs(sceneListing, plainListing, result.allocations)},
	// What a listing remembers to notice contract actions and pages that come
	// twice is bounded, but the shortest list does not fill it. The links alone
	// of the longest would be 3 MB, its contract actions 150 MB.
	{"live heap, one account: growth from the shortest list to the longest, in MB", false, 1, growth(func(m memory) bool { return m.Accounts == 1 })},
	{"live heap, many accounts: growth from the fewest to the most, in MB", false, 1, growth(func(m memory) bool { return m.Accounts > 1 })},
	{"importing wrapper: MB over bare net/http, stripped", false, 0.8, func(f found) (float64, bool) {
		var bare, ours int64
		for _, each := range f.weights {
			switch each.name {
			case nameFloor:
				bare = each.bytes
			case nameOurs:
				ours = each.bytes
			}
		}
		return megabytes(ours - bare), ours > 0
	}},
}...)

// decodeTargets are the same for each page that is decoded.
func decodeTargets() []target {
	var all []target
	for _, list := range decodeListings {
		name := decodeName(list)
		all = append(all,
			target{"decode " + name + ": times faster than ogen", true, 1.3, ratioOf(sceneDecode, name, nameOgen, nameOurs)},
			target{"decode " + name + ": times faster than encoding/json", true, 4, ratioOf(sceneDecode, name, nameByHand, nameOurs)},
		)
	}
	return all
}

// growth is how much more was live in the second half of the last of some runs
// than in that of the first.
func growth(of func(memory) bool) func(found) (float64, bool) {
	return func(f found) (float64, bool) {
		var some []memory
		for _, each := range f.memory {
			if of(each) {
				some = append(some, each)
			}
		}
		if len(some) < 2 {
			return 0, false
		}
		return megabytes(int64(some[len(some)-1].SecondHalf) - int64(some[0].SecondHalf)), true
	}
}

// mostAllocations is per page of a whole listing; net/http itself needs about
// 52 of them.
const mostAllocations = 80

func ratioOf(scene, name, more, less string) func(found) (float64, bool) {
	return func(f found) (float64, bool) {
		r, ok := f.result(scene, name)
		if !ok || !r.has(more) || !r.has(less) {
			return 0, false
		}
		ratio, _, _ := r.ratio(more, less)
		return ratio, true
	}
}

func figureOfOurs(scene, name string, figure func(result, string) float64) func(found) (float64, bool) {
	return func(f found) (float64, bool) {
		r, ok := f.result(scene, name)
		if !ok || !r.has(nameOurs) {
			return 0, false
		}
		return figure(r, nameOurs), true
	}
}

// row is a line of the table of targets.
func (t target) row(f found) string {
	relation := "at most"
	if t.atLeast {
		relation = "at least"
	}
	figure, ok := t.figure(f)
	if !ok {
		return fmt.Sprintf("| %s | %s %.4g | | not measured |", t.text, relation, t.bound)
	}
	verdict := "met"
	if t.atLeast && figure < t.bound || !t.atLeast && figure > t.bound {
		verdict = "**not met**"
	}
	return fmt.Sprintf("| %s | %s %.4g | %.2f | %s |", t.text, relation, t.bound, figure, verdict)
}

func megabytes(bytes int64) float64 { return float64(bytes) / 1e6 }
