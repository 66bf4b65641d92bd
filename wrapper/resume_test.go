package wrapper_test

import (
	"bufio"
	"bytes"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/talkdesk-express/contractactions/api/sandbox"
	"github.com/talkdesk-express/contractactions/wrapper"
)

// A program writes down what each page holds, and after it where the next one
// is. It can be killed at any moment. With From it goes on in another process:
//
//   - What was checkpointed is not read again, and nothing is left out.
//   - A page whose checkpoint was lost is read again: at least once. Who stores
//     a page and its checkpoint in one transaction, or tells contract actions
//     by their ids, has each of them exactly once.

func TestAListingThatIsKilledDuringARequestResumes(t *testing.T) {
	const killedAt = 4
	service, blocked := newInterruptedService(t, killedAt)
	lister := startLister(t, service, "")
	journal := lister.readUntil(killedAt - 1)
	<-blocked // page 4 is under way
	lister.kill()

	rest := startLister(t, service, journal.next).readToEnd()
	compareIDs(t, append(journal.ids, rest.ids...), oldestFirst(service.sandbox))
}

func TestAListingThatIsKilledBeforeItsCheckpointRepeatsThatPage(t *testing.T) {
	const killedAt = 3
	service, _ := newInterruptedService(t, 0)
	lister := startLister(t, service, "", "LISTER_STOPS_BEFORE_CHECKPOINT="+fmt.Sprint(killedAt))
	journal := lister.readUntil(killedAt - 1)
	written := lister.readPage() // with its checkpoint still to come
	lister.kill()

	rest := startLister(t, service, journal.next).readToEnd()
	want := oldestFirst(service.sandbox)
	if repeated := rest.ids[:len(written.ids)]; !slices.Equal(repeated, written.ids) {
		t.Errorf("the second process begins with %v, want the page without a checkpoint again: %v", repeated, written.ids)
	}
	compareIDs(t, append(journal.ids, rest.ids...), want) // the page and its checkpoint in one transaction
	all := slices.Concat(journal.ids, written.ids, rest.ids)
	if len(all) != len(want)+len(written.ids) {
		t.Errorf("%d contract actions came in all, want those of one page twice", len(all))
	}
	seen := map[string]bool{}
	all = slices.DeleteFunc(all, func(id string) bool { before := seen[id]; seen[id] = true; return before })
	compareIDs(t, all, want) // or told by their ids
}

func compareIDs(t *testing.T, got []string, want []wrapper.ContractAction) {
	t.Helper()
	if len(want) != 425 || len(got) != len(want) {
		t.Fatalf("got %d contract actions of %d, want 425", len(got), len(want))
	}
	for i := range want {
		if got[i] != want[i].ID {
			t.Fatalf("contract action %d is %s, want %s", i, got[i], want[i].ID)
		}
	}
}

// interruptedService is a sandbox that holds one page back until the one who
// asked for it has gone.
type interruptedService struct {
	sandbox *sandbox.Server
	url     string
}

// newInterruptedService holds back the first request for the given page, and
// says when it has come; with page 0 it holds back none.
func newInterruptedService(t *testing.T, page int) (service interruptedService, blocked <-chan struct{}) {
	server, arrived := sandbox.New(), make(chan struct{})
	var held atomic.Bool
	listening := serve(t, func(w http.ResponseWriter, request *http.Request) {
		if page > 0 && request.URL.Query().Get("page") == fmt.Sprint(page) && held.CompareAndSwap(false, true) {
			close(arrived)
			<-request.Context().Done()
			return
		}
		server.ServeHTTP(w, request)
	})
	return interruptedService{server, listening.URL}, arrived
}

// lister is a process that lists, and its journal so far.
type lister struct {
	t        *testing.T
	command  *exec.Cmd
	lines    *bufio.Scanner
	problems bytes.Buffer
}

type journal struct {
	ids  []string
	next string // the last checkpoint
	end  bool
}

func startLister(t *testing.T, service interruptedService, from string, variables ...string) *lister {
	t.Helper()
	l := &lister{t: t, command: child(t, "TestLister", append(variables,
		"LISTER_URL="+service.url, "LISTER_ID="+service.sandbox.ClientID, "LISTER_SECRET="+service.sandbox.ClientSecret, "LISTER_FROM="+from)...)}
	l.lines = bufio.NewScanner(must(l.command.StdoutPipe()))
	l.command.Stderr = &l.problems
	// Kept open: the lister may wait for something to read.
	must(l.command.StdinPipe())
	if err := l.command.Start(); err != nil {
		t.Fatal(err)
	}
	return l
}

// readPage reads what the process writes about one page, up to the moment when
// it has written all ids.
func (l *lister) readPage() (page journal) {
	l.t.Helper()
	for l.lines.Scan() {
		kind, value, _ := strings.Cut(l.lines.Text(), " ")
		switch kind {
		case "id":
			page.ids = append(page.ids, value)
		case "delivered":
			return page
		case "end":
			page.end = true
			return page
		}
	}
	l.t.Fatalf("the lister ended early: %s", &l.problems)
	return page
}

// readUntil reads the journal up to the checkpoint of the n-th page.
func (l *lister) readUntil(n int) (whole journal) {
	l.t.Helper()
	for range n {
		whole.ids = append(whole.ids, l.readPage().ids...)
		if !l.lines.Scan() {
			l.t.Fatalf("the lister ended early: %s", &l.problems)
		}
		_, whole.next, _ = strings.Cut(l.lines.Text(), " ")
	}
	return whole
}

func (l *lister) readToEnd() (whole journal) {
	l.t.Helper()
	for !whole.end {
		page := l.readPage()
		whole.ids, whole.end = append(whole.ids, page.ids...), page.end
	}
	if err := l.command.Wait(); err != nil {
		l.t.Errorf("the lister ended with %v: %s", err, &l.problems)
	}
	return whole
}

// kill ends the process without a chance to tidy up, and sees it gone.
func (l *lister) kill() {
	l.t.Helper()
	if err := l.command.Process.Kill(); err != nil {
		l.t.Fatal(err)
	}
	if err := l.command.Wait(); err == nil {
		l.t.Error("the lister had come to its end")
	}
}

// TestLister is the program that gets killed. It writes its journal to the
// standard output, which is not buffered.
func TestLister(t *testing.T) {
	onlyInChild(t)
	url := os.Getenv("LISTER_URL")
	client := must(wrapper.New("", wrapper.ClientSecret{ID: os.Getenv("LISTER_ID"), Secret: wrapper.Secret(os.Getenv("LISTER_SECRET"))},
		wrapper.WithBaseURL(url), wrapper.WithTokenURL(url+sandbox.TokenPath)))
	number := 0
	for page, err := range client.Pages(t.Context(), account, fifty, wrapper.From(os.Getenv("LISTER_FROM"))) {
		if err != nil {
			t.Fatal(err)
		}
		for _, action := range page.Actions {
			fmt.Println("id", action.ID)
		}
		fmt.Println("delivered")
		if number++; fmt.Sprint(number) == os.Getenv("LISTER_STOPS_BEFORE_CHECKPOINT") {
			_, _ = os.Stdin.Read(make([]byte, 1)) // until killed
			t.Fatal("not killed")
		}
		fmt.Println("next", page.Next)
	}
	fmt.Println("end")
}
