package config

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"iter"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/spf13/cobra"

	"github.com/talkdesk-express/contractactions/internal/cli/flagvalue"
	"github.com/talkdesk-express/contractactions/wrapper"
)

// Accounts lists the accounts of the organization. If the list is read to its end,
// the accounts are kept for [Config.KnownAccounts].
func (c *Config) Accounts(ctx context.Context, client *wrapper.Client, options ...wrapper.ListOption) iter.Seq2[wrapper.Account, error] {
	return func(yield func(wrapper.Account, error) bool) {
		var all []wrapper.Account
		for account, err := range client.Accounts(ctx, options...) {
			if !yield(account, err) || err != nil {
				return
			}
			all = append(all, account)
		}
		_ = c.keepAccounts(all) // completion is a convenience: not to have it is not a failure
	}
}

// KnownAccounts returns the accounts that completion offers: those of the variable
// TALKDESK_ACCOUNT_IDS and those that were listed last, with their names. It
// sends no request.
func (c *Config) KnownAccounts() []cobra.Completion {
	ids, names := c.AccountIDs(), make(map[string]string)
	for _, account := range c.keptAccounts() {
		// Shells evaluate what they complete.
		if plainID.MatchString(account.ID) && !slices.Contains(ids, account.ID) {
			ids = append(ids, account.ID)
		}
		names[account.ID] = nameOf(account)
	}
	known := make([]cobra.Completion, len(ids))
	for i, id := range ids {
		known[i] = cobra.CompletionWithDesc(id, names[id])
	}
	return known
}

var plainID = regexp.MustCompile(`^[A-Za-z0-9._~-]+$`)

// nameOf returns the names of an account without characters that mean something to
// a shell.
func nameOf(account wrapper.Account) string {
	var names []string
	for _, name := range []*string{account.Name, account.CompanyName} {
		if name != nil && *name != "" {
			names = append(names, *name)
		}
	}
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("-_.,", r) {
			return r
		}
		return ' '
	}, strings.Join(names, ", "))
}

// accountsFile returns the name of the file with the accounts of these credentials
// at this service.
func (c *Config) accountsFile() (string, error) {
	directory, err := os.UserCacheDir()
	hash := sha256.New()
	for _, text := range []string{
		c.Region(), c.Get("TALKDESK_ACCOUNT"), c.Get("TALKDESK_BASE_URL"), c.Get("TALKDESK_TOKEN_URL"), c.Get("TALKDESK_CLIENT_ID"),
	} {
		_, _ = io.WriteString(hash, text+"\x00")
	}
	return filepath.Join(directory, "contractactions", "accounts-"+hex.EncodeToString(hash.Sum(nil)[:8])+".json"), err
}

// keepAccounts replaces the file in one step, so that no reader sees a part of it.
// Others cannot read it: the names are those of customers.
func (c *Config) keepAccounts(all []wrapper.Account) error {
	file, err := c.accountsFile()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return err
	}
	temporary, err := os.CreateTemp(filepath.Dir(file), "accounts-*.tmp") // of mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(temporary.Name())
	err = json.NewEncoder(temporary).Encode(all)
	if closed := temporary.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return err
	}
	return os.Rename(temporary.Name(), file)
}

// keptAccounts returns nothing if there are none, or they cannot be read.
func (c *Config) keptAccounts() []wrapper.Account {
	file, err := c.accountsFile()
	if err != nil {
		return nil
	}
	if info, err := os.Stat(file); err != nil || !info.Mode().IsRegular() {
		return nil
	}
	content, err := os.ReadFile(file)
	if err != nil {
		return nil
	}
	var all []wrapper.Account
	if json.Unmarshal(content, &all) != nil {
		return nil
	}
	return all
}

// HasStatus reports whether the status of an account is among those chosen.
func HasStatus(account wrapper.Account, chosen flagvalue.StringList) bool {
	if account.Status == nil {
		return chosen.Selects("", false)
	}
	return chosen.Selects(string(*account.Status), account.Status.Valid())
}
