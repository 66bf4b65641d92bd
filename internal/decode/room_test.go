package decode_test

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/talkdesk-express/contractactions/gen"
	"github.com/talkdesk-express/contractactions/internal/decode"
)

// bodyOfSize are bodies of a size that become as much as possible, and a piece of
// their error's text; empty if there is none.
var bodyOfSize = map[string]struct {
	body func(size int) string
	want string
}{
	"items that are empty":               {list(`{}`), "contract action 1 of the page has no id"},
	"items without an id":                {list(`{"a":1}`), "contract action 1 of the page has no id"},
	"items with an empty id":             {list(`{"id":""}`), "contract action 1 of the page has no id"},
	"items with an id only":              {list(`{"id":"1"}`), "more items than the size of the body allows"},
	"items with an id and an escape":     {list(`{"id":"\ud83d\ude00"}`), "more items than the size of the body allows"},
	"items that are null":                {list(`null`), "contract action 1 of the page has no id"},
	"items that are numbers":             {list(`1`), "contract action 1 of the page does not fit the contract"},
	"items that are arrays":              {list(`[]`), "contract action 1 of the page does not fit the contract"},
	"a list in another case":             {within(`{"_Embedded":{"contract_actionſ":[`, `{},`, `{}]}}`), "more items than the size of the body allows"},
	"a list that comes twice":            {within(`{"_embedded":{"contract_actions":[{"id":"1"}],"contract_actions":[`, `{},`, `{}]}}`), "has no id"},
	"items that are null, and an escape": {within(`{"x":"\ud800","_embedded":{"contract_actions":[`, `null,`, `null]}}`), "has no id"},
	"the smallest items that fit":        {list(`{"id":"123","status":"CREATED","quantity":1}`), ""},
	"the smallest items and an escape":   {within(`{"x":"\ud800","_embedded":{"contract_actions":[`, `{"id":"123","status":"CREATED","quantity":1},`, `{"id":"1"}]}}`), ""},
	"a fault in the last item":           {within(`{"_embedded":{"contract_actions":[`, `{"id":"123","status":"CREATED","quantity":1},`, `{"id":"1","quantity":"1"}]}}`), "field quantity,"},
	"unknown fields":                     {within(`{"total":1,`, `"a":{},`, `"b":1}`), ""},
	"unknown fields only":                {within(`{`, `"a":{},`, `"b":1}`), "none of the fields of a page"},
	"unknown fields, then no page":       {within(`{`, `"a":{},`, `"total":"1"}`), "the page does not fit the contract"},
	"unknown fields of an item":          {within(`{"_embedded":{"contract_actions":[{"id":"1",`, `"a":{},`, `"quantity":"1"}]}}`), "field quantity,"},
	"unknown fields in _embedded":        {within(`{"_embedded":{`, `"a":{},`, `"contract_actions":[1]}}`), "does not fit the contract"},
	"an empty _embedded":                 {within(`{`, `"a":{},`, `"_embedded":[]}`), ""},
	"an unknown list":                    {within(`{"total":1,"x":[`, `{},`, `{}]}`), ""},
	"an unknown list, and an escape":     {within(`{"total":1,"y":"\ud800","x":[`, `[],`, `[]]}`), ""},
	"deep arrays":                        {within(`{"total":1,"x":[`, strings.Repeat("[", 9000)+strings.Repeat("]", 9000)+",", `1]}`), ""},
	"a long text":                        {within(`{"_embedded":{"contract_actions":[{"id":"1","status_message":"`, `x`, `"}]}}`), ""},
	"a text of escapes":                  {within(`{"_embedded":{"contract_actions":[{"id":"1","status_message":"`, `\ud800`, `"}]}}`), ""},
	"texts that are longer than a block": {list(`{"id":"1","status_message":"` + strings.Repeat("x", 1025) + `"}`), ""},
	"a field that comes often":           {within(`{"_embedded":{"contract_actions":[{"id":"1",`, `"quantity":1,"quantity":null,`, `"a":1}]}}`), ""},
	"links that come often":              {within(`{`, `"_links":{"next":{"href":"a"}},"_links":null,`, `"total":1}`), ""},
	"a long number":                      {within(`{"total":`, `1`, `}`), "the page does not fit the contract"},
	"a long time":                        {within(`{"_embedded":{"contract_actions":[{"id":"1","created_at":"`, `\"`, `"}]}}`), "field created_at,"},
}

func list(item string) func(int) string {
	return within(`{"_embedded":{"contract_actions":[`, item+",", item+`]}}`)
}

func within(before, repeated, after string) func(int) string {
	return func(size int) string { return before + strings.Repeat(repeated, size/len(repeated)) + after }
}

// A page never takes more than 16 times its body's size, the body included,
// whatever it contains.
func TestTheMemoryOfAPageIsBoundedByItsBody(t *testing.T) {
	if name, isChild := os.LookupEnv("DECODE_BODY"); isChild {
		fmt.Printf("\n%.1f times\n", growth(t, name))
		return
	}
	for name := range bodyOfSize {
		t.Run(name, func(t *testing.T) {
			child := exec.Command(os.Args[0], "-test.run=^"+strings.SplitN(t.Name(), "/", 2)[0]+"$")
			child.Env = append(os.Environ(), "DECODE_BODY="+name)
			output, err := child.CombinedOutput()
			if err != nil {
				t.Fatalf("%v\n%s", err, output)
			}
			var times float64
			for line := range strings.Lines(string(output)) {
				if text, found := strings.CutSuffix(line, " times\n"); found {
					times, err = strconv.ParseFloat(text, 64)
				}
			}
			t.Logf("%.1f times: %s", times, name)
			if err != nil || times < 1 || times > 16 {
				t.Errorf("the page took %.1f times its body's size, want 16 at most (%v)", times, err)
			}
		})
	}
}

// growth returns the memory that decoding a body takes, and the body, in sizes of the
// body. It counts what the process had got for its heap and did not use any more: it
// returns nothing.
func growth(t *testing.T, name string) float64 {
	test := bodyOfSize[name]
	body := []byte(test.body(4 << 20))
	runtime.GC()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := decode.Page(body, gen.DecodeContractActionPage)
	runtime.ReadMemStats(&after)
	if text := fmt.Sprint(err); (err == nil) != (test.want == "") || !strings.Contains(text, test.want) {
		t.Errorf("the error is %.300s, want it to say %q", text, test.want)
	}
	return 1 + float64(after.Sys-before.Sys+before.HeapIdle)/float64(len(body))
}
