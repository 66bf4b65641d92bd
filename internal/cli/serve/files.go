package serve

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/talkdesk-express/contractactions/internal/cli/files"
)

// keyOf returns the private key in a file, as [sandbox.Server] has it: PKCS#8 in
// Base64. It creates a missing file with a random key, which only its owner can
// read. It changes no file, because it may contain the key of a real client.
func keyOf(ctx context.Context, name string) (*ecdsa.PrivateKey, error) {
	file, err := files.ReadPrivate(ctx, name)
	if errors.Is(err, fs.ErrNotExist) {
		return createKey(name)
	}
	if err != nil {
		return nil, err
	}
	encoded, err := base64.StdEncoding.DecodeString(strings.TrimSpace(string(file.Content)))
	parsed, parseErr := x509.ParsePKCS8PrivateKey(encoded)
	key, ok := parsed.(*ecdsa.PrivateKey)
	if err != nil || parseErr != nil || !ok || key.Curve != elliptic.P256() {
		return nil, fmt.Errorf("%s is not a key that serve has written: name a different file, or one that does not exist, to create it", name)
	}
	return key, file.Exposed
}

func createKey(name string) (*ecdsa.PrivateKey, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	encoded, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, err
	}
	file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, err
	}
	_, err = io.WriteString(file, base64.StdEncoding.EncodeToString(encoded)+"\n")
	if err := errors.Join(err, file.Close()); err != nil {
		return nil, errors.Join(err, os.Remove(name))
	}
	return key, nil
}

// envFile is the file of --env-file. It exists as long as the sandbox listens.
type envFile struct {
	name    string
	content string
}

// envFileMark is the first line. A file without it is not one of serve.
const envFileMark = "# Written by contractactions serve, which removes it at its end.\n"

// removeStale removes a file that an earlier serve left behind when it was killed,
// so that the file does not announce a sandbox that is not there yet.
func (f envFile) removeStale() error {
	info, err := os.Lstat(f.name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if info.Mode().IsRegular() && strings.HasPrefix(f.beginning(len(envFileMark)), envFileMark) {
		return os.Remove(f.name)
	}
	return fmt.Errorf("%s exists and was not written by serve: name a different file", f.name)
}

// beginning returns up to n bytes of the file.
func (f envFile) beginning(n int) string {
	file, err := os.Open(f.name)
	if err != nil {
		return ""
	}
	defer file.Close()
	content, _ := io.ReadAll(io.LimitReader(file, int64(n)))
	return string(content)
}

// write creates the file at once with all of its content, for its owner only. Its
// errors name the file that the user knows.
func (f envFile) write() error {
	err := f.create()
	if cause, ok := errors.AsType[syscall.Errno](err); ok {
		err = cause
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", f.name, err)
	}
	return nil
}

func (f envFile) create() error {
	file, err := os.CreateTemp(filepath.Dir(f.name), ".serve-*") // with the mode 0600
	if err != nil {
		return err
	}
	_, err = io.WriteString(file, f.content)
	err = errors.Join(err, file.Close())
	if err == nil {
		err = os.Rename(file.Name(), f.name)
	}
	if err != nil {
		return errors.Join(err, os.Remove(file.Name()))
	}
	return nil
}

// remove removes the file unless a different program has changed it since.
func (f envFile) remove() {
	if f.beginning(len(f.content)+1) == f.content {
		_ = os.Remove(f.name)
	}
}
