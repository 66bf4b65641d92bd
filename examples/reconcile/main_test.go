package main

import (
	"encoding/csv"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/talkdesk-express/contractactions/api/sandbox"
)

// asProgram makes the test binary behave as the program.
const asProgram = "RECONCILE_TEST_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

// service is a sandbox that kills the program at a request.
type service struct {
	*sandbox.Server
	url string

	mutex    sync.Mutex
	requests int           // until the program is killed
	delay    time.Duration // after that request
	process  *os.Process   // nil if it is not to be killed
}

func startService(t *testing.T, options ...sandbox.Option) *service {
	s := &service{Server: sandbox.New(options...)}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	s.url = server.URL
	return s
}

func (s *service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mutex.Lock()
	if s.requests--; s.requests == 0 && s.process != nil {
		time.AfterFunc(s.delay, func() { _ = s.process.Kill() })
	}
	s.mutex.Unlock()
	s.Server.ServeHTTP(w, r)
}

// run runs the program, which is killed after some requests and a delay; never for
// 0 requests.
func (s *service) run(t *testing.T, folder string, requests int, delay time.Duration) (output string, err error) {
	t.Helper()
	executable, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	command := exec.CommandContext(t.Context(), executable, folder)
	command.Env = append(os.Environ(), asProgram+"=1", "TALKDESK_BASE_URL="+s.url, "TALKDESK_TOKEN_URL="+s.url+sandbox.TokenPath,
		"TALKDESK_CLIENT_ID="+s.ClientID, "TALKDESK_CLIENT_SECRET="+s.ClientSecret)
	var stderr strings.Builder
	command.Stderr = &stderr
	s.mutex.Lock()
	err = command.Start()
	s.requests, s.delay, s.process = requests, delay, command.Process
	s.mutex.Unlock()
	if err != nil {
		t.Fatal(err)
	}
	err = command.Wait()
	return stderr.String(), err
}

// eachOnce fails the test unless the file has every contract action of the accounts
// once.
func (s *service) eachOnce(t *testing.T, folder string, accounts []string) {
	t.Helper()
	file, err := os.Open(filepath.Join(folder, "actions.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	times := make(map[string]int)
	for _, row := range rows[1:] {
		times[row[0]+" "+row[1]+" "+row[3]]++
	}
	want := 0
	for _, account := range accounts {
		for _, action := range s.Actions(account) {
			want++
			if n := times[account+" "+action.ID+" "+string(action.Status)]; n != 1 {
				t.Fatalf("contract action %s of %s is there %d times", action.ID, account, n)
			}
		}
	}
	if len(rows)-1 != want {
		t.Errorf("%d rows, want %d", len(rows)-1, want)
	}
}

func TestKilledAtRandomPoints(t *testing.T) {
	var options []sandbox.Option
	var accounts []string
	for i := range 30 {
		accounts = append(accounts, fmt.Sprint("account-", i))
		options = append(options, sandbox.WithGeneratedAccount(accounts[i], 20*i))
	}
	service := startService(t, options...)
	killed := 0
	for seed := range uint64(3) {
		random := rand.New(rand.NewPCG(seed, 0))
		folder := filepath.Join(t.TempDir(), "run")
		for runs := 1; ; runs++ {
			output, err := service.run(t, folder, 1+random.IntN(10+2*runs), time.Duration(random.IntN(3000))*time.Microsecond)
			if err == nil {
				break
			}
			if killed++; output != "" {
				t.Fatalf("%v: %s", err, output)
			}
			if _, err := os.Stat(filepath.Join(folder, "actions.csv")); err == nil {
				service.eachOnce(t, folder, accounts) // killed after the end
			}
		}
		service.eachOnce(t, folder, accounts)
	}
	t.Logf("killed %d times", killed)
	if killed < 5 {
		t.Errorf("killed only %d times", killed)
	}
}

func TestAnAccountThatFailsIsListedInTheNextRun(t *testing.T) {
	accounts := []string{"account-1", "account-2", "account-3"}
	service := startService(t, sandbox.WithGeneratedAccount(accounts[0], 300), sandbox.WithGeneratedAccount(accounts[1], 10), sandbox.WithGeneratedAccount(accounts[2], 0))
	service.Fail(sandbox.Fault{}, sandbox.Fault{Status: http.StatusForbidden})
	folder := filepath.Join(t.TempDir(), "run")
	output, err := service.run(t, folder, 0, 0)
	if _, missing := os.Stat(filepath.Join(folder, "actions.csv")); err == nil || missing == nil || !strings.Contains(output, "403") || !strings.Contains(output, "again to continue") {
		t.Fatalf("%v: %s", err, output)
	}
	before := service.ActionRequests()
	if output, err := service.run(t, folder, 0, 0); err != nil {
		t.Fatalf("%v: %s", err, output)
	}
	if sent := service.ActionRequests() - before; sent > 1+2 {
		t.Errorf("%d requests: complete accounts were listed again", sent)
	}
	service.eachOnce(t, folder, accounts)
}
