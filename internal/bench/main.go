// Command bench compares this module's client with the alternatives: a bare
// net/http loop, encoding/json by hand, and the clients that oapi-codegen and
// ogen generate from the same openapi.yaml. RESULTS.md holds what it found last.
//
// It is a module of its own, so that what it compares with does not enter
// ours. Run it in its folder, on a machine that does nothing else:
//
//	go run .
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"strconv"
	"strings"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := dispatch(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// dispatch tells the program's processes apart: the one that measures starts
// the others.
func dispatch(ctx context.Context, arguments []string) error {
	switch {
	case len(arguments) == 1 && arguments[0] == "serve":
		return serve()
	case len(arguments) == 4 && arguments[0] == "memory":
		accounts, err := strconv.Atoi(arguments[2])
		if err != nil {
			return err
		}
		pages, err := strconv.Atoi(arguments[3])
		if err != nil {
			return err
		}
		return printMemory(ctx, arguments[1], accounts, pages)
	}
	return bench(ctx, arguments)
}

// settings are what scenes need to know.
type settings struct {
	server *server
	quick  bool
}

// fewer is a tenth of a number in a quick run, but not next to nothing.
func (s settings) fewer(number int) int {
	if s.quick {
		return max(min(number, 5), number/10)
	}
	return number
}

var scenes = []struct {
	name  string
	cells func(settings) ([]cell, error)
}{
	{"decode", decodeCells},
	{"listing", listingCells},
	{"fan-out", fanOutCells},
	{"first", firstCells},
}

const allScenes = "decode,listing,fan-out,first,memory,weight"

func bench(ctx context.Context, arguments []string) error {
	flags := flag.NewFlagSet("bench", flag.ExitOnError)
	chosen := flags.String("scenes", allScenes, "what to measure, separated by commas")
	rounds := flags.Int("rounds", 10, "how often each contestant has its turn")
	quick := flags.Bool("quick", false, "a tenth of the work in two rounds, to see that it works; the figures mean little")
	flags.Parse(arguments)
	if *quick {
		*rounds = 2
	}

	server, err := startServer()
	if err != nil {
		return err
	}
	defer server.stop()
	found, err := measureScenes(ctx, settings{server, *quick}, *rounds, strings.Split(*chosen, ","))
	if err != nil {
		return err
	}
	found.write(os.Stdout)
	if *quick || *chosen != allScenes {
		return nil // a part of the figures does not replace the whole
	}
	return found.save()
}

func measureScenes(ctx context.Context, settings settings, rounds int, wanted []string) (all found, err error) {
	all.rounds = rounds
	for _, scene := range scenes {
		if !slices.Contains(wanted, scene.name) {
			continue
		}
		cells, err := scene.cells(settings)
		if err != nil {
			return all, err
		}
		for _, cell := range cells {
			fmt.Fprintf(os.Stderr, "%s, %s\n", cell.scene, cell.name)
			series, err := cell.play(ctx, rounds)
			if err != nil {
				return all, err
			}
			all.results = append(all.results, result{cell, series})
		}
	}
	if slices.Contains(wanted, "memory") {
		if all.memory, err = measureMemory(ctx, settings); err != nil {
			return all, err
		}
	}
	if slices.Contains(wanted, "weight") {
		all.weights, err = weigh()
	}
	return all, err
}
