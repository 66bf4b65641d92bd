package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"time"
)

// found is everything that was measured.
type found struct {
	rounds  int
	results []result
	memory  []memory
	weights []weight
}

func (f found) result(scene, name string) (result, bool) {
	for _, each := range f.results {
		if each.scene == scene && each.name == name {
			return each, true
		}
	}
	return result{}, false
}

func (f found) of(scene string) (some []result) {
	for _, each := range f.results {
		if each.scene == scene {
			some = append(some, each)
		}
	}
	return some
}

// write writes the report, in Markdown.
func (f found) write(w io.Writer) {
	fmt.Fprintf(w, "%s, %d cores, %s, %s/%s, %s.\n\n", processor(), runtime.NumCPU(), runtime.Version(), runtime.GOOS, runtime.GOARCH, time.Now().Format(time.DateOnly))
	if len(f.results) > 0 {
		fmt.Fprintf(w, "## Ratios\n\n%s\n\n", ratiosText(f.rounds))
		writeTable(w, f.results, ratioFigure)
	}
	if some := f.of(sceneListing); len(some) > 0 {
		fmt.Fprintf(w, "\n## Allocations per page\n\n")
		writeTable(w, some[:min(2, len(some))], allocationsFigure)
	}
	if some := f.of(sceneFanOut); len(some) > 0 {
		fmt.Fprintf(w, "\n## Connections dialled\n\n")
		writeTable(w, some, dialsFigure)
	}
	f.writeMemory(w)
	f.writeWeights(w)
	fmt.Fprintf(w, "\n## Targets\n\n| | target | measured | |\n|---|---:|---:|---|\n")
	for _, each := range targets {
		fmt.Fprintln(w, each.row(f))
	}
}

func ratiosText(rounds int) string {
	return fmt.Sprintf(`Medians of %d rounds, in which the contestants take turns, against the median in the column that says "1 =", which
is the time per page. In parentheses: the quartiles of the ratios within each round. Less is faster.

The server is a process of its own, with its pages rendered before. *Bare net/http* gets and discards pages whose
addresses it knows. *encoding/json by hand* and *ours* follow next links; *stock oapi-codegen* and *ogen* (without
OpenTelemetry) count pages up, since their methods take a number. *decode* is through each client, over a transport that
answers out of memory, less the same pages without contract actions. *work* is waiting, as for a database. *fan-out* is
1000 accounts of 3 pages, each run from no connection and no token, for ours with ActionsOf; all have a transport that
keeps a connection per worker. The *variant* is in the fan-out ours on http.DefaultTransport, for the first action ours
with the token request, and for the list without latency %s.`, rounds, nameBusyFloor)
}

func (f found) writeMemory(w io.Writer) {
	if len(f.memory) == 0 {
		return
	}
	fmt.Fprintf(w, "\n## Memory, MB\n\nOf one account with Actions, and of many with ActionsOf, %d at a time.\n\n| accounts | contract actions | live in the first half | in the second | largest heap | from the system |\n|---:|---:|---:|---:|---:|---:|\n", memoryWorkers)
	for _, each := range f.memory {
		fmt.Fprintf(w, "| %d | %d | %.2f | %.2f | %.1f | %.1f |\n", each.Accounts, each.Actions, megabytes(int64(each.FirstHalf)), megabytes(int64(each.SecondHalf)), megabytes(int64(each.Peak)), megabytes(int64(each.System)))
	}
}

func (f found) writeWeights(w io.Writer) {
	if len(f.weights) == 0 {
		return
	}
	bare := f.weights[0]
	fmt.Fprintf(w, "\n## Weight of a program\n\n| | stripped, MB | over %s | packages | modules |\n|---|---:|---:|---:|---:|\n", bare.name)
	for _, each := range f.weights {
		fmt.Fprintf(w, "| %s | %.2f | %.2f | %d | %d |\n", each.name, megabytes(each.bytes), megabytes(each.bytes-bare.bytes), each.packages, each.modules)
	}
}

// processor is the name of the machine's, where the system tells.
func processor() string {
	file, err := os.Open("/proc/cpuinfo")
	if err != nil {
		return runtime.GOARCH
	}
	defer file.Close()
	for lines := bufio.NewScanner(file); lines.Scan(); {
		if name, value, _ := strings.Cut(lines.Text(), ":"); strings.TrimSpace(name) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return runtime.GOARCH
}
