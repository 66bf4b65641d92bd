package config

import (
	"cmp"
	"context"
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
	if name = strings.ToLower(name); !profileName.MatchString(name) {
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
// need not exist: unread is why it could not be read, an error only if a setting
// is missing.
func readProfile(ctx context.Context, name string) (profile source, unread, err error) {
	label := "profile " + cmp.Or(name, DefaultProfile)
	var values map[string]string
	file, err := ProfileFile(cmp.Or(name, DefaultProfile))
	if err == nil {
		values, err = readEnvFile(ctx, file)
	}
	var system *fs.PathError // and no error in what the file contains
	switch isMissing := errors.Is(err, fs.ErrNotExist); {
	case err == nil:
		return fileSource(label, values), nil, nil
	case name == "" && isMissing:
		return fileSource("", nil), nil, nil
	case name == "" && (file == "" || errors.As(err, &system)):
		return fileSource("", nil), fmt.Errorf("%s: %w", label, err), nil
	case isMissing:
		return source{}, nil, fmt.Errorf("there is no %s in %s: create it with 'contractactions auth login --profile %s', or see 'contractactions auth profiles'", label, file, name)
	}
	return source{}, nil, fmt.Errorf("%s: %w", label, err)
}

// Profile is a profile as 'auth profiles' lists it.
type Profile struct {
	Name, File      string
	Account, Region string
	Err             error // of reading the file
}

// Profiles returns the profiles in the user's configuration directory, sorted by
// name.
func Profiles(ctx context.Context) ([]Profile, error) {
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
		read, _, err := readProfile(ctx, name)
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
	if err != nil {
		return "", err
	}
	return filepath.Join(directory, name+profileSuffix), nil
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
