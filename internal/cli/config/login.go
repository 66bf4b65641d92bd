package config

import (
	"cmp"
	"errors"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/talkdesk-express/contractactions/internal/cli/config/envfile"
	"github.com/talkdesk-express/contractactions/internal/cli/exit"
	"github.com/talkdesk-express/contractactions/internal/cli/flagvalue"
)

// AddLoginFlags adds the flags of a command that writes a profile. See [Entered].
func AddLoginFlags(command *cobra.Command) {
	addProfileFlag(command, "name of the profile to write (default "+DefaultProfile+")")
	addServiceFlags(command)
	flags := command.Flags()
	flags.Var(flagvalue.NotEmpty(new(string), "ID"), "client-id", "client id")
	flags.Var(flagvalue.NotEmpty(new(string), "COMMAND"), "secret-command", "command that prints the client secret")
	flags.Var(flagvalue.NotEmpty(new(string), "FILE"), "key-file", "file with a private key, in place of a secret")
	flags.Var(flagvalue.NotEmpty(new(string), "ID"), "key-id", "id of the key")
	flags.Var(flagvalue.NotEmpty(new(string), "ALGORITHM"), "key-algorithm", "algorithm of the key, if not its default")
	addRunFlags(command)
}

// Entered returns the settings in the flags of [AddLoginFlags] and a secret, and no
// others. The secret is empty if a flag has other credentials.
func Entered(command *cobra.Command, secret string) (*Config, error) {
	given := flagSource(func(name string) string { return flag(command, name) })
	values := map[string]string{secretVariable: secret}
	for _, name := range fileVariables {
		values[name] = cmp.Or(values[name], given.lookup(name))
	}
	if file := values[keyFileVariable]; file != "" {
		absolute, err := filepath.Abs(file)
		if err != nil {
			return nil, exit.With(exit.Usage, err)
		}
		values[keyFileVariable] = absolute
	}
	config, err := newConfig(command)
	if err != nil {
		return nil, err
	}
	config.sources = sources{fileSource(authLogin, values)}
	return config, nil
}

// ProfileName returns the name in --profile, or that of the default profile.
func ProfileName(command *cobra.Command) string {
	return cmp.Or(flag(command, "profile"), DefaultProfile)
}

// WriteProfile writes the settings into the file of a profile, which only its owner
// can read, and replaces one that exists in one step.
func (c *Config) WriteProfile(file string) error {
	var text strings.Builder
	text.WriteString("# Written by contractactions auth login.\n")
	for _, name := range fileVariables {
		if value := c.Get(name); value != "" {
			text.WriteString(name + "=" + envfile.Quote(value) + "\n")
		}
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return err
	}
	if target, err := filepath.EvalSymlinks(file); err == nil { // a link stays one
		file = target
	}
	return replaceFile(file, text.String())
}

func replaceFile(name, content string) error {
	temporary, err := os.CreateTemp(filepath.Dir(name), ".profile-*") // of mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(temporary.Name())
	_, err = temporary.WriteString(content)
	if err := errors.Join(err, temporary.Sync(), temporary.Close()); err != nil {
		return err
	}
	return os.Rename(temporary.Name(), name)
}

// Overriding returns the variables of the environment that override a profile.
func Overriding() []string {
	var names []string
	for _, name := range fileVariables {
		if os.Getenv(name) != "" {
			names = append(names, name)
		}
	}
	return names
}
