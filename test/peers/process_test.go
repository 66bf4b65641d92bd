//go:build peers

// Package peers tests the client, the sandbox and openapi.yaml against
// programs that others wrote from the same standards, without a look at this
// project: Prism, which mocks and validates by an OpenAPI document, and
// oidc-provider, a certified authorization server. Our own sandbox could share
// the client's misunderstandings; they do not.
package peers

import (
	"bytes"
	"os"
	"os/exec"
	"regexp"
	"testing"
	"time"
)

// patience bounds how long a peer may take to start, and to end. It is only
// used up when something is wrong.
const patience = time.Minute

// startPeer runs a Node program until the test ends and returns its URL. The
// program has to listen on a port of its own choice, and to print that it is
// "listening on" its URL once it does.
func startPeer(t *testing.T, environment []string, program string, arguments ...string) (url string) {
	t.Helper()
	command := exec.Command(node(t), append([]string{"--import", "./exit_with_parent.mjs", program}, arguments...)...)
	// Nothing of this process's environment: a proxy or NODE_OPTIONS in it
	// would change what is measured.
	command.Env = append([]string{"NODE_ENV=test"}, environment...)
	printed := &output{url: make(chan string, 1)}
	command.Stdout, command.Stderr = printed, printed
	stdin, err := command.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() {
		_ = command.Wait() // that it ended is enough; why is in its output
		close(ended)
	}()
	t.Cleanup(func() {
		_ = stdin.Close() // the sign to end, which it also gets if this process dies
		select {
		case <-ended:
		case <-time.After(patience):
			t.Errorf("%s went on after its standard input had ended", program)
			_ = command.Process.Kill()
			<-ended
		}
		if t.Failed() {
			t.Logf("%s printed:\n%s", program, &printed.text)
		}
	})

	select {
	case url = <-printed.url:
	case <-ended:
		t.Fatalf("%s ended before it was listening", program)
	case <-time.After(patience):
		t.Fatalf("%s was not listening after %v", program, patience)
	}
	return url
}

// node returns the path of Node, once everything that it is to run is there.
func node(t *testing.T) string {
	t.Helper()
	path, err := exec.LookPath("node")
	if err != nil {
		t.Fatalf("these tests need Node 20.19 or later: %v", err)
	}
	if _, err := os.Stat("node_modules/.package-lock.json"); err != nil {
		t.Fatal("the peers are not installed: run npm ci --prefix test/peers")
	}
	return path
}

// output keeps what a peer prints and finds its URL in it.
type output struct {
	text bytes.Buffer
	url  chan string // gets the URL, once
	done bool
}

var listening = regexp.MustCompile(`listening on (http://\S+)\s`)

func (o *output) Write(printed []byte) (int, error) {
	o.text.Write(printed)
	if found := listening.FindSubmatch(o.text.Bytes()); found != nil && !o.done {
		o.url <- string(found[1])
		o.done = true
	}
	return len(printed), nil
}
