package sandbox

import (
	"reflect"
	"testing"
	"time"
)

// everything has a field of each kind that a generated model can have.
type everything struct {
	Text     string
	Time     time.Time
	Pointer  *int32
	Nested   *struct{ Texts []string }
	Slice    []*string
	Map      map[string][]int
	Any      any
	NoneP    *int32
	NoneS    []string
	NoneM    map[string]string
	NoneAny  any
	AnyInMap map[string]any
}

func newEverything() everything {
	number, text := int32(10), "text"
	return everything{
		Text:     "text",
		Time:     time.Date(2022, time.March, 10, 16, 15, 50, 0, time.FixedZone("zone", 3600)),
		Pointer:  &number,
		Nested:   &struct{ Texts []string }{[]string{"a"}},
		Slice:    []*string{&text, nil},
		Map:      map[string][]int{"a": {1}},
		Any:      map[string]any{"a": []any{"b"}},
		AnyInMap: map[string]any{"a": nil},
	}
}

func TestDeepCopySharesNothing(t *testing.T) {
	original := newEverything()
	copied := deepCopy(reflect.ValueOf(original)).Interface().(everything)
	if !reflect.DeepEqual(copied, original) {
		t.Fatalf("copy %+v, want %+v", copied, original)
	}
	*copied.Pointer = 99
	copied.Nested.Texts[0] = "changed"
	*copied.Slice[0] = "changed"
	copied.Slice[1] = copied.Slice[0]
	copied.Map["a"][0] = 99
	copied.Map["b"] = nil
	copied.Any.(map[string]any)["a"].([]any)[0] = "changed"
	copied.AnyInMap["a"] = "changed"
	if !reflect.DeepEqual(original, newEverything()) {
		t.Errorf("a change of the copy changed the original: %+v", original)
	}
}
