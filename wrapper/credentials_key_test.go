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
	"encoding/json"
	"encoding/pem"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/talkdesk-express/contractactions/api/sandbox"
	"github.com/talkdesk-express/contractactions/internal/leaktest"
	"github.com/talkdesk-express/contractactions/wrapper"
)

// encryptedKey was written by openssl pkcs8 -topk8 -outform der | base64.
const encryptedKey = `MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAhdA5ErwTERyQICCAAwDAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEC7PHfSiXatcFDOT34IpvycEgZDd9Wcm63QCQWNsvCDsWpkbGz0tJQGRzAbP4WVQ7BDrYcYJfNs8KhV+Gz6cECkRujN/7fVQxxj/bSW8Fa8BnLSJQeMEp8vWPt76Qr6H83eEEayU8aKcQlr66JJJ9KFJp0TjoIiKZYzgHd4SMoa1Ggnvw0vN0ii9s8e0ELEkap0U3HvDxO95IhsCRux2uHoRdAw=`

func newEC(curve elliptic.Curve) *ecdsa.PrivateKey {
	return fixture(ecdsa.GenerateKey(curve, rand.Reader))
}

func pkcs8(key crypto.Signer) []byte { return fixture(x509.MarshalPKCS8PrivateKey(key)) }

func pemOf(kind string, der []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
}

