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

// memory is what a process held while it read a list, in bytes.
type memory struct {
	Actions int
	Middle  uint64 // live after half of the contract actions
	End     uint64 // live shortly before the last one
	Peak    uint64 // the largest heap seen, garbage included
	System  uint64 // taken from the operating system
}

// measureMemory reads lists of growing length, each in a process of its own.
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
	for _, pages := range []int{20, 2_000, 20_000} {
		pages = max(20, settings.fewer(pages))
		process := exec.CommandContext(ctx, program, "memory", at.url, strconv.Itoa(pages))
		process.Stderr = os.Stderr
		output, err := process.Output()
		if err != nil {
			return nil, fmt.Errorf("measure the memory for %d pages: %w", pages, err)
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
func printMemory(ctx context.Context, url string, pages int) error {
	at, conditions := site{url: url}, conditions{pages: pages, size: 50}
	read, err := ours(nameOurs, at).open(at.base(conditions))
	if err != nil {
		return err
	}
	list := conditions.list(1)
	held := memory{Actions: pages * conditions.size}
	into := consumer{pageSize: list.size}
	into.eachPage = func() {
		held.Peak = max(held.Peak, heap())
		switch into.actions {
		case held.Actions / 2:
			held.Middle = liveHeap()
		case held.Actions - list.size:
			held.End = liveHeap()
		}
	}
	if err := read(ctx, list, &into); err != nil {
		return err
	}
	if into.actions != held.Actions {
		return fmt.Errorf("received %d contract actions of %d", into.actions, held.Actions)
	}
	held.System = metric("/memory/classes/total:bytes")
	return json.NewEncoder(os.Stdout).Encode(held)
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
