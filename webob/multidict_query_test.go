package webob_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gowebob/gowebob/webob"
)

func TestParseQuery(t *testing.T) {
	for _, test := range []struct {
		name, raw string
		want      []string
	}{
		{"order and repeated keys stay", "b=1&a=2&b=3", []string{"b", "1", "a", "2", "b", "3"}},
		{"nothing", "", nil},
		{"empty pieces are skipped", "&&a=1&&", []string{"a", "1"}},
		{"no = is an empty value", "a&b=", []string{"a", "", "b", ""}},
		{"an empty key is a key", "=v", []string{"", "v"}},
		{"the first = divides", "a=b=c", []string{"a", "b=c"}},
		{"= alone", "=&a==", []string{"", "", "a", "="}},
		{"+ is a space", "a+b=c+d", []string{"a b", "c d"}},
		{"; does not separate", "a=1;b=2", []string{"a", "1;b=2"}},
		{"escapes", "%61%3D=%26%2b", []string{"a=", "&+"}},
		{"a bad escape stays", "a=%zz&b=%&c=%4&d=%%41", []string{"a", "%zz", "b", "%", "c", "%4", "d", "%A"}},
		{"UTF-8", "%C3%A9=\xc3\xa9", []string{"é", "é"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			d := webob.ParseQuery(test.raw)
			assert.True(t, d.Equal(webob.NewMultiDict(test.want...)), "%v", d)
			assert.NoError(t, d.Err())
		})
	}
}

// TestBrokenUTF8 counts replacement characters as Unicode recommends: Python and
// browsers agree on these.
func TestBrokenUTF8(t *testing.T) {
	const r = "\ufffd"
	for raw, want := range map[string]string{
		"%ff":                r,
		"%ff%fe":             r + r,
		"%e2%82":             r,
		"%e2%82a":            r + "a",
		"%f0%9f%98":          r,
		"%f0%9f%98%c3":       r + r,
		"%ed%a0%80":          r + r + r, // a surrogate
		"%c0%af":             r + r,     // overlong
		"%e0%80%af":          r + r + r,
		"%f4%90%80%80":       r + r + r + r,
		"%f0%80%80%80":       r + r + r + r,
		"%80":                r,
		"a%c3":               "a" + r,
		"%c3%a9%c3%28":       "é" + r + "(",
		"%ef%bf%bd%ff":       r + r,
		"%e1%80%e2%f0%91%92": r + r + r,
	} {
		d := webob.ParseQuery("k=" + raw)
		assert.Equal(t, want, d.Get("k"), raw)
		assert.ErrorIs(t, d.Err(), webob.ErrNotUTF8, raw)
	}
	assert.NoError(t, webob.ParseQuery("k=%ef%bf%bd").Err(), "a U+FFFD of the client's own is no fault")
	d := webob.ParseQuery(strings.Repeat("x", 1000) + "%ff=1")
	assert.Less(t, len(d.Err().Error()), 200, "the error stays small")
}

func TestTooManyPairs(t *testing.T) {
	just := webob.ParseQuery(strings.Repeat("a&", webob.MaxPairs))
	require.NoError(t, just.Err())
	assert.NoError(t, just.Set("b", "1"))

	over := webob.ParseQuery(strings.Repeat("a&", webob.MaxPairs+1))
	assert.ErrorIs(t, over.Err(), webob.ErrTooManyPairs)
	assert.Equal(t, webob.MaxPairs, over.Len())
	assert.ErrorIs(t, over.Set("b", "1"), webob.ErrReadOnly, "writing it back would lose the rest")
	assert.ErrorIs(t, webob.NestedMultiDict(just, over).Err(), webob.ErrTooManyPairs)
}

func TestEncode(t *testing.T) {
	for _, test := range []struct {
		name string
		in   []string
		want string
	}{
		{"nothing", nil, ""},
		{"letters, digits and _.-~ stay", []string{"aZ09", "_.-~"}, "aZ09=_.-~"},
		{"a space is +", []string{"a b", " "}, "a+b=+"},
		{"all else is escaped", []string{"/?#&=+%", "é\n*'()!"}, "%2F%3F%23%26%3D%2B%25=%C3%A9%0A%2A%27%28%29%21"},
		{"order stays", []string{"b", "1", "a", "2", "b", "3"}, "b=1&a=2&b=3"},
		{"an empty key alone", []string{"", ""}, "="},
	} {
		t.Run(test.name, func(t *testing.T) {
			assert.Equal(t, test.want, webob.NewMultiDict(test.in...).Encode())
		})
	}
}

func FuzzParseQuery(f *testing.F) {
	for _, seed := range []string{
		"", "a=1&b=2", "a=%zz&b=%", "%e2%82&+=+", "=&==", "a;b", "%c3%28", "\xff=\xf0\x9f",
		strings.Repeat("k=v&", 40),
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		d := webob.ParseQuery(raw)
		again := webob.ParseQuery(d.Encode())
		if d.Err() == nil {
			assert.True(t, d.Equal(again), "%v became %v", d, again)
		}
		// Where net/url takes the query and it is UTF-8, it agrees.
		values, err := url.ParseQuery(raw)
		if err == nil && d.Err() == nil {
			assert.Equal(t, map[string][]string(values), d.DictOfLists())
		}
	})
}

func FuzzMultiDict(f *testing.F) {
	f.Add([]byte("\x00a1\x03a2\x05a3\x06a4"))
	f.Add([]byte(strings.Repeat("\x00a1\x00b2", 30) + strings.Repeat("\x04a0\x06b0", 30)))
	f.Fuzz(func(t *testing.T, script []byte) {
		if len(script) > 3000 {
			return
		}
		playModel(t, script)
	})
}
