package cookies

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

type login struct {
	User string `json:"user"`
	N    int    `json:"n"`
}

var (
	secretA = bytes.Repeat([]byte("a"), 64)
	secretB = bytes.Repeat([]byte("b"), 64)
)

func mustSigned[T any](t testing.TB, salt string, secrets ...[]byte) Codec[T] {
	c, err := NewSigned[T](Signing{Salt: []byte(salt), Secrets: secrets})
	require.NoError(t, err)
	return c
}

func mustSealed[T any](t testing.TB, s Sealing) Codec[T] {
	c, err := NewSealed[T](s)
	require.NoError(t, err)
	return c
}

// Each codec gives back what it was given, whatever it is.
func TestRoundTrip(t *testing.T) {
	values := []any{nil, true, "", "x", "é€🍪\x00\"\\", 1.5, []any{}, map[string]any{"a": []any{"b", nil}}}
	codecs := map[string]Codec[any]{
		"signed": mustSigned[any](t, "salt", secretA),
		"sealed": mustSealed[any](t, Sealing{Secrets: [][]byte{secretA}}),
		"base64": NewBase64[any](),
	}
	for name, c := range codecs {
		for _, v := range values {
			text, err := c.Encode("s", v)
			require.NoError(t, err)
			assert.Empty(t, strings.Trim(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_="))
			got, err := c.Decode("s", text)
			require.NoError(t, err)
			assert.Equal(t, v, got, name)
		}
		_, err := c.Encode("s", make(chan int))
		assert.Error(t, err, "what JSON cannot hold")
	}
}

func TestNothingThatWasChangedIsRead(t *testing.T) {
	codecs := map[string]Codec[login]{
		"signed": mustSigned[login](t, "salt", secretA, secretB),
		"sealed": mustSealed[login](t, Sealing{Secrets: [][]byte{secretA, secretB}}),
	}
	for name, c := range codecs {
		text, err := c.Encode("s", login{"alice", 7})
		require.NoError(t, err)
		raw, err := base64.RawURLEncoding.DecodeString(text)
		require.NoError(t, err)
		for i := range raw {
			changed := bytes.Clone(raw)
			changed[i] ^= 1
			_, err := c.Decode("s", base64.RawURLEncoding.EncodeToString(changed))
			assert.True(t, errors.Is(err, ErrForged) || errors.Is(err, ErrMalformed), "%s: byte %d: %v", name, i, err)
			_, err = c.Decode("s", base64.RawURLEncoding.EncodeToString(raw[:i]))
			assert.Error(t, err, "%s: cut at %d", name, i)
		}
		for _, odd := range []string{"", "!", text + "=", text + "\n", "\r\n" + text, text + " ", strings.ReplaceAll(text, "_", "/") + "+", text[:9] + "\n" + text[9:]} {
			_, err := c.Decode("s", odd)
			assert.Error(t, err, "%s: %q", name, odd)
		}
	}
}

// Base64 has many spellings of one value; one is read.
func TestOneSpelling(t *testing.T) {
	c := NewBase64[any]()
	v, err := c.Decode("", "MQ==")
	require.NoError(t, err)
	assert.Equal(t, 1.0, v)
	for _, odd := range []string{"MQ", "MR==", "MQ==\n", "MQ=", " MQ==", "MQ==MQ==", "M=Q="} {
		_, err := c.Decode("", odd)
		assert.ErrorIs(t, err, ErrMalformed, odd)
	}
	signed := mustSigned[string](t, "", []byte("k"))
	text, _ := signed.Encode("", "")
	for _, last := range "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_" {
		other := text[:len(text)-1] + string(last)
		_, err := signed.Decode("", other)
		assert.Equal(t, other == text, err == nil, other)
	}
}

func TestManyKeys(t *testing.T) {
	build := map[string]func(secrets ...[]byte) Codec[string]{
		"signed": func(s ...[]byte) Codec[string] { return mustSigned[string](t, "", s...) },
		"sealed": func(s ...[]byte) Codec[string] { return mustSealed[string](t, Sealing{Secrets: s}) },
	}
	for name, build := range build {
		old, both, fresh := build(secretA), build(secretB, secretA), build(secretB)
		byOld, err := old.Encode("s", "x")
		require.NoError(t, err)
		v, err := both.Decode("s", byOld)
		require.NoError(t, err, "%s: an older key still reads", name)
		assert.Equal(t, "x", v)
		byBoth, err := both.Encode("s", "y")
		require.NoError(t, err)
		_, err = fresh.Decode("s", byBoth)
		assert.NoError(t, err, "%s: the first key writes", name)
		_, err = old.Decode("s", byBoth)
		assert.ErrorIs(t, err, ErrForged, name)
		_, err = fresh.Decode("s", byOld)
		assert.ErrorIs(t, err, ErrForged, "%s: a retired key reads no more", name)
	}
}

func TestSecrets(t *testing.T) {
	for _, s := range []Signing{{}, {Secrets: [][]byte{{}}}, {Secrets: [][]byte{secretA, nil}}} {
		_, err := NewSigned[int](s)
		assert.ErrorIs(t, err, ErrSecret)
	}
	_, err := NewSigned[int](Signing{Secrets: [][]byte{nil}, Salt: secretA})
	assert.NoError(t, err, "WebOb takes the salt alone")
	for _, s := range []Sealing{{}, {Secrets: [][]byte{secretA[:31]}}, {Secrets: [][]byte{secretA, nil}}} {
		_, err := NewSealed[int](s)
		assert.ErrorIs(t, err, ErrSecret)
	}
}

// The secret a caller keeps may be overwritten.
func TestSecretsAreCopied(t *testing.T) {
	secret := bytes.Clone(secretA)
	c := mustSigned[string](t, "", secret)
	clear(secret)
	text, err := c.Encode("", "x")
	require.NoError(t, err)
	_, err = mustSigned[string](t, "", secretA).Decode("", text)
	assert.NoError(t, err)
}

func TestSaltsSeparate(t *testing.T) {
	text, err := mustSigned[string](t, "salt-1", secretA).Encode("", "x")
	require.NoError(t, err)
	_, err = mustSigned[string](t, "salt-2", secretA).Decode("", text)
	assert.ErrorIs(t, err, ErrForged)
}

func TestSealedValues(t *testing.T) {
	now := time.Unix(1_700_000_000, 0)
	clock := func() time.Time { return now }
	c := mustSealed[string](t, Sealing{Secrets: [][]byte{secretA}, MaxAge: time.Minute, Now: clock})
	text, err := c.Encode("s", "value")
	require.NoError(t, err)

	_, err = c.Decode("t", text)
	assert.ErrorIs(t, err, ErrForged, "a value serves for one cookie")
	_, err = mustSealed[string](t, Sealing{Secrets: [][]byte{secretA}, Purpose: "other"}).Decode("s", text)
	assert.ErrorIs(t, err, ErrForged, "and for one purpose")
	again, err := c.Encode("s", "value")
	require.NoError(t, err)
	assert.NotEqual(t, text, again, "no two look alike")
	raw, _ := base64.RawURLEncoding.DecodeString(text)
	assert.NotContains(t, string(raw), "value")

	now = now.Add(59 * time.Second)
	_, err = c.Decode("s", text)
	assert.NoError(t, err)
	now = now.Add(time.Second)
	_, err = c.Decode("s", text)
	assert.ErrorIs(t, err, ErrExpired)

	text, _ = mustSealed[string](t, Sealing{Secrets: [][]byte{secretA}, Now: clock}).Encode("s", "x")
	now = now.Add(30*24*time.Hour - time.Second)
	_, err = c.Decode("s", text)
	assert.NoError(t, err, "30 days unless said")
	now = now.Add(time.Second)
	_, err = c.Decode("s", text)
	assert.ErrorIs(t, err, ErrExpired)
	text, _ = mustSealed[string](t, Sealing{Secrets: [][]byte{secretA}, Now: clock, MaxAge: -1}).Encode("s", "x")
	now = now.Add(1 << 60)
	_, err = c.Decode("s", text)
	assert.NoError(t, err, "for ever below 0")
}

// A genuine value that is of another type says nothing, and gives nothing.
func TestPayloadOfAnotherType(t *testing.T) {
	text, err := mustSigned[any](t, "", secretA).Encode("", map[string]any{"user": "mallory", "n": "x"})
	require.NoError(t, err)
	v, err := mustSigned[login](t, "", secretA).Decode("", text)
	assert.ErrorIs(t, err, ErrMalformed)
	assert.Zero(t, v)
	text, err = mustSealed[string](t, Sealing{Secrets: [][]byte{secretA}}).Encode("s", "x")
	require.NoError(t, err)
	_, err = mustSealed[int](t, Sealing{Secrets: [][]byte{secretA}}).Decode("s", text)
	assert.ErrorIs(t, err, ErrMalformed)
	broken, err := NewSignedWith(Signing{Secrets: [][]byte{secretA}}, Text[string]())
	require.NoError(t, err)
	text, err = broken.Encode("", "\"\xff\"")
	require.NoError(t, err)
	_, err = mustSigned[any](t, "", secretA).Decode("", text)
	assert.ErrorIs(t, err, ErrMalformed, "JSON that is no UTF-8")
}

func TestTextSerializer(t *testing.T) {
	c, err := NewSealedWith(Sealing{Secrets: [][]byte{secretA}}, Text[[]byte]())
	require.NoError(t, err)
	text, err := c.Encode("s", []byte{0, 255})
	require.NoError(t, err)
	v, err := c.Decode("s", text)
	require.NoError(t, err)
	assert.Equal(t, []byte{0, 255}, v)
	second, err := c.Decode("s", text)
	require.NoError(t, err)
	v[0] = 9
	assert.Equal(t, []byte{0, 255}, second, "values share no memory")
	assert.Equal(t, "x", func() string { v, _ := NewBase64With(Text[string]()).Decode("", "eA=="); return v }())
}

// XAES-256-GCM's own examples, C2SP.
func TestXAES(t *testing.T) {
	for _, row := range []struct{ key, additional, want string }{
		{strings.Repeat("01", 32), "", "ce546ef63c9cc60765923609b33a9a1974e96e52daf2fcf7075e2271"},
		{strings.Repeat("03", 32), "c2sp.org/XAES-256-GCM", "986ec1832593df5443a179437fd083bf3fdb41abd740a21f71eb769d"},
	} {
		key, _ := hex.DecodeString(row.key)
		x, err := newXAES(key)
		require.NoError(t, err)
		nonce := []byte("ABCDEFGHIJKLMNOPQRSTUVWX")
		got, err := x.seal(nil, nonce, []byte("XAES-256-GCM"), []byte(row.additional))
		require.NoError(t, err)
		assert.Equal(t, row.want, hex.EncodeToString(got))
		plain, err := x.open(nil, nonce, got, []byte(row.additional))
		require.NoError(t, err)
		assert.Equal(t, "XAES-256-GCM", string(plain))
	}
	_, err := newXAES(nil)
	assert.Error(t, err)
}

func TestHashes(t *testing.T) {
	_, err := HashNamed("")
	assert.ErrorIs(t, err, ErrHash)
	sizes := map[string]int{
		"md5": 16, "SHA1": 20, "sha224": 28, "sha256": 32, "sha384": 48, "Sha512": 64, "sha512_224": 28, "sha512_256": 32,
		"sha3_224": 28, "sha3_256": 32, "sha3_384": 48, "sha3_512": 64, "blake2b": 64, "blake2s": 32,
	}
	for name, size := range sizes {
		h, err := HashNamed(name)
		require.NoError(t, err)
		assert.Equal(t, size, h().Size(), name)
	}
	rows := []struct {
		hash, message, want string
	}{
		{"blake2b", "", "786a02f742015903c6c6fd852552d272912f4740e15847618a86e217f71f5419d25e1031afee585313896444934eb04b903a685b1448b755d56f701afe9be2ce"},
		{"blake2b", "abc", "ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d17d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923"},
		{"blake2s", "", "69217a3079908094e11121d042354a7c1f55b6482ca1a51e1b250dfd1ed0eef9"},
		{"blake2s", "abc", "508c5e8c327c14e2e1a72ba34eeb452f37458b209ed63a294d999b4c86675982"},
	}
	for _, row := range rows {
		newHash, err := HashNamed(row.hash)
		require.NoError(t, err)
		h := newHash()
		h.Write([]byte(row.message))
		assert.Equal(t, row.want, hex.EncodeToString(h.Sum(nil)), row.hash)
		h.Reset()
		for i := range len(row.message) {
			h.Write([]byte(row.message[i : i+1]))
			h.Sum(nil) // changes nothing
		}
		assert.Equal(t, row.want, hex.EncodeToString(h.Sum(nil)), "byte by byte")
	}
}

// Python's hashlib gave the beginnings of these sums, of whole blocks and more.
func TestHashesOfBlocks(t *testing.T) {
	count := make([]byte, 750)
	for i := range count {
		count[i] = byte(i % 250)
	}
	rows := []struct {
		message          []byte
		blake2b, blake2s string
	}{
		{make([]byte, 64), "8715b7b58c747a49e371ba0b02b7de8f", "ae09db7cd54f42b490ef09b6bc541af6"},
		{make([]byte, 128), "865939e120e6805438478841afb739ae", "4e420520b981ce7bdbf4ce2c4dbadb94"},
		{make([]byte, 256), "ec9c6b301a6c98946d742a74710e658f", "b4b8f496e96b0a032cd9908bad79f8d1"},
		{count[:250], "91a7f61c97c2911e4c812ef71d780ad8", "b883d68f5fe51936431ba4256738053b"},
		{count, "1c8b37a70718213e9663b249045fd9df", "8d42d3fe631ffca21aaf15f1e456d6f4"},
	}
	for _, row := range rows {
		b, s := newBlake2b(), newBlake2s()
		b.Write(row.message)
		s.Write(row.message)
		assert.Equal(t, row.blake2b, hex.EncodeToString(b.Sum(nil)[:16]), len(row.message))
		assert.Equal(t, row.blake2s, hex.EncodeToString(s.Sum(nil)[:16]), len(row.message))
	}
}

// What Python's json.dumps writes of these values.
func TestPythonJSON(t *testing.T) {
	rows := []struct {
		name  string
		value any
		want  string
	}{
		{"null", nil, `null`},
		{"a space behind commas and colons", map[string]any{"a": []int{1, 2}, "b": true}, `{"a": [1, 2], "b": true}`},
		{"not within strings", "a,b:c", `"a,b:c"`},
		{"empty ones", []any{[]any{}, map[string]any{}}, `[[], {}]`},
		{"beyond ASCII", "é€🍪", `"\u00e9\u20ac\ud83c\udf6a"`},
		{"DEL", "\x7f", `"\u007f"`},
		{"short escapes", "\b\t\n\f\r\"\\/", `"\b\t\n\f\r\"\\/"`},
		{"other control characters", "\x00\x1f", `"\u0000\u001f"`},
		{"no HTML", "<&>\u2028", `"<&>\u2028"`},
		{"escapes of a raw message", json.RawMessage(`"\u0041\/\u00E9\ud83c\udf6a\ud800x\"\u003c"`), `"A/\u00e9\ud83c\udf6a\ud800x\"<"`},
		{"two halves of different pairs", json.RawMessage(`"\ud800\ud800\u0041"`), `"\ud800\ud800A"`},
		{"white space of a raw message", json.RawMessage("[ 1 ,\n2 ]"), `[1, 2]`},
		{"integers", []any{0, -1, 9007199254740993, uint64(1<<64 - 1)}, `[0, -1, 9007199254740993, 18446744073709551615]`},
		{"a float", 1.5, `1.5`},
		{"a float without a fraction", json.RawMessage(`[1.0, -0.0, 100e2]`), `[1.0, -0.0, 10000.0]`},
		{"large floats", []any{1e100, json.RawMessage(`1e16`), json.RawMessage(`123456789012345.0`)}, `[1e+100, 1e+16, 123456789012345.0]`},
		{"small floats", []any{1e-4, 1e-5, 1.5e-7, 5e-324}, `[0.0001, 1e-05, 1.5e-07, 5e-324]`},
		{"more than a float64", json.RawMessage(`1e999`), `1e999`},
		{"a struct", login{"é", 7}, `{"user": "\u00e9", "n": 7}`},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			got, err := JSON[any]().Dumps([]byte("x"), row.value)
			require.NoError(t, err)
			assert.Equal(t, "x"+row.want, string(got))
		})
	}
}

