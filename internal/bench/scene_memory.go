package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"runtime/metrics"
	"strconv"
)

// memory is what a process held while it read, in bytes.
type memory struct {
	Accounts, Actions int
	// Live in each half of the time: the median of some samples, since it
	// depends on how many pages are under way just then.
	FirstHalf, SecondHalf uint64
	Peak                  uint64 // the largest heap seen, garbage included
	System                uint64 // taken from the operating system
}

// At a time, when many accounts are read.
const memoryWorkers = 64

// measureMemory reads lists of growing length, and then more and more accounts,
// each in a process of its own.
func measureMemory(ctx context.Context, settings settings) (all []memory, err error) {
	at, err := settings.server.open(plainHTTP1)
	if err != nil {
		return nil, err
	}
	defer at.close()
	program, err := os.Executable()
	if err != nil {
		return nil, err
	}
	for _, size := range []struct{ accounts, pages int }{
		{1, 20}, {1, 2_000}, {1, 20_000},
		{200, 3}, {2_000, 3}, {10_000, 3},
	} {
		if size.accounts == 1 {
			size.pages = max(20, settings.fewer(size.pages))
		} else {
			size.accounts = settings.fewer(size.accounts)
		}
		process := exec.CommandContext(ctx, program, "memory", at.url, strconv.Itoa(size.accounts), strconv.Itoa(size.pages))
		process.Stderr = os.Stderr
		output, err := process.Output()
		if err != nil {
			return nil, fmt.Errorf("measure the memory for %d accounts of %d pages: %w", size.accounts, size.pages, err)
		}
		var one memory
		if err := json.Unmarshal(output, &one); err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, nil
}

// printMemory is the process that reads.
func printMemory(ctx context.Context, url string, accounts, pages int) error {
	at, conditions := site{url: url}, conditions{pages: pages, size: 50}
	const samples = 10
	var live []float64
	held := memory{Accounts: accounts, Actions: accounts * pages * conditions.size}
	into := consumer{pageSize: conditions.size}
	into.eachPage = func() {
		held.Peak = max(held.Peak, heap())
		for len(live) < samples && into.actions >= held.Actions*(2*len(live)+1)/(2*samples) {
			live = append(live, float64(liveHeap()))
		}
	}
	if err := readInto(ctx, ours(nameOurs, at), at.base(conditions), conditions.lists(accounts), &into); err != nil {
		return err
	}
	if into.actions != held.Actions {
		return fmt.Errorf("received %d contract actions of %d", into.actions, held.Actions)
	}
	held.FirstHalf, held.SecondHalf = uint64(median(live[:samples/2])), uint64(median(live[samples/2:]))
	held.System = metric("/memory/classes/total:bytes")
	return json.NewEncoder(os.Stdout).Encode(held)
}

// readInto reads one list for itself, a page ahead, and several in another way.
func readInto(ctx context.Context, from client, base string, lists []listing, into *consumer) error {
	if len(lists) == 1 {
		read, err := from.open(base)
		if err != nil {
			return err
		}
		return read(ctx, lists[0], into)
	}
	read, err := from.many(base)
	if err != nil {
		return err
	}
	return read(ctx, lists, memoryWorkers, into)
}

func heap() uint64 { return metric("/memory/classes/heap/objects:bytes") }

func liveHeap() uint64 {
	runtime.GC()
	return heap()
}

func metric(name string) uint64 {
	sample := []metrics.Sample{{Name: name}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}
