package cookies

import (
	"bytes"
	"encoding/json"
	"os/exec"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// pythonWithWebOb is a Python that can import WebOb; without one the test is skipped.
func pythonWithWebOb(t *testing.T) string {
	for _, name := range []string{"python3", "/usr/bin/python3"} {
		path, err := exec.LookPath(name)
		if err == nil && exec.Command(path, "-c", "import webob.cookies").Run() == nil {
			return path
		}
	}
	t.Skip("no Python with WebOb here")
	return ""
}

// signingProgram reads {"secret", "salt", "hashalg", "values": [JSON text], "tokens"}
// and writes {"tokens": those of the values, "values": those of the tokens}.
const signingProgram = `
import json, sys
from webob.cookies import SignedSerializer
given = json.load(sys.stdin)
signer = SignedSerializer(given["secret"], given["salt"], given["hashalg"])
json.dump({
    "tokens": [signer.dumps(json.loads(text)).decode() for text in given["values"]],
    "values": [signer.loads(token.encode()) for token in given["tokens"]],
}, sys.stdout)
`

// Python's WebOb and we sign alike, and each reads what the other has signed.
func TestAgainstPython(t *testing.T) {
	python := pythonWithWebOb(t)
	values := []string{
		`null`, `"x"`, `{"user": "J\u00fcrgen", "roles": ["a", "b"], "n": -1.5}`, `[1.0, 1e16, 1e-5, 123456789012345678901234567890]`,
		`"\ud83c\udf6a \u007f\u0000<>&\u2028\\\"/"`, `{}`, `[[], {}, true, false]`, `"a,b:c"`, `0.1`, `-0.0`, `2.5e-8`, `1e22`, `12345.678e3`,
	}
	for _, alg := range []string{"sha512", "sha256", "sha1", "md5", "sha3_256", "blake2b", "blake2s"} {
		newHash, err := HashNamed(alg)
		require.NoError(t, err)
		codec, err := NewSigned[json.RawMessage](Signing{Secrets: [][]byte{[]byte("seekrit")}, Salt: []byte("salty"), Hash: newHash})
		require.NoError(t, err)
		var given struct {
			Secret  string   `json:"secret"`
			Salt    string   `json:"salt"`
			HashAlg string   `json:"hashalg"`
			Values  []string `json:"values"`
			Tokens  []string `json:"tokens"`
		}
		given.Secret, given.Salt, given.HashAlg, given.Values = "seekrit", "salty", alg, values
		for _, v := range values {
			token, err := codec.Encode("", json.RawMessage(v))
			require.NoError(t, err)
			given.Tokens = append(given.Tokens, token)
		}
		input, err := json.Marshal(given)
		require.NoError(t, err)
		cmd := exec.Command(python, "-c", signingProgram)
		cmd.Stdin = bytes.NewReader(input)
		output, err := cmd.Output()
		require.NoError(t, err)
		var theirs struct {
			Tokens []string
			Values []json.RawMessage
		}
		require.NoError(t, json.Unmarshal(output, &theirs))
		assert.Equal(t, given.Tokens, theirs.Tokens, "%s: the same bytes", alg)
		for i, token := range theirs.Tokens {
			got, err := codec.Decode("", token)
			require.NoError(t, err)
			var a, b any
			require.NoError(t, json.Unmarshal(got, &a))
			require.NoError(t, json.Unmarshal(theirs.Values[i], &b))
			assert.Equal(t, b, a, "%s: %s", alg, values[i])
		}
	}
}
