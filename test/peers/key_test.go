//go:build peers

package peers

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"testing"

	"github.com/talkdesk-express/contractactions/wrapper"
)

const keyID = "key-1"

func newECKey(t *testing.T, curve elliptic.Curve) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(curve, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func newRSAKey(t *testing.T) *rsa.PrivateKey {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// registered is a client that the provider knows by the key's public half.
func registered(t *testing.T, id, algorithm string, key crypto.Signer) registration {
	t.Helper()
	public, err := x509.MarshalPKIXPublicKey(key.Public())
	if err != nil {
		t.Fatal(err)
	}
	return registration{ID: id, PublicKey: public, KeyID: keyID, Algorithm: algorithm, Scope: wrapper.ScopeRead}
}

// bare is a key as the vendor hands it out: PKCS#8, Base64-encoded, without
// armour.
func bare(t *testing.T, key crypto.Signer) wrapper.Secret {
	t.Helper()
	return wrapper.Secret(base64.StdEncoding.EncodeToString(pkcs8(t, key)))
}

// armoured is a key as most tools write it: PKCS#8 in PEM.
func armoured(t *testing.T, key crypto.Signer) wrapper.Secret {
	t.Helper()
	return wrapper.Secret(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: pkcs8(t, key)}))
}

func pkcs8(t *testing.T, key crypto.Signer) []byte {
	t.Helper()
	encoded, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return encoded
}
