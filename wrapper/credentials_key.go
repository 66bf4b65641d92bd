package wrapper

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

const (
	// assertionLifetime is the time from a client assertion's iat to its exp (source:
	// G).
	assertionLifetime = 5 * time.Minute
	// assertionAge is how old a new assertion is by its iat: a token endpoint refuses
	// one that is issued in the future, and its clock can be behind. Half a minute is
	// more than clocks usually differ, and leaves most of the lifetime.
	assertionAge = 30 * time.Second
)

// parse parses the key and checks that the algorithm fits it. Its errors show
// neither: what was given as the algorithm may be a part of the key.
func (k PrivateKey) parse() (crypto.Signer, jwt.SigningMethod, error) {
	algorithm := k.Algorithm
	key, err := parseKey(string(k.Key))
	if err != nil {
		return nil, nil, err
	}
	description, fitting := describeKey(key)
	switch {
	case len(fitting) == 0:
		return nil, nil, fmt.Errorf("the key is %s: use an EC key (P-256, P-384, P-521) or an RSA key of at least 2048 bits", description)
	case algorithm == "":
		algorithm = fitting[0]
	case !slices.Contains(fitting, algorithm):
		return nil, nil, fmt.Errorf("the algorithm does not fit the key, which is %s: use %s", description, strings.Join(fitting, ", "))
	}
	return key, jwt.GetSigningMethod(algorithm), nil
}

// assertion returns a signed JWT that authenticates the client at the token
// endpoint (RFC 7523, section 3; claims: source G).
func (k PrivateKey) assertion(key crypto.Signer, method jwt.SigningMethod, tokenURL string) (string, error) {
	issued := time.Now().Add(-assertionAge)
	token := jwt.NewWithClaims(method, jwt.MapClaims{
		"iss": k.ID,
		"sub": k.ID,
		"aud": tokenURL,
		"jti": rand.Text(),
		"iat": issued.Unix(),
		"exp": issued.Add(assertionLifetime).Unix(),
	})
	token.Header["kid"] = k.KeyID
	return token.SignedString(key)
}

// parseKey parses PEM, or Base64 without armour. Its errors show no part of the
// key.
func parseKey(text string) (crypto.Signer, error) {
	// Environment variables and JSON files often contain line breaks as \n, and
	// files from Windows begin with a byte order mark.
	text = strings.TrimSpace(strings.TrimPrefix(strings.ReplaceAll(text, `\n`, "\n"), "\ufeff"))
	if strings.Contains(text, "-----BEGIN") {
		return parsePEM([]byte(text))
	}
	der, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(text), ""))
	if err != nil {
		return nil, errors.New("not PEM or Base64: use the key exactly as issued")
	}
	return parseDER(der)
}

// parsePEM parses the first private key in a file. Tools put other blocks before
// it, such as the parameters of its curve.
func parsePEM(text []byte) (crypto.Signer, error) {
	for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
		switch {
		case block.Type == "ENCRYPTED PRIVATE KEY" || block.Headers["DEK-Info"] != "":
			return nil, errEncrypted
		case strings.HasSuffix(block.Type, "PRIVATE KEY"):
			return parseDER(block.Bytes)
		}
	}
	return nil, errors.New("the PEM text has no complete private key: copy the whole file, and not a public key or certificate")
}

var errEncrypted = errors.New("the key is encrypted: decrypt it first")

// parseDER parses PKCS#8, SEC 1 or PKCS#1.
func parseDER(der []byte) (crypto.Signer, error) {
	pkcs8, _ := x509.ParsePKCS8PrivateKey(der)
	if key, ok := pkcs8.(crypto.Signer); ok {
		return key, nil
	}
	if key, err := x509.ParseECPrivateKey(der); err == nil {
		return key, nil
	}
	if key, err := x509.ParsePKCS1PrivateKey(der); err == nil {
		return key, nil
	}
	var encrypted struct { // EncryptedPrivateKeyInfo (RFC 5958, section 3)
		Algorithm pkix.AlgorithmIdentifier
		Data      []byte
	}
	if _, err := asn1.Unmarshal(der, &encrypted); err == nil {
		return nil, errEncrypted
	}
	return nil, errors.New("not a private key that can sign, or damaged: use the key exactly as issued")
}

// describeKey returns a description of the key and the algorithms that fit it,
// the usual one first (RFC 7518, section 3.1).
func describeKey(key crypto.Signer) (description string, algorithms []string) {
	switch key := key.(type) {
	case *rsa.PrivateKey:
		if key.N.BitLen() >= 2048 {
			algorithms = []string{"RS256", "RS384", "RS512", "PS256", "PS384", "PS512"}
		}
		return fmt.Sprintf("RSA, %d bits", key.N.BitLen()), algorithms
	case *ecdsa.PrivateKey:
		curve := key.Curve.Params().Name
		return "EC on the curve " + curve, map[string][]string{"P-256": {"ES256"}, "P-384": {"ES384"}, "P-521": {"ES512"}}[curve]
	}
	return fmt.Sprintf("of the type %T", key), nil
}
