// Command gendocument generates, from an OpenAPI document in YAML, the same
// document in other forms. Keys keep their order.
//
//   - openapi.json: the document as JSON
//   - openapi-open.yaml, openapi-open.json: with open enumerations in responses
//   - sandbox.yaml, sandbox.json: for tools that send requests, to a sandbox
//
// Usage:
//
//	gendocument DOCUMENT FOLDER
package main

import (
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: gendocument DOCUMENT FOLDER")
		os.Exit(2)
	}
	if err := generate(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, "gendocument:", err)
		os.Exit(1)
	}
}

func generate(document, folder string) error {
	content, err := os.ReadFile(document)
	if err != nil {
		return err
	}
	files, err := render(content)
	if err != nil {
		return fmt.Errorf("%s: %w", document, err)
	}
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(folder, name), content, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// render returns the files' contents by their names.
func render(document []byte) (map[string][]byte, error) {
	files := map[string][]byte{}
	var err error
	if files["openapi.json"], err = toJSON(document); err != nil {
		return nil, err
	}
	for name, change := range map[string]func(*variant) error{"openapi-open": (*variant).openEnumerations, "sandbox": (*variant).useSandbox} {
		changed, err := vary(document, change)
		if err != nil {
			return nil, err
		}
		files[name+".yaml"] = changed
		if files[name+".json"], err = toJSON(changed); err != nil {
			return nil, err
		}
	}
	return files, nil
}
