package auth

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/talkdesk-express/contractactions/internal/cli/config"
	"github.com/talkdesk-express/contractactions/internal/cli/exit"
	"github.com/talkdesk-express/contractactions/internal/cli/failure"
	"github.com/talkdesk-express/contractactions/internal/cli/files"
	"github.com/talkdesk-express/contractactions/wrapper"
)

// login is a run of auth login.
type login struct {
	command *cobra.Command
	force   bool
	options []wrapper.Option
}

func newLogin(options []wrapper.Option) *cobra.Command {
	login := login{options: options}
	login.command = &cobra.Command{
		Use:   "login",
		Short: "Try credentials, and write them into a profile",
		Long: `login asks for what the flags do not set: the name of a profile, the account,
the region, the client id, and the client secret, or the file of a private key
with the id of the key. It gets an access token with them, and writes them into
the profile, which only you can read. If the credentials are refused, nothing is
written. A profile that exists is replaced only if you agree, or with --force.

If standard input is not a terminal, nothing is asked: the flags have everything,
and the secret is the first line of standard input. A secret is never a flag.

To keep the secret out of the file, --secret-command has a command that prints
it, such as that of a password manager: see 'contractactions help environment'.
The profile contains the command, and the path of a key file, not the key.`,
		Example: `  contractactions auth login
  contractactions auth login --profile work --region eu
  contractactions auth login --account acme --client-id me < secret.txt
  contractactions auth login --account acme --client-id me --secret-command 'pass show talkdesk'
  contractactions auth login --account acme --client-id me --key-file key.txt --key-id 1`,
		RunE: func(command *cobra.Command, _ []string) error {
			return exit.IfInterrupted(command.Context(), login.run(command.Context()))
		},
	}
	config.AddLoginFlags(login.command)
	login.command.Flags().BoolVar(&login.force, "force", false, "replace a profile that exists")
	return login.command
}

// question is about the value of a flag.
type question struct {
	flag, label string
	usual       string // for an empty answer
	optional    bool   // whether the answer can be empty
}

func (l *login) run(ctx context.Context) error {
	if l.isSet("key-file") && l.isSet("secret-command") {
		return usageError("--key-file and --secret-command exclude each other")
	}
	if !l.isSet("key-file") && (l.isSet("key-id") || l.isSet("key-algorithm")) {
		return usageError("--key-id and --key-algorithm need --key-file")
	}
	prompter, err := newPrompter(ctx, l.command.InOrStdin(), l.command.ErrOrStderr())
	if err != nil {
		return err
	}
	defer prompter.close()
	file, err := l.profile(prompter)
	if err != nil {
		return err
	}
	secret, err := l.credentials(prompter)
	if err != nil {
		return err
	}
	prompter.close()
	settings, err := config.Entered(l.command, secret)
	if err != nil {
		return err
	}
	client, err := settings.NewClient(ctx, l.options...)
	if err != nil {
		return err
	}
	ctx, cancel := settings.WithTimeout(ctx)
	defer cancel()
	token, err := client.Authenticate(ctx)
	if err != nil {
		return failure.WithCode(ctx, err)
	}
	if err := settings.WriteProfile(file); err != nil {
		return fmt.Errorf("write the profile: %w", err)
	}
	l.report(settings, file, newAuthentication(settings, client, token))
	return nil
}

func usageError(format string, values ...any) error {
	return exit.With(exit.Usage, fmt.Errorf(format, values...))
}

func (l *login) isSet(flag string) bool { return l.command.Flags().Changed(flag) }

// profile returns the file of the profile to write.
func (l *login) profile(prompter *prompter) (string, error) {
	if prompter != nil {
		if err := l.ask(prompter, question{flag: "profile", label: "Profile", usual: config.DefaultProfile}); err != nil {
			return "", err
		}
	}
	name := config.ProfileName(l.command)
	file, err := config.ProfileFile(name)
	if err != nil {
		return "", exit.With(exit.Usage, err)
	}
	switch _, err := os.Stat(file); {
	case errors.Is(err, fs.ErrNotExist):
		return file, nil
	case err != nil:
		return "", usageError("the profile %s: %w", name, err)
	case l.force:
		return file, nil
	case prompter == nil:
		return "", usageError("the profile %s exists, in %s: to replace it, use --force", name, file)
	}
	answer, err := prompter.ask("The profile " + name + " exists. Replace it? [y/N] ")
	if err != nil {
		return "", err
	}
	if !strings.EqualFold(answer, "y") && !strings.EqualFold(answer, "yes") {
		return "", usageError("the profile %s exists, and was not replaced", name)
	}
	return file, nil
}