func TestKeysInEveryForm(t *testing.T) {
	p256, p384, p521 := newEC(elliptic.P256()), newEC(elliptic.P384()), newEC(elliptic.P521())
	rsa2048 := must(rsa.GenerateKey(rand.Reader, 2048))(t)
	bare := base64.StdEncoding.EncodeToString(pkcs8(p256))
	tests := []struct {
		name, key, algorithm string
		public               crypto.Signer
		signedWith           string
	}{
		{"bare Base64, as the vendor hands it out", bare, "ES256", p256, "ES256"},
		{"bare Base64 in lines", " " + bare[:40] + "\r\n" + bare[40:] + "\n", "ES256", p256, "ES256"},
		{"PKCS#8", pemOf("PRIVATE KEY", pkcs8(p256)), "ES256", p256, "ES256"},
		{"PKCS#8 in one line, as environment variables have it", strings.ReplaceAll(pemOf("PRIVATE KEY", pkcs8(p256)), "\n", `\n`), "ES256", p256, "ES256"},
		{"SEC 1", pemOf("EC PRIVATE KEY", must(x509.MarshalECPrivateKey(p256))(t)), "ES256", p256, "ES256"},
		{"behind the parameters of its curve, as openssl writes it", pemOf("EC PARAMETERS", []byte("x")) + pemOf("EC PRIVATE KEY", must(x509.MarshalECPrivateKey(p256))(t)), "", p256, "ES256"},
		{"behind attributes, as openssl writes it", "Bag Attributes\n    friendlyName: key\n" + pemOf("PRIVATE KEY", pkcs8(p256)), "", p256, "ES256"},
		{"behind a byte order mark and blanks", "\ufeff \r\n" + pemOf("PRIVATE KEY", pkcs8(p256)) + "\t", "", p256, "ES256"},
		{"bare Base64 behind a byte order mark", "\ufeff" + bare, "", p256, "ES256"},
		{"P-384, no algorithm named", pemOf("PRIVATE KEY", pkcs8(p384)), "", p384, "ES384"},
		{"P-521, no algorithm named", pemOf("PRIVATE KEY", pkcs8(p521)), "", p521, "ES512"},
		{"RSA, no algorithm named", base64.StdEncoding.EncodeToString(pkcs8(rsa2048)), "", rsa2048, "RS256"},
		{"RSA, PKCS#1", pemOf("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(rsa2048)), "PS384", rsa2048, "PS384"},
	}
	for _, test := range tests {
		server := sandbox.Start(t, sandbox.WithPublicKey("key-2", test.signedWith, test.public.Public()))
		key := wrapper.PrivateKey{ID: server.ClientID, KeyID: "key-2", Key: wrapper.Secret(test.key), Algorithm: test.algorithm}
		if err := onePage(t.Context(), newClientWith(t, server, key)); err != nil {
			t.Errorf("%s: %v", test.name, err)
		}
	}
}

func TestKeysThatCannotBeUsedAreRefusedAtConstruction(t *testing.T) {
	p256 := newEC(elliptic.P256())
	_, ed, _ := ed25519.GenerateKey(rand.Reader)
	rsa2048 := must(rsa.GenerateKey(rand.Reader, 2048))(t)
	t.Setenv("GODEBUG", "rsa1024min=0")
	rsa1024 := must(rsa.GenerateKey(rand.Reader, 1024))(t)
	good := pemOf("PRIVATE KEY", pkcs8(p256))
	tests := []struct{ name, key, algorithm, want string }{
		{"EC for RS256", good, "RS256", `the algorithm does not fit the key, which is EC on the curve P-256: use ES256`},
		{"RSA for ES256", pemOf("PRIVATE KEY", pkcs8(rsa2048)), "ES256", `the algorithm does not fit the key, which is RSA, 2048 bits: use RS256`},
		{"a small RSA key", pemOf("PRIVATE KEY", pkcs8(rsa1024)), "", "RSA, 1024 bits: use an EC key (P-256, P-384, P-521) or an RSA key of at least 2048"},
		{"P-256 for ES384", good, "ES384", "use ES256"},
		{"the algorithm none", good, "none", "use ES256"},
		{"a symmetric algorithm", good, "HS256", "use ES256"},
		{"a curve that JWT has no use for", pemOf("PRIVATE KEY", pkcs8(newEC(elliptic.P224()))), "", "the key is EC on the curve P-224: use"},
		{"Ed25519", pemOf("PRIVATE KEY", pkcs8(ed)), "", "use an EC key (P-256, P-384, P-521) or an RSA key"},
		{"not PEM or Base64", "p-S3cr3t!", "", "not PEM or Base64"},
		{"Base64 of something else", base64.StdEncoding.EncodeToString([]byte("p-S3cr3t")), "", "not a private key that can sign, or damaged"},
		{"half a PEM block", good[:len(good)/2], "", "no complete private key"},
		{"a damaged PEM block", pemOf("PRIVATE KEY", []byte("p-S3cr3t")), "", "damaged"},
		{"a damaged EC block", pemOf("EC PRIVATE KEY", []byte("p-S3cr3t")), "", "damaged"},
		{"a damaged RSA block", pemOf("RSA PRIVATE KEY", []byte("p-S3cr3t")), "", "damaged"},
		{"an encrypted key", pemOf("ENCRYPTED PRIVATE KEY", []byte("p-S3cr3t")), "", "decrypt it first"},
		{"an old encrypted key", "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,AA\n\nAAAA\n-----END RSA PRIVATE KEY-----\n", "", "decrypt it first"},
		{"an encrypted key without armour", encryptedKey, "", "decrypt it first"},
		{"the public key", pemOf("PUBLIC KEY", must(x509.MarshalPKIXPublicKey(p256.Public()))(t)), "", "not a public key"},
		{"a certificate", pemOf("CERTIFICATE", []byte("x")), "", "not a public key or certificate"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			client, err := wrapper.New("acme", wrapper.PrivateKey{ID: "id", KeyID: "k", Key: wrapper.Secret(test.key), Algorithm: test.algorithm})
			checkNoClient(t, client, err, "create a contract actions client: ", test.want)
		})
	}
}

func TestTheWrongKeyIsRefusedByTheTokenEndpoint(t *testing.T) {
	server := sandbox.Start(t)
	key := wrapper.Secret(pemOf("PRIVATE KEY", pkcs8(newEC(elliptic.P256()))))
	for name, credentials := range map[string]wrapper.PrivateKey{
		"another key":    {ID: server.ClientID, KeyID: server.KeyID, Key: key},
		"another key id": {ID: server.ClientID, KeyID: "other", Key: wrapper.Secret(server.PrivateKey)},
		"another client": {ID: "other", KeyID: server.KeyID, Key: wrapper.Secret(server.PrivateKey)},
	} {
		err := onePage(t.Context(), newClientWith(t, server, credentials))
		if err == nil || !strings.Contains(err.Error(), "401 Unauthorized: invalid_client") {
			t.Errorf("%s: the error is %v", name, err)
		}
	}
}

// A token endpoint refuses an assertion from the future.
func TestAnAssertionIsIssuedALittleInThePast(t *testing.T) {
	var claims struct{ Iat, Exp int64 }
	server := serve(t, func(_ http.ResponseWriter, request *http.Request) {
		payload := strings.Split(request.PostFormValue("client_assertion"), ".")[1]
		if err := json.Unmarshal(must(base64.RawURLEncoding.DecodeString(payload))(t), &claims); err != nil {
			t.Error(err)
		}
	})
	key := wrapper.PrivateKey{ID: "id", KeyID: "k", Key: wrapper.Secret(pemOf("PRIVATE KEY", pkcs8(newEC(elliptic.P256()))))}
	before := time.Now().Unix()
	client := must(wrapper.New("", key, wrapper.WithTokenURL(server.URL)))(t)
	if _, err := client.Authenticate(t.Context()); err == nil {
		t.Error("nothing was a token")
	}
	if age := before - claims.Iat; age < 5 || age > 60 {
		t.Errorf("it was issued %d s before the request, want a few", age)
	}
	if lifetime := claims.Exp - claims.Iat; lifetime != 300 {
		t.Errorf("it is valid for %d s, want 300", lifetime)
	}
}

func TestTheHintComparesTheClocks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := sandbox.New()
		key := wrapper.PrivateKey{ID: server.ClientID, KeyID: server.KeyID, Key: wrapper.Secret(server.PrivateKey)}
		for name, test := range map[string]struct {
			credentials wrapper.Credentials
			date, want  string
		}{
			"the service is behind":   {key, date(-2 * time.Hour), "; this machine's clock is 2h0m0s ahead of the token endpoint's: correct it"},
			"the service is ahead":    {key, date(6*time.Minute + time.Second), "; this machine's clock is 6m1s behind the token endpoint's: correct it"},
			"they hardly differ":      {key, date(-30 * time.Second), "; check the client id"},
			"no date":                 {key, "", "; check the client id"},
			"no date that is one":     {key, "soon", "; check the client id"},
			"the first date of all":   {key, "Mon, 01 Jan 0001 00:00:00 GMT", "; this machine's clock is 2562047h47m"},
			"a secret needs no clock": {secretOf(server), date(-2 * time.Hour), "; check the client id"},
		} {
			server.FailToken(sandbox.Fault{Status: 401, Body: `{"error":"invalid_client"}`, Header: http.Header{"Date": {test.date}}})
			_, err := newClientInProcessWith(t, server, test.credentials).Authenticate(t.Context())
			if err == nil || !strings.Contains(err.Error(), "invalid_client"+test.want) {
				t.Errorf("%s: the error is %v, want it to say %q", name, err, test.want)
			}
		}
	})
}

