package cookies

import (
	"encoding/json"
	"errors"
	"testing"
	"unicode/utf8"
)

// Whatever a client sends, the reader says malformed or forged, or reads what was
// signed, in its one spelling.
func FuzzSignedDecode(f *testing.F) {
	codec, err := NewSignedWith(Signing{Secrets: [][]byte{[]byte("k")}}, Text[string]())
	if err != nil {
		f.Fatal(err)
	}
	for _, payload := range []string{"", "x", `{"a": 1}`} {
		text, _ := codec.Encode("", payload)
		f.Add(text)
		f.Add(text + "=")
	}
	f.Add("\n")
	f.Fuzz(func(t *testing.T, text string) {
		v, err := codec.Decode("", text)
		if err != nil {
			if !errors.Is(err, ErrForged) && !errors.Is(err, ErrMalformed) {
				t.Fatalf("%q: %v", text, err)
			}
			return
		}
		if again, _ := codec.Encode("", v); again != text {
			t.Fatalf("%q is another spelling of %q", text, again)
		}
	})
}

func FuzzSealedDecode(f *testing.F) {
	codec, err := NewSealedWith(Sealing{Secrets: [][]byte{secretA}}, Text[string]())
	if err != nil {
		f.Fatal(err)
	}
	text, _ := codec.Encode("s", "payload")
	f.Add("s", text)
	f.Add("t", text)
	f.Add("", "AQ")
	f.Fuzz(func(t *testing.T, name, text string) {
		v, err := codec.Decode(name, text)
		switch {
		case err == nil && (name != "s" || v != "payload"):
			t.Fatalf("%q under %q gave %q", text, name, v)
		case err != nil && !errors.Is(err, ErrForged) && !errors.Is(err, ErrMalformed) && !errors.Is(err, ErrExpired):
			t.Fatalf("%q: %v", text, err)
		}
	})
}

// Any value is read back from any codec, under the name it was made for.
func FuzzRoundTrip(f *testing.F) {
	codecs := []Codec[string]{
		mustSigned[string](f, "", secretA), mustSealed[string](f, Sealing{Secrets: [][]byte{secretA}}), NewBase64[string](),
	}
	f.Add("s", "value")
	f.Add("", "é\x00\"\\\u2028<🍪")
	f.Fuzz(func(t *testing.T, name, v string) {
		if !utf8.ValidString(v) {
			return // JSON cannot hold it
		}
		for _, c := range codecs {
			text, err := c.Encode(name, v)
			if err != nil {
				t.Fatal(err)
			}
			if got, err := c.Decode(name, text); err != nil || got != v {
				t.Fatalf("%q became %q, %v", v, got, err)
			}
		}
	})
}

// What is written Python's way means the same, in ASCII, and is written so again.
func FuzzPythonJSON(f *testing.F) {
	for _, seed := range []string{`{"a":[1,2.50,-0.0,1e400]}`, `"\ud83c\udf6a\ud800\/é"`, " [ ] "} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		if !json.Valid(src) {
			return
		}
		got := appendPython(nil, src)
		var a, b any
		errA, errB := json.Unmarshal(src, &a), json.Unmarshal(got, &b)
		if (errA == nil) != (errB == nil) {
			t.Fatalf("%q became %q: %v, %v", src, got, errA, errB)
		}
		x, _ := json.Marshal(a)
		y, _ := json.Marshal(b)
		if string(x) != string(y) {
			t.Fatalf("%q became %q", src, got)
		}
		for _, c := range got {
			if c < ' ' || c > '~' {
				t.Fatalf("%q became %q", src, got)
			}
		}
		if again := appendPython(nil, got); string(again) != string(got) {
			t.Fatalf("%q became %q, then %q", src, got, again)
		}
	})
}
