package main

import (
	"os"
	"testing"
)

func TestSpecIsTheFileByteForByte(t *testing.T) {
	file, err := os.ReadFile("../../openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, arguments := range [][]string{{"spec"}, {"spec", "--output", "yaml"}} {
		if succeed(t, arguments...) != string(file) {
			t.Errorf("%q differs from openapi.yaml", arguments)
		}
	}
}