// credentials sets the flags that are missing, and returns the secret; empty if a
// flag has other credentials.
func (l *login) credentials(prompter *prompter) (secret string, err error) {
	var missing []string
	for _, question := range l.questions() {
		if prompter != nil {
			err = l.ask(prompter, question)
		} else if !l.isSet(question.flag) && question.usual == "" {
			missing = append(missing, "--"+question.flag)
		}
		if err != nil {
			return "", err
		}
	}
	switch {
	case len(missing) > 0:
		return "", usageError("set %s, or run auth login on a terminal, where it asks", strings.Join(missing, " and "))
	case l.isSet("secret-command"):
		return "", nil
	case prompter == nil && l.isSet("key-file"):
		return "", nil
	case prompter == nil:
		return readSecret(l.command.Context(), l.command.InOrStdin())
	}
	if !l.isSet("key-file") {
		secret, err = prompter.askSecret("Client secret (not shown; empty for a private key): ")
		if err != nil || secret != "" {
			return secret, err
		}
	}
	for _, question := range []question{
		{flag: "key-file", label: "File of the private key"},
		{flag: "key-id", label: "Key id"},
		{flag: "key-algorithm", label: "Key algorithm (empty for that of the key)", optional: true},
	} {
		if err := l.ask(prompter, question); err != nil {
			return "", err
		}
	}
	return "", nil
}

func (l *login) questions() []question {
	var questions []question
	if !l.isSet("token-url") {
		questions = append(questions, question{flag: "account", label: "Talkdesk account (the acme of acme.talkdeskid.com)"})
	}
	if !l.isSet("token-url") || !l.isSet("base-url") {
		questions = append(questions, question{flag: "region", label: "Region (us, eu or canada)", usual: string(wrapper.US)})
	}
	return append(questions, question{flag: "client-id", label: "Client id"})
}

// ask sets a flag that is not set, and asks again if the flag does not accept the
// answer.
func (l *login) ask(prompter *prompter, question question) error {
	if l.isSet(question.flag) {
		return nil
	}
	label := question.label
	if question.usual != "" {
		label += " [" + question.usual + "]"
	}
	for {
		answer, err := prompter.ask(label + ": ")
		if err != nil {
			return err
		}
		if answer == "" {
			answer = question.usual
		}
		if answer == "" && question.optional {
			return nil
		}
		if answer == "" {
			prompter.note("a value is required")
			continue
		}
		if err = l.command.Flags().Set(question.flag, answer); err == nil {
			return nil
		}
		if invalid, ok := errors.AsType[*pflag.InvalidValueError](err); ok { // whose text is about the flag
			err = invalid.Unwrap()
		}
		prompter.note(err.Error())
	}
}

// readSecret returns the first line of standard input.
func readSecret(ctx context.Context, stdin io.Reader) (string, error) {
	const longest = 64 << 10
	line, err := files.Await(ctx, func() (string, error) {
		return bufio.NewReader(io.LimitReader(stdin, longest)).ReadString('\n')
	})
	switch secret := strings.TrimRight(line, "\r\n"); {
	case err != nil && err != io.EOF:
		return "", fmt.Errorf("read the secret from standard input: %w", err)
	case secret == "":
		return "", usageError("standard input has no secret: write it there, or use --secret-command or --key-file")
	case len(secret) == longest:
		return "", usageError("the line on standard input is too long for a secret")
	default:
		return secret, nil
	}
}

// report says what was written, and what a person should know about it.
func (l *login) report(settings *config.Config, file string, found authentication) {
	if settings.Quiet || settings.ErrorsJSON {
		return
	}
	out := l.command.ErrOrStderr()
	use := "is used unless a different one is named"
	if name := config.ProfileName(l.command); name != config.DefaultProfile {
		use = "is used with --profile " + name
	}
	fmt.Fprintf(out, "The credentials were accepted. The profile is in %s, and %s.\n", file, use)
	if err := found.scopeError(settings.Get("TALKDESK_SCOPE") != ""); err != nil {
		fmt.Fprintf(out, "Note: %v.\n", err)
	}
	if names := config.Overriding(); len(names) > 0 {
		fmt.Fprintf(out, "Note: these environment variables override the profile: %s.\n", strings.Join(names, ", "))
	}
}
