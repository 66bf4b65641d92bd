package config

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// DefaultProfile is used if it exists and no profile is named.
const DefaultProfile = "default"

const profileSuffix = ".env"

var profileName = regexp.MustCompile(`^[a-z0-9][a-z0-9-]*$`)

func parseProfileName(name string) (string, error) {
	if !profileName.MatchString(name) {
		return "", errors.New("use the name of a profile: lower-case letters, digits and hyphens")
	}
	return name, nil
}

func profilesDirectory() (string, error) {
	directory, err := os.UserConfigDir()
	if err != nil {
		return "", fmt.Errorf("find the directory of profiles: %w", err)
	}
	return filepath.Join(directory, "contractactions", "profiles"), nil
}

// readProfile reads a profile. Without a name it reads the default one, which
// need not exist.
func readProfile(name string) (source, error) {
	file, err := ProfileFile(cmp.Or(name, DefaultProfile))
	if err != nil && name == "" {
		return fileSource("", nil), nil
	}
	if err != nil {
		return source{}, err
	}
	values, err := readEnvFile(file)
	switch {
	case errors.Is(err, fs.ErrNotExist) && name == "":
		return fileSource("", nil), nil
	case errors.Is(err, fs.ErrNotExist):
		return source{}, fmt.Errorf("there is no profile %s: write %s, or see 'contractactions auth profiles'", name, file)
	case err != nil:
		return source{}, fmt.Errorf("profile %s: %w", cmp.Or(name, DefaultProfile), err)
	}
	return fileSource("profile "+cmp.Or(name, DefaultProfile), values), nil
}

// Profile is a profile as 'auth profiles' lists it.
type Profile struct {
	Name, File      string
	Account, Region string
	Err             error // of reading the file
}

// Profiles returns the profiles in the user's configuration directory, sorted by
// name.
func Profiles() ([]Profile, error) {
	names, err := ProfileNames()
	if err != nil {
		return nil, err
	}
	profiles := make([]Profile, 0, len(names))
	for _, name := range names {
		file, err := ProfileFile(name)
		if err != nil {
			return nil, err
		}
		read, err := readProfile(name)
		profile := Profile{Name: name, File: file, Err: err}
		if err == nil {
			profile.Account, profile.Region = read.lookup("TALKDESK_ACCOUNT"), read.lookup("TALKDESK_REGION")
		}
		profiles = append(profiles, profile)
	}
	return profiles, nil
}

// ProfileFile returns the name of a profile's file.
func ProfileFile(name string) (string, error) {
	directory, err := profilesDirectory()
	return filepath.Join(directory, name+profileSuffix), err
}

// ProfileNames returns the names of the profiles, sorted.
func ProfileNames() ([]string, error) {
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
