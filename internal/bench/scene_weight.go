package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// weight is what a program with a client carries.
type weight struct {
	name              string
	bytes             int64 // stripped
	packages, modules int   // that are compiled; the standard library's packages count, its module does not
}

// weigh builds the programs below weight/. It must be run in the module's
// folder.
func weigh() (all []weight, err error) {
	folder, err := os.MkdirTemp("", "weight")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder)
	for _, program := range []struct{ name, source string }{
		{nameFloor, "./weight/nethttp"},
		{nameStock, "./weight/stock"},
		{nameOgen, "./weight/ogen"},
		{nameLibraries, "./weight/libraries"},
		{nameOurs, "./weight/wrapper"},
	} {
		one := weight{name: program.name}
		binary := filepath.Join(folder, filepath.Base(program.source))
		if _, err := runGo("build", "-trimpath", "-ldflags=-s -w", "-o", binary, program.source); err != nil {
			return nil, err
		}
		built, err := os.Stat(binary)
		if err != nil {
			return nil, err
		}
		one.bytes = built.Size()
		if one.packages, one.modules, err = dependencies(program.source); err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, nil
}

func dependencies(source string) (packages, modules int, err error) {
	listed, err := runGo("list", "-deps", "-f", "{{.ImportPath}} {{with .Module}}{{if not .Main}}{{.Path}}{{end}}{{end}}", source)
	if err != nil {
		return 0, 0, err
	}
	var paths []string
	for line := range strings.Lines(listed) {
		packages++
		paths = append(paths, strings.Fields(line)[1:]...)
	}
	slices.Sort(paths)
	return packages, len(slices.Compact(paths)), nil
}

func runGo(arguments ...string) (string, error) {
	output, err := exec.Command("go", arguments...).Output()
	if err != nil {
		var problem []byte
		if failure, ok := err.(*exec.ExitError); ok {
			problem = failure.Stderr
		}
		return "", fmt.Errorf("go %s: %w\n%s", strings.Join(arguments, " "), err, problem)
	}
	return string(output), nil
}
