package wrapper_test

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"net/http"
	"strings"
	"testing"

	"github.com/golang-jwt/jwt/v5"

	"github.com/talkdesk-express/contractactions/wrapper"
)

// Any text at all as a key is either refused, without a word of it, or signs
// assertions that the public half verifies.
func FuzzPrivateKey(f *testing.F) {
	seeds := keySeeds(7)
	for _, key := range seeds {
		for _, algorithm := range []string{"", "ES256", "RS256", "PS512", "none", "HS256"} {
			f.Add(key, algorithm)
		}
	}
	ownWords := messagesAbout(keySeeds(9))
	f.Add(pemOf("MIGHAgEAMBMGByqGSM49AgEG", []byte("x")), "") // a part of the key where its label belongs
	f.Fuzz(func(t *testing.T, key, algorithm string) {
		assertions := 0
		service := roundTripper(func(request *http.Request) (*http.Response, error) {
			if request.Method == http.MethodPost {
				assertions++
				if err := request.ParseForm(); err != nil {
					t.Error(err)
				}
				verifyAssertion(t, request.PostForm.Get("client_assertion"), key)
				return answered(request, 200, http.Header{"Content-Type": {"application/json"}}, `{"access_token":"t"}`), nil
			}
			return answered(request, 200, http.Header{}, `{"count":0}`), nil
		})
		client, err := wrapper.New("acme", wrapper.PrivateKey{ID: "id", KeyID: "k", Key: wrapper.Secret(key), Algorithm: algorithm},
			wrapper.WithHTTPClient(&http.Client{Transport: service}))
		if err != nil {
			checkText(t, err)
			checkNothingOf(t, err, key, ownWords+"\n"+algorithm)
			return
		}
		if err := onePage(t.Context(), client); err != nil || assertions != 1 {
			t.Errorf("the error after %d assertions is %v, want none after 1", assertions, err)
		}
	})
}

// checkNothingOf looks for any eight characters of the key, except where our
// own words have them.
func checkNothingOf(t *testing.T, err error, key, ownWords string) {
	t.Helper()
	const run = 8
	text := err.Error()
	for i := 0; i+run <= len(key); i++ {
		if part := key[i : i+run]; strings.Contains(text, part) && !strings.Contains(ownWords, part) {
			t.Fatalf("%q of the key is in the error %q", part, text)
		}
	}
}

// messagesAbout are our own words: what New says of other keys.
func messagesAbout(keys []string) string {
	var messages strings.Builder
	for _, key := range keys {
		for _, algorithm := range []string{"", "ES256", "RS256"} {
			_, err := wrapper.New("acme", wrapper.PrivateKey{ID: "id", KeyID: "k", Key: wrapper.Secret(key), Algorithm: algorithm})
			if err != nil {
				messages.WriteString(err.Error() + "\n")
			}
		}
	}
	return messages.String()
}

// keySeeds are keys of every form and state. The elliptic ones depend on a
// number alone, so that what the fuzzer finds can be run again.
func keySeeds(number byte) []string {
	var seeds []string
	add := func(key ...string) { seeds = append(seeds, key...) }
	for _, curve := range []elliptic.Curve{elliptic.P224(), elliptic.P256(), elliptic.P384(), elliptic.P521()} {
		scalar := bytes.Repeat([]byte{number}, (curve.Params().BitSize+7)/8)
		scalar[0] = 0
		key := fixture(ecdsa.ParseRawPrivateKey(curve, scalar))
		whole, bare := pemOf("PRIVATE KEY", pkcs8(key)), base64.StdEncoding.EncodeToString(pkcs8(key))
		add(whole, bare, bare[60:]+"!", pemOf("EC PRIVATE KEY", fixture(x509.MarshalECPrivateKey(key))),
			strings.ReplaceAll(whole, "\n", `\n`), strings.ReplaceAll(whole, "\n", ""), whole[:len(whole)/2], pemOf("EC PARAMETERS", []byte("x"))+whole,
			pemOf("PUBLIC KEY", fixture(x509.MarshalPKIXPublicKey(key.Public()))))
	}
	key := fixture(rsa.GenerateKey(rand.Reader, 2048))
	add(pemOf("PRIVATE KEY", pkcs8(key)), pemOf("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(key)))
	add(pemOf("PRIVATE KEY", pkcs8(ed25519.NewKeyFromSeed(bytes.Repeat([]byte{number}, ed25519.SeedSize)))))
	for _, kind := range []string{"PRIVATE KEY", "EC PRIVATE KEY", "RSA PRIVATE KEY", "ENCRYPTED PRIVATE KEY", "OPENSSH PRIVATE KEY",
		"CERTIFICATE", "CERTIFICATE REQUEST", "PUBLIC KEY", "RSA PUBLIC KEY", "EC PARAMETERS"} {
		add(pemOf(kind, []byte("x")))
	}
	add("", "-", "AAAA", "-----BEGIN", "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,AA\n\nAAAA\n-----END RSA PRIVATE KEY-----\n")
	return seeds
}

func verifyAssertion(t *testing.T, assertion, key string) {
	t.Helper()
	public := publicHalf(t, key)
	token, err := jwt.NewParser(jwt.WithAudience("https://acme.talkdeskid.com/oauth/token"), jwt.WithIssuer("id"), jwt.WithSubject("id"),
		jwt.WithExpirationRequired(), jwt.WithIssuedAt()).Parse(assertion, func(*jwt.Token) (any, error) { return public, nil })
	if err != nil || token.Header["kid"] != "k" {
		t.Errorf("the assertion does not verify: %v, header %v", err, token.Header)
	}
}

// publicHalf reads a key that the client has accepted, by the standard library
// alone.
func publicHalf(t *testing.T, text string) crypto.PublicKey {
	t.Helper()
	text = strings.ReplaceAll(text, `\n`, "\n")
	der, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(text), ""))
	if err != nil {
		der = nil
	}
	for block, rest := pem.Decode([]byte(text)); block != nil; block, rest = pem.Decode(rest) {
		if der == nil && strings.HasSuffix(block.Type, "PRIVATE KEY") {
			der = block.Bytes
		}
	}
	if key, err := x509.ParsePKCS8PrivateKey(der); err == nil {
		return key.(crypto.Signer).Public()
	}
	if key, err := x509.ParseECPrivateKey(der); err == nil {
		return key.Public()
	}
	return must(x509.ParsePKCS1PrivateKey(der))(t).Public()
}
