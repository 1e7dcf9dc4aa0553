package cookies_test

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/gowebob/gowebob/webob/cookies"
)

// Login is what the examples keep in a cookie.
type Login struct {
	User string `json:"user"`
}

// A secret as it might stand in a configuration.
var secret = []byte(strings.Repeat("sixteen bytes of", 4))

// The text is that of WebOb's SignedSerializer("seekrit", "salty").
func ExampleNewSigned() {
	codec, err := cookies.NewSigned[Login](cookies.Signing{
		Secrets: [][]byte{[]byte("seekrit")}, Salt: []byte("salty"),
	})
	if err != nil {
		panic(err)
	}
	text, _ := codec.Encode("auth", Login{"alice"})
	fmt.Println(text)
	login, err := codec.Decode("auth", text)
	fmt.Println(login.User, err)
	_, err = codec.Decode("auth", "A"+text[1:])
	fmt.Println(errors.Is(err, cookies.ErrForged))
	// Output:
	// Guz1ia_IJo0AfQwwUIjCwynYyUlYE9SRSsa30vraAJO6NuauEEDhZFEgRymTanS_nRw_pHmXWHbn_Mixx582zHsidXNlciI6ICJhbGljZSJ9
	// alice <nil>
	// true
}

// A new secret in front signs; the old one still reads.
func ExampleSigning() {
	before, _ := cookies.NewSigned[string](cookies.Signing{Secrets: [][]byte{[]byte("old")}})
	after, _ := cookies.NewSigned[string](cookies.Signing{Secrets: [][]byte{[]byte("new"), []byte("old")}})
	text, _ := before.Encode("", "still here")
	fmt.Println(after.Decode("", text))
	// Output: still here <nil>
}

func ExampleNewSignedWith() {
	codec, _ := cookies.NewSignedWith(cookies.Signing{Secrets: [][]byte{secret}}, cookies.Text[string]())
	text, _ := codec.Encode("", "no JSON")
	fmt.Println(codec.Decode("", text))
	// Output: no JSON <nil>
}

// A sealed value cannot be read by the client, serves for one cookie, and expires.
func ExampleNewSealed() {
	now := time.Now()
	codec, err := cookies.NewSealed[Login](cookies.Sealing{
		Secrets: [][]byte{secret}, MaxAge: time.Hour, Now: func() time.Time { return now },
	})
	if err != nil {
		panic(err)
	}
	text, _ := codec.Encode("session", Login{"alice"})
	fmt.Println(codec.Decode("session", text))
	_, err = codec.Decode("other", text)
	fmt.Println(errors.Is(err, cookies.ErrForged))
	now = now.Add(time.Hour)
	_, err = codec.Decode("session", text)
	fmt.Println(errors.Is(err, cookies.ErrExpired))
	// Output:
	// {alice} <nil>
	// true
	// true
}

func ExampleNewSealedWith() {
	codec, _ := cookies.NewSealedWith(cookies.Sealing{Secrets: [][]byte{secret}}, cookies.Text[[]byte]())
	text, _ := codec.Encode("s", []byte("bytes"))
	v, err := codec.Decode("s", text)
	fmt.Println(string(v), err)
	// Output: bytes <nil>
}

func ExampleNewBase64() {
	codec := cookies.NewBase64[[]string]()
	text, _ := codec.Encode("", []string{"a", "b"})
	fmt.Println(text)
	fmt.Println(codec.Decode("", text))
	// Output:
	// WyJhIiwgImIiXQ==
	// [a b] <nil>
}

func ExampleNewBase64With() {
	codec := cookies.NewBase64With(cookies.Text[string]())
	text, _ := codec.Encode("", "light mode")
	fmt.Println(text)
	// Output: bGlnaHQgbW9kZQ==
}

// JSON is written as Python writes it.
func ExampleJSON() {
	text, _ := cookies.JSON[any]().Dumps(nil, map[string]any{"name": "Jürgen", "n": []int{1, 2}})
	fmt.Println(string(text))
	// Output: {"n": [1, 2], "name": "J\u00fcrgen"}
}

func ExampleText() {
	v, _ := cookies.Text[string]().Loads([]byte("as it is"))
	fmt.Println(v)
	// Output: as it is
}

func ExampleHashNamed() {
	newHash, err := cookies.HashNamed("sha256")
	fmt.Println(newHash().Size(), err)
	_, err = cookies.HashNamed("crc32")
	fmt.Println(errors.Is(err, cookies.ErrHash))
	// Output:
	// 32 <nil>
	// true
}
