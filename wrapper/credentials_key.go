package wrapper

import (
	"cmp"
	"crypto"
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// assertionLifetime is how long a client assertion is valid (source: the
// vendor's authentication guide).
const assertionLifetime = 5 * time.Minute

// signer makes client assertions.
type signer struct {
	method jwt.SigningMethod
	key    crypto.Signer
}

// newSigner reads a private key and checks that it fits the algorithm.
func newSigner(secret Secret, algorithm string) (*signer, error) {
	key, err := parseKey(string(secret))
	if err != nil {
		return nil, err
	}
	fitting, err := algorithmsFor(key)
	if err != nil {
		return nil, err
	}
	if algorithm == "" {
		algorithm = fitting[0]
	}
	for _, name := range fitting {
		if name == algorithm {
			return &signer{method: jwt.GetSigningMethod(name), key: key}, nil
		}
	}
	if jwt.GetSigningMethod(algorithm) == nil { // perhaps something that was not meant to be shown
		algorithm = redacted
	}
	return nil, fmt.Errorf("the algorithm %q does not fit the key, which is %s: use %s",
		algorithm, describeKey(key), strings.Join(fitting, ", "))
}

// assertion returns a signed JWT that authenticates the client at the token
// endpoint (RFC 7523, section 3, with the vendor's choice of claims).
func (s *signer) assertion(clientID, keyID, tokenURL string, now time.Time) (string, error) {
	token := jwt.NewWithClaims(s.method, jwt.MapClaims{
		"iss": clientID,
		"sub": clientID,
		"aud": tokenURL,
		"jti": rand.Text(),
		"iat": now.Unix(),
		"exp": now.Add(assertionLifetime).Unix(),
	})
	token.Header["kid"] = keyID
	return token.SignedString(s.key)
}

// parseKey reads PEM, or Base64-encoded PKCS#8. None of its errors repeats
// any part of the key.
func parseKey(text string) (crypto.Signer, error) {
	// Environment variables and JSON files often hold line breaks as \n.
	text = strings.TrimSpace(strings.ReplaceAll(text, `\n`, "\n"))
	if strings.Contains(text, "-----BEGIN") {
		return parsePEM([]byte(text))
	}
	der, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(text), ""))
	if err != nil {
		return nil, errors.New("it is neither PEM nor Base64: give the key as it was handed out")
	}
	return parsePKCS8(der)
}

// parsePEM takes the first private key of a file. Tools put other things in
// front of it, such as the parameters of its curve.
func parsePEM(text []byte) (crypto.Signer, error) {
	first := ""
	for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
		if strings.HasSuffix(block.Type, "PRIVATE KEY") {
			return parseBlock(block)
		}
		first = cmp.Or(first, block.Type)
	}
	if first != "" {
		return nil, wrongLabel(first)
	}
	return nil, errors.New("the PEM block is damaged: copy the whole file, with its first and last line")
}

func parseBlock(block *pem.Block) (crypto.Signer, error) {
	switch block.Type {
	case "PRIVATE KEY":
		return parsePKCS8(block.Bytes)
	case "EC PRIVATE KEY":
		key, err := x509.ParseECPrivateKey(block.Bytes)
		if err != nil {
			return nil, errors.New("the EC key in the PEM block is damaged")
		}
		return key, nil
	case "RSA PRIVATE KEY":
		if block.Headers["DEK-Info"] != "" {
			return nil, errors.New("it is encrypted: decrypt it first")
		}
		key, err := x509.ParsePKCS1PrivateKey(block.Bytes)
		if err != nil {
			return nil, errors.New("the RSA key in the PEM block is damaged")
		}
		return key, nil
	case "ENCRYPTED PRIVATE KEY":
		return nil, errors.New("it is encrypted: decrypt it first")
	}
	return nil, wrongLabel(block.Type)
}

func parsePKCS8(der []byte) (crypto.Signer, error) {
	parsed, err := x509.ParsePKCS8PrivateKey(der)
	if err != nil {
		return nil, errors.New("it is not PKCS#8, or it is damaged")
	}
	key, ok := parsed.(crypto.Signer)
	if !ok {
		return nil, errors.New("it is not a key that signs: use an EC or RSA key")
	}
	return key, nil
}

// algorithmsFor returns the algorithms that fit the key, the usual one first
// (RFC 7518, section 3.1).
func algorithmsFor(key crypto.Signer) ([]string, error) {
	switch key := key.(type) {
	case *rsa.PrivateKey:
		if key.N.BitLen() < 2048 {
			return nil, fmt.Errorf("it is %s: RFC 7518 asks for 2048 bits or more", describeKey(key))
		}
		return []string{"RS256", "RS384", "RS512", "PS256", "PS384", "PS512"}, nil
	case *ecdsa.PrivateKey:
		switch key.Curve.Params().BitSize {
		case 256:
			return []string{"ES256"}, nil
		case 384:
			return []string{"ES384"}, nil
		case 521:
			return []string{"ES512"}, nil
		}
	}
	return nil, fmt.Errorf("it is %s: use an EC (P-256, P-384, P-521) or RSA key", describeKey(key))
}

func describeKey(key crypto.Signer) string {
	switch key := key.(type) {
	case *rsa.PrivateKey:
		return fmt.Sprintf("RSA, %d bits", key.N.BitLen())
	case *ecdsa.PrivateKey:
		return "EC on the curve " + key.Curve.Params().Name
	}
	return fmt.Sprintf("of the type %T", key)
}

// wrongLabel names what was given in place of a private key, if it is one of
// the usual things: in a damaged file anything can stand there.
func wrongLabel(label string) error {
	switch label {
	case "PUBLIC KEY", "RSA PUBLIC KEY", "CERTIFICATE", "CERTIFICATE REQUEST", "EC PARAMETERS", "OPENSSH PRIVATE KEY":
		return fmt.Errorf("it is a %q, not a private key", label)
	}
	return errors.New("it is something else than a private key")
}