// A large value leaves no large buffer behind, and harms nothing.
func TestLargeValues(t *testing.T) {
	big := strings.Repeat("x", 1<<20)
	for _, c := range []Codec[string]{mustSigned[string](t, "", secretA), mustSealed[string](t, Sealing{Secrets: [][]byte{secretA}}), NewBase64[string]()} {
		for range 3 {
			text, err := c.Encode("s", big)
			require.NoError(t, err)
			got, err := c.Decode("s", text)
			require.NoError(t, err)
			assert.True(t, got == big)
		}
	}
}

// Codecs are used by all requests at once.
func TestConcurrentUse(t *testing.T) {
	for name, c := range map[string]Codec[int]{
		"signed": mustSigned[int](t, "", secretA, secretB), "sealed": mustSealed[int](t, Sealing{Secrets: [][]byte{secretA, secretB}}),
	} {
		t.Run(name, func(t *testing.T) {
			for i := range 8 {
				t.Run("", func(t *testing.T) {
					t.Parallel()
					for n := range 100 {
						text, err := c.Encode("s", i*1000+n)
						require.NoError(t, err)
						got, err := c.Decode("s", text)
						require.NoError(t, err)
						require.Equal(t, i*1000+n, got)
					}
				})
			}
		})
	}
}

func TestAllocations(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector takes from the pools at random")
	}
	c, err := NewSignedWith(Signing{Secrets: [][]byte{secretA}}, Text[string]())
	require.NoError(t, err)
	text, _ := c.Encode("", "payload")
	assert.LessOrEqual(t, testing.AllocsPerRun(200, func() { c.Encode("", "payload") }), 1.0, "the text")
	assert.LessOrEqual(t, testing.AllocsPerRun(200, func() { c.Decode("", text) }), 1.0, "the value")
}

func BenchmarkSignedEncode(b *testing.B) {
	c := mustSigned[login](b, "salt", secretA)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := c.Encode("auth", login{"alice", 7}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSignedDecode(b *testing.B) {
	c := mustSigned[login](b, "salt", secretA)
	text, _ := c.Encode("auth", login{"alice", 7})
	b.ReportAllocs()
	for b.Loop() {
		if _, err := c.Decode("auth", text); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSealedEncode(b *testing.B) {
	c := mustSealed[login](b, Sealing{Secrets: [][]byte{secretA}})
	b.ReportAllocs()
	for b.Loop() {
		if _, err := c.Encode("auth", login{"alice", 7}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSealedDecode(b *testing.B) {
	c := mustSealed[login](b, Sealing{Secrets: [][]byte{secretA}})
	text, _ := c.Encode("auth", login{"alice", 7})
	b.ReportAllocs()
	for b.Loop() {
		if _, err := c.Decode("auth", text); err != nil {
			b.Fatal(err)
		}
	}
}