// date is a Date header in a bubble, whose clock starts in 2000.
func date(after time.Duration) string {
	return time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC).Add(after).Format(http.TimeFormat)
}

func TestEveryExchangeHasAnAssertionOfItsOwn(t *testing.T) {
	server := sandbox.Start(t) // refuses an assertion that it has seen before
	client := newClientWith(t, server, keyOf(server))
	for range 3 {
		listsOnePage(t, client)
		server.RevokeTokens()
	}
	wantTokenRequests(t, server, 3)
}

// keyOf is the private key that the sandbox knows.
func keyOf(server *sandbox.Server) wrapper.PrivateKey {
	return wrapper.PrivateKey{ID: server.ClientID, KeyID: server.KeyID, Key: wrapper.Secret(server.PrivateKey), Algorithm: server.Algorithm}
}

// Any text at all as a key is either refused, without a word of it, or signs
// assertions that the public half verifies.
func FuzzPrivateKey(f *testing.F) {
	for _, key := range keySeeds() {
		for _, algorithm := range []string{"", "ES256", "RS256", "PS512", "none", "HS256"} {
			f.Add(key, algorithm)
		}
	}
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
			leaktest.CheckText(t, err, ownToken)
			leaktest.Secrets{"the key": strings.ReplaceAll(key, algorithm, "")}.Check(t, leaktest.Texts{err.Error(): "the error"})
			return
		}
		if err := onePage(t.Context(), client); err != nil || assertions != 1 {
			t.Errorf("the error after %d assertions is %v, want none after 1", assertions, err)
		}
	})
}

// keySeeds are keys of every form and state. The elliptic ones are always the
// same, so that what the fuzzer finds can be run again.
func keySeeds() (seeds []string) {
	const number = 7
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
