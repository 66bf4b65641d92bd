package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// defaultProfile is used if it exists and no other is asked for.
const defaultProfile = "default"

const profileSuffix = ".env"

var profileName = regexp.MustCompile(`^[a-z0-9][a-z0-9-]*$`)

func parseProfileName(name string) (string, error) {
	if !profileName.MatchString(name) {
		return "", errors.New("give the name of a profile: small letters, digits and hyphens")
	}
	return name, nil
}

// profilesDirectory is where the profiles of this user are.
func profilesDirectory() (string, error) {
	directory, err := os.UserConfigDir()
	if err != nil {
		return "", fmt.Errorf("there is no place for profiles: %w", err)
	}
	return filepath.Join(directory, "contractactions", "profiles"), nil
}

// readProfile returns the layer of a profile. Without a name it is the default
// one's, which need not exist.
func readProfile(name string) (layer, error) {
	directory, err := profilesDirectory()
	if err != nil && name == "" {
		return ofFile("", nil), nil
	}
	if err != nil {
		return layer{}, err
	}
	optional := name == ""
	if optional {
		name = defaultProfile
	}
	file := filepath.Join(directory, name+profileSuffix)
	values, err := readEnvFile(file)
	switch {
	case errors.Is(err, fs.ErrNotExist) && optional:
		return ofFile("", nil), nil
	case errors.Is(err, fs.ErrNotExist):
		return layer{}, fmt.Errorf("there is no profile %s: write %s, or see 'contractactions auth profiles'", name, file)
	case err != nil:
		return layer{}, fmt.Errorf("profile %s: %w", name, err)
	}
	return ofFile("profile "+name, values), nil
}

// profileNames are the names of the profiles there are, sorted.
func profileNames() ([]string, error) {
	directory, err := profilesDirectory()
	if err != nil {
		return nil, err
	}
	entries, err := os.ReadDir(directory)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	var names []string
	for _, entry := range entries {
		if name, found := strings.CutSuffix(entry.Name(), profileSuffix); found && profileName.MatchString(name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names, nil
}
