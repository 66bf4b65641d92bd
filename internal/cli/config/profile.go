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
// name. A file whose name cannot be that of a profile is one that has an error.
func Profiles(ctx context.Context) ([]Profile, error) {
	names, err := namesOfFiles()
	if err != nil {
		return nil, err
	}
	profiles := make([]Profile, len(names))
	for i, name := range names {
		file, err := ProfileFile(name)
		if err != nil {
			return nil, err
		}
		profiles[i] = Profile{Name: name, File: file}
		profiles[i].Err = profiles[i].read(ctx)
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
	}
	return profiles, nil
}

// read reads the file. It does not open a pipe, which may have no writer.
func (p *Profile) read(ctx context.Context) error {
	if !profileName.MatchString(p.Name) {
		return fmt.Errorf("%s: the name of a profile has only lower-case letters, digits and hyphens: rename the file", p.File)
	}
	if info, err := os.Stat(p.File); err == nil && !info.Mode().IsRegular() {
		return fmt.Errorf("profile %s: %s is not a regular file", p.Name, p.File)
	}
	values, _, err := readProfile(ctx, p.Name)
	if err == nil {
		p.Account, p.Region = values.lookup("TALKDESK_ACCOUNT"), values.lookup("TALKDESK_REGION")
	}
	return err
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
	names, err := namesOfFiles()
	return slices.DeleteFunc(names, func(name string) bool { return !profileName.MatchString(name) }), err
}

// namesOfFiles returns the names of the files in the directory of profiles, without
// their suffix, sorted.
func namesOfFiles() ([]string, error) {
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
		if name, found := strings.CutSuffix(entry.Name(), profileSuffix); found {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names, nil
}
