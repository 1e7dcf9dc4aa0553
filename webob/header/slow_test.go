package header_test

import (
	"net/http"
	"net/textproto"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/gowebob/gowebob/webob/header"
)

// slowList is a List that can be read against its doc comment.
type slowList [][2]string

func (s slowList) values(name string) (vals []string) {
	for _, f := range s {
		if strings.EqualFold(f[0], name) {
			vals = append(vals, f[1])
		}
	}
	return vals
}

func (s *slowList) del(name string) {
	*s = slices.DeleteFunc(*s, func(f [2]string) bool { return strings.EqualFold(f[0], name) })
}

// add is false for what a List refuses.
func (s *slowList) add(name, value string) bool {
	const token = "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	bad := func(r rune) bool { return r < 0x20 && r != '\t' || r == 0x7f }
	if name == "" || strings.Trim(name, token) != "" || strings.ContainsFunc(value, bad) {
		return false
	}
	*s = append(*s, [2]string{textproto.CanonicalMIMEHeaderKey(name), value})
	return true
}

// header is the map, names that are there already replaced but for those that
// add up.
func (s slowList) header(have http.Header) http.Header {
	h := have.Clone()
	for _, f := range s {
		if f[0] != "Set-Cookie" && f[0] != "Vary" {
			delete(h, f[0])
		}
	}
	for _, f := range s {
		h[f[0]] = append(h[f[0]], f[1])
	}
	return h
}

// FuzzList: whatever is done to a List, it holds what the slow one holds. A
// step is an operation, a colon, a name, an equals sign and a value.
func FuzzList(f *testing.F) {
	f.Add("a:Content-Type=x/y;a:x=1;s:X=2;a:vary=Accept;a:Set-Cookie=a;a:Set-Cookie=b;d:x")
	f.Add("s:Content-Type=;a:Content-Type=a/b;a:content-type=c/d;d:X;t:=text/plain; charset=utf-8")
	f.Add(strings.Repeat("a:X=1;a:Y=2;", 30) + "a:Content-Type=a/b")
	f.Add("a: =1;a:X=\n;s:X=\x00;a:=")
	f.Fuzz(func(t *testing.T, script string) {
		var l header.List
		var slow slowList
		refused := false
		for step := range strings.SplitSeq(script, ";") {
			op, rest, _ := strings.Cut(step, ":")
			name, value, _ := strings.Cut(rest, "=")
			switch op {
			case "t":
				name = "Content-Type"
				fallthrough
			case "s":
				if op == "s" {
					l.Set(name, value)
				} else {
					l.SetContentType(value)
				}
				before := slices.Clone(slow)
				slow.del(name)
				if !slow.add(name, value) {
					slow, refused = before, true
				}
			case "d":
				l.Del(name)
				slow.del(name)
			default:
				l.Add(name, value)
				refused = !slow.add(name, value) || refused
			}
			assert.Equal(t, slow.values(name), l.Values(name))
			assert.Equal(t, len(slow.values(name)) > 0, l.Has(name))
		}
		if len(slow) > 1000 {
			return
		}
		assert.Equal(t, refused, l.Err() != nil)
		assert.Equal(t, len(slow), l.Len())
		compareSent(t, &l, slow)
	})
}

// compareSent compares all ways to make a map of a List.
func compareSent(t *testing.T, l *header.List, slow slowList) {
	have := func() http.Header {
		return http.Header{"X": {"0"}, "Vary": {"Origin"}, "Set-Cookie": {"z=1"}, "Content-Type": {"old/type"}}
	}
	want := slow.header(have())
	h := have()
	l.AppendTo(h)
	assert.Equal(t, want, h)
	h = have()
	l.LendTo(h)
	assert.Equal(t, want, h)
	assert.Equal(t, slow.header(http.Header{}), l.HTTPHeader())
	c := l.Clone()
	assert.Equal(t, slow.header(http.Header{}), c.HTTPHeader())
	got := slowList{}
	for name, value := range l.All() {
		got = append(got, [2]string{name, value})
	}
	for name := range want {
		assert.Equal(t, slow.values(name), got.values(name))
	}
}
