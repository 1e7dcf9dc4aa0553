package header_test

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gowebob/gowebob/webob/header"
)

var (
	_ header.Map = http.Header{}
	_ header.Map = (*header.List)(nil)
)

// dump is a List as text, one field a line.
func dump(l *header.List) string {
	var b strings.Builder
	for name, value := range l.All() {
		fmt.Fprintf(&b, "%s: %s\n", name, value)
	}
	return b.String()
}

func TestListKeepsOrder(t *testing.T) {
	tests := []struct {
		name string
		do   func(l *header.List)
		want string
	}{
		{"the zero value is empty", func(*header.List) {}, ""},
		{"names become canonical", func(l *header.List) { l.Add("x-fOO", "1") }, "X-Foo: 1\n"},
		{"Content-Type comes first", func(l *header.List) {
			l.Add("X", "1")
			l.Add("content-type", "text/css")
		}, "Content-Type: text/css\nX: 1\n"},
		{"a second Content-Type goes to the others", func(l *header.List) {
			l.Add("Content-Type", "a/b")
			l.Add("X", "1")
			l.Add("Content-Type", "c/d")
		}, "Content-Type: a/b\nX: 1\nContent-Type: c/d\n"},
		{"an empty Content-Type is a field", func(l *header.List) { l.Set("Content-Type", "") }, "Content-Type: \n"},
		{"an empty Content-Type stays the first of two", func(l *header.List) {
			l.Add("Content-Type", "")
			l.Add("Content-Type", "a/b")
		}, "Content-Type: \nContent-Type: a/b\n"},
		{"Set replaces all and goes to the end", func(l *header.List) {
			l.Add("A", "1")
			l.Add("B", "2")
			l.Add("A", "3")
			l.Set("a", "4")
		}, "B: 2\nA: 4\n"},
		{"Set of a Content-Type takes both away", func(l *header.List) {
			l.Add("Content-Type", "a/b")
			l.Add("Content-Type", "c/d")
			l.Set("Content-Type", "e/f")
		}, "Content-Type: e/f\n"},
		{"Del takes all of a name, whatever the case", func(l *header.List) {
			l.Add("A", "1")
			l.Add("B", "2")
			l.Add("A", "3")
			l.Add("Content-Type", "a/b")
			l.Del("a")
			l.Del("CONTENT-TYPE")
			l.Del("Nobody")
		}, "B: 2\n"},
		{"DeleteFunc takes one of several cookies", func(l *header.List) {
			l.Add("Content-Type", "a/b")
			l.Add("Set-Cookie", "a=1")
			l.Add("Set-Cookie", "b=2")
			l.Add("Set-Cookie", "c=3")
			l.DeleteFunc(func(n, v string) bool { return n == "Set-Cookie" && strings.HasPrefix(v, "b=") })
		}, "Content-Type: a/b\nSet-Cookie: a=1\nSet-Cookie: c=3\n"},
		{"DeleteFunc sees the Content-Type", func(l *header.List) {
			l.Add("Content-Type", "a/b")
			l.DeleteFunc(func(n, v string) bool { return n == "Content-Type" })
		}, ""},
		{"Reset empties", func(l *header.List) {
			l.Add("Content-Type", "a/b")
			l.Add("A", "1")
			l.Add("B", "bad\n")
			l.Reset()
			l.Add("C", "1")
		}, "C: 1\n"},
		{"TAB and obs-text are kept, spaces too", func(l *header.List) { l.Add("A", " \t\xff ") }, "A:  \t\xff \n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var l header.List
			tt.do(&l)
			assert.Equal(t, tt.want, dump(&l))
			assert.Equal(t, strings.Count(tt.want, "\n"), l.Len())
			assert.NoError(t, l.Err())
		})
	}
}

func TestListLookup(t *testing.T) {
	var l header.List
	assert.Empty(t, l.Get("A"))
	assert.Nil(t, l.Values("A"))
	assert.False(t, l.Has("Content-Type"))
	l.Add("X-Two", "1")
	l.Add("X-Two", "2")
	l.Add("Content-Type", "a/b")
	l.Add("Empty", "")
	for _, name := range []string{"X-Two", "x-two", "X-TWO"} {
		assert.Equal(t, "1", l.Get(name))
		assert.Equal(t, []string{"1", "2"}, l.Values(name))
		assert.True(t, l.Has(name))
	}
	assert.Equal(t, "a/b", l.Get("content-TYPE"))
	assert.Equal(t, []string{"a/b"}, l.Values("Content-type"))
	assert.True(t, l.Has("empty"))
	assert.False(t, l.Has("X-Tw"))
	assert.False(t, l.Has(""))

	l.Values("X-Two")[0] = "changed"
	assert.Equal(t, "1", l.Get("X-Two"), "Values is a copy")
}

func TestListRefuses(t *testing.T) {
	tests := []struct {
		name, field, value string
		want               error
		offset             int
		text               string
	}{
		{"CR", "X-A", "a\rb", header.ErrValue, 1, `header X-A: "a\rb" at byte 1: control character in value`},
		{"LF", "x-a", "a\nb", header.ErrValue, 1, `header X-A: "a\nb" at byte 1: control character in value`},
		{"NUL", "A", "\x00", header.ErrValue, 0, ""},
		{"DEL", "A", "123456789\x7f", header.ErrValue, 9, ""},
		{"ESC far behind a TAB", "A", "\t23456789\x1b", header.ErrValue, 9, ""},
		{"an empty name", "", "a", header.ErrName, -1, ""},
		{"a name with a space", "A B", "a", header.ErrName, -1, `header "A B": a: name is not a token`},
		{"a name with a colon", "A:", "a", header.ErrName, -1, ""},
		{"a name with a line end", "A\r\nB", "a", header.ErrName, -1, ""},
		{"a name beyond ASCII", "Ä", "a", header.ErrName, -1, ""},
		{"secrets are not shown", "set-cookie", "sid=secret\n", header.ErrValue, 10, "header Set-Cookie at byte 10: control character in value"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for _, set := range []func(*header.List, string, string){(*header.List).Add, (*header.List).Set} {
				var l header.List
				l.Add("A", "old")
				set(&l, tt.field, tt.value)
				set(&l, "Other", "\n")
				assert.Equal(t, "A: old\n", dump(&l), "a refused field is not stored")
				err := l.Err()
				require.ErrorIs(t, err, tt.want)
				fe, ok := errors.AsType[*header.FieldError](err)
				require.True(t, ok)
				assert.Equal(t, tt.offset, fe.Offset)
				assert.Equal(t, tt.value, fe.Value)
				if tt.text != "" {
					assert.Equal(t, tt.text, err.Error())
				}
				c := l.Clone()
				assert.Equal(t, err, c.Err())
				l.Reset()
				assert.NoError(t, l.Err())
			}
		})
	}
}

// Every byte at every place of the eight that are looked at together.
func TestListRefusesEveryControl(t *testing.T) {
	for c := range 256 {
		for at := range 10 {
			v := []byte("\t ~\x80\xff 789")
			v = slices.Insert(v, at, byte(c))
			var l header.List
			l.Set("A", string(v))
			bad := c < 0x20 && c != '\t' || c == 0x7f
			assert.Equal(t, bad, l.Err() != nil, "byte %#x at %d", c, at)
		}
	}
}

func TestListIsBounded(t *testing.T) {
	var l header.List
	for i := range 1000 {
		l.Add("X-"+strconv.Itoa(i), "v")
	}
	require.NoError(t, l.Err())
	l.Set("X-5", "w")
	require.NoError(t, l.Err(), "replacing needs no room")
	l.Set("Y", "v")
	require.ErrorIs(t, l.Err(), header.ErrTooMany)
	l.Add("Y", "v")
	assert.Equal(t, 1000, l.Len())
	assert.Empty(t, l.Get("Y"))
}

func TestListCloneSharesNothing(t *testing.T) {
	var l header.List
	l.Add("Content-Type", "a/b")
	l.Add("A", "1")
	c := l.Clone()
	c.Set("A", "2")
	c.Set("Content-Type", "c/d")
	c.Add("B", "3")
	assert.Equal(t, "Content-Type: a/b\nA: 1\n", dump(&l))
	assert.Equal(t, "Content-Type: c/d\nA: 2\nB: 3\n", dump(&c))
}

func TestListWhileRanging(t *testing.T) {
	var l header.List
	l.Add("Content-Type", "a/b")
	l.Add("A", "1")
	for name := range l.All() {
		if name == "A" {
			l.Reset()
		}
	}
	assert.Zero(t, l.Len())
	l.Add("A", "1")
	for range l.All() {
		break
	}
}

func TestListOfHeader(t *testing.T) {
	h := http.Header{"Content-Type": {"a/b"}, "Set-Cookie": {"a", "b"}, "x-low": {"1"}, "Bad Name": {"x"}, "None": nil}
	l := header.FromHeader(h)
	require.ErrorIs(t, l.Err(), header.ErrName)
	assert.Equal(t, []string{"a", "b"}, l.Values("Set-Cookie"))
	assert.Equal(t, "1", l.Get("X-Low"))
	assert.Equal(t, 4, l.Len())

	back := l.HTTPHeader()
	assert.Equal(t, http.Header{"Content-Type": {"a/b"}, "Set-Cookie": {"a", "b"}, "X-Low": {"1"}}, back)
	back["Content-Type"][0] = "changed"
	assert.Equal(t, "a/b", l.Get("Content-Type"))
}

func TestAppendTo(t *testing.T) {
	tests := []struct {
		name string
		list []string
		have http.Header
		want http.Header
	}{
		{"nothing", nil, http.Header{"A": {"1"}}, http.Header{"A": {"1"}}},
		{"a common type", []string{"Content-Type", "application/json"}, http.Header{}, http.Header{"Content-Type": {"application/json"}}},
		{"another type", []string{"Content-Type", "x/y"}, http.Header{}, http.Header{"Content-Type": {"x/y"}}},
		{"the list wins", []string{"A", "2", "Content-Type", "x/y"}, http.Header{"A": {"1", "0"}, "Content-Type": {"a/b"}, "B": {"1"}},
			http.Header{"A": {"2"}, "Content-Type": {"x/y"}, "B": {"1"}}},
		{"Set-Cookie and Vary add up", []string{"Set-Cookie", "b", "Vary", "Accept"}, http.Header{"Set-Cookie": {"a"}, "Vary": {"Origin"}},
			http.Header{"Set-Cookie": {"a", "b"}, "Vary": {"Origin", "Accept"}}},
		{"equal names of the list add up", []string{"Set-Cookie", "b", "A", "1", "Set-Cookie", "c", "A", "2", "B", "0"}, http.Header{"Set-Cookie": {"a"}, "A": {"0"}},
			http.Header{"Set-Cookie": {"a", "b", "c"}, "A": {"1", "2"}, "B": {"0"}}},
		{"two content types", []string{"Content-Type", "application/json", "Content-Type", "x/y"}, http.Header{"Content-Type": {"z/z"}},
			http.Header{"Content-Type": {"application/json", "x/y"}}},
		{"two content types, the first empty", []string{"Content-Type", "", "Content-Type", "x/y"}, http.Header{"Content-Type": {"z/z"}},
			http.Header{"Content-Type": {"", "x/y"}}},
	}
	for _, tt := range tests {
		for _, long := range []bool{false, true} {
			t.Run(fmt.Sprint(tt.name, " long ", long), func(t *testing.T) {
				var l header.List
				want := maps.Clone(tt.want)
				for i := 0; i < len(tt.list); i += 2 {
					l.Add(tt.list[i], tt.list[i+1])
				}
				if long {
					for i := range 100 {
						l.Add("Z-"+strconv.Itoa(i), "z")
						want["Z-"+strconv.Itoa(i)] = []string{"z"}
					}
				}
				before := dump(&l)
				have := make(http.Header)
				for k, v := range tt.have {
					have[k] = append(make([]string, 0, 10), v...)
				}
				l.AppendTo(have)
				assert.Equal(t, want, have)
				for name, vals := range have {
					if l.Has(name) && !(len(vals) > 1) {
						assert.Equal(t, 1, cap(vals), "%s: an append must not run into its neighbour", name)
					}
				}
				have.Add("Z-0", "more")
				assert.Equal(t, before, dump(&l))
			})
		}
	}
}

func TestListAllocations(t *testing.T) {
	assert.Equal(t, uintptr(24), unsafe.Sizeof(header.List{}))
	h := http.Header{"Content-Type": nil, "A": nil, "B": nil}

	one := func() {
		var l header.List
		l.Set("Content-Type", "text/plain; charset=utf-8")
		l.AppendTo(h)
	}
	assert.Zero(t, testing.AllocsPerRun(100, one), "a common Content-Type alone")

	var l header.List
	l.Add("B", "0")
	assert.Zero(t, testing.AllocsPerRun(100, func() {
		l.Reset()
		l.Add("Content-Type", "a/b")
		for range 8 {
			l.Add("A", "1")
		}
		l.Set("A", "2")
		_ = l.Get("content-type")
		_ = l.Has("b")
		l.Del("a")
	}), "once the block is there")

	l.Reset()
	l.Add("Content-Type", "a/b")
	l.Add("A", "1")
	l.Add("B", "1")
	l.Add("A", "2")
	assert.EqualValues(t, 1, testing.AllocsPerRun(100, func() { l.AppendTo(h) }), "one for all values")
	assert.EqualValues(t, 1, testing.AllocsPerRun(100, func() {
		var l header.List
		for range 8 {
			l.Add("A", "1")
		}
	}), "the block")
	assert.EqualValues(t, 1, testing.AllocsPerRun(100, func() {
		var l header.List
		l.Grow(2)
		l.Add("A", "1")
		l.Add("B", "1")
	}), "the small block")
}

func TestListGrows(t *testing.T) {
	tests := []struct {
		name string
		do   func(l *header.List)
	}{
		{"from Set", func(l *header.List) { l.Set("X-0", "0") }},
		{"from Add", func(l *header.List) { l.Add("X-0", "0") }},
		{"from no room", func(l *header.List) { l.Grow(0); l.Add("X-0", "0") }},
		{"from little room", func(l *header.List) { l.Grow(2); l.Add("X-0", "0") }},
		{"from much room", func(l *header.List) { l.Grow(20); l.Add("X-0", "0") }},
		{"from more room than it may have", func(l *header.List) { l.Grow(1 << 40); l.Add("X-0", "0") }},
		{"later", func(l *header.List) { l.Add("X-0", "0"); l.Grow(1 << 40) }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var l header.List
			tt.do(&l)
			want := http.Header{"X-0": {"0"}}
			for i := 1; i < 40; i++ {
				name := "X-" + strconv.Itoa(i)
				l.Set(name, "v")
				want.Set(name, "v")
			}
			assert.Equal(t, want, l.HTTPHeader())
			c := l.Clone()
			assert.Equal(t, want, c.HTTPHeader())
			assert.NoError(t, l.Err())
		})
	}
}

var eight = [...][2]string{
	{"X-Request-Id", "7f3b2c"}, {"Cache-Control", "no-cache"}, {"Vary", "Accept"}, {"Etag", `"xyzzy"`},
	{"X-Frame-Options", "DENY"}, {"Server", "gowebob"}, {"Content-Language", "en"}, {"Content-Length", "1024"},
}

func BenchmarkListAddEightAppendTo(b *testing.B) {
	b.ReportAllocs()
	h := make(http.Header)
	for b.Loop() {
		var l header.List
		l.Set("Content-Type", "application/json")
		for _, f := range eight {
			l.Add(f[0], f[1])
		}
		clear(h)
		l.AppendTo(h)
	}
}

func BenchmarkListAddEight(b *testing.B) {
	b.ReportAllocs()
	var l header.List
	for b.Loop() {
		l.Reset()
		for _, f := range eight {
			l.Add(f[0], f[1])
		}
	}
}

// What the same costs with a map: the reason for a List.
func BenchmarkHeaderMapAddEight(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		h := make(http.Header)
		h.Set("Content-Type", "application/json")
		for _, f := range eight {
			h.Add(f[0], f[1])
		}
	}
}

func BenchmarkListSetOne(b *testing.B) {
	b.ReportAllocs()
	var l header.List
	for b.Loop() {
		l.Set("Cache-Control", "no-cache")
	}
}

func BenchmarkListContentTypeAlone(b *testing.B) {
	b.ReportAllocs()
	h := make(http.Header)
	for b.Loop() {
		var l header.List
		l.Set("Content-Type", "application/json")
		l.AppendTo(h)
	}
}

func BenchmarkListGet(b *testing.B) {
	b.ReportAllocs()
	var l header.List
	for _, f := range eight {
		l.Add(f[0], f[1])
	}
	for b.Loop() {
		_ = l.Get("Content-Language")
	}
}

func TestListFraming(t *testing.T) {
	tests := []struct {
		name    string
		fields  []string
		length  string
		chunked bool
	}{
		{"nothing", nil, "", false},
		{"a length, the first of two", []string{"content-length", "5", "Content-Length", "6"}, "5", false},
		{"a trailer", []string{"Trailer", "X"}, "", true},
		{"a coding", []string{"Transfer-Encoding", "chunked", "Content-Length", "5"}, "5", true},
		{"names of the same length", []string{"Servers", "x", "X-Content-Long", "5"}, "", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var l header.List
			for i := 0; i < len(tt.fields); i += 2 {
				l.Add(tt.fields[i], tt.fields[i+1])
			}
			length, chunked := l.Framing()
			assert.Equal(t, tt.length, length)
			assert.Equal(t, tt.chunked, chunked)
		})
	}
}

func TestListContentType(t *testing.T) {
	var l header.List
	assert.Empty(t, l.ContentType())
	l.SetContentType("a/b")
	assert.Equal(t, "a/b", l.ContentType())
	l.Add("X", "1")
	l.SetContentType("c/d")
	assert.Equal(t, "Content-Type: c/d\nX: 1\n", dump(&l))
	l.SetContentType("")
	assert.Equal(t, "X: 1\nContent-Type: \n", dump(&l))
	assert.Empty(t, l.ContentType())
	l.Reset()
	l.Set("Content-Type", "")
	l.Add("Content-Type", "e/f")
	assert.Empty(t, l.ContentType(), "the first counts")

	var bad header.List
	bad.SetContentType("a/b\r\n")
	require.ErrorIs(t, bad.Err(), header.ErrValue)
	assert.Zero(t, bad.Len())
}

// Nothing takes more time than its length allows: each of these is 256 KiB,
// and quadratic work would take minutes.
func TestLongFieldsTakeLinearTime(t *testing.T) {
	const size = 1 << 18
	for name, unit := range map[string]string{
		"commas": ",", "spaces": " ", "quotes": `"`, "escapes": `\"`, "tags": `"a",`, "names": "a,", "params": "a=b;", "opened": "<", "parens": "(",
		"semicolons": ";", "digits": "9", "dashes": "-", "equals": "=", "ranges": "0-,", "elements": "a=b,", "schemes": "a b=c,", "links": "<a>,",
	} {
		t.Run(name, func(t *testing.T) {
			for _, s := range []string{strings.Repeat(unit, size/len(unit)), "a" + strings.Repeat(unit, size/len(unit)), "bytes=" + strings.Repeat(unit, size/len(unit)), `"` + strings.Repeat(unit, size/len(unit))} {
				for _, name := range []string{"Range", "Cache-Control", "If-None-Match", "Www-Authenticate", "Link", "Forwarded", "Content-Type", "Content-Disposition", "X", "Vary", "Age", "Expires"} {
					h := http.Header{name: {s}}
					_, _ = header.Range.Get(h)
					_, _ = header.CacheControl.Get(h)
					_, _ = header.IfNoneMatchHolds(h, `"x"`)
					_, _ = header.Challenges.Get(h)
					_, _ = header.Link.Get(h)
					_, _ = header.Forwarded.Get(h)
					_, _ = header.ContentType.Get(h)
					_, _ = header.ContentDisposition.Get(h)
					_, _ = header.Vary.Get(h)
					_, _ = header.Age.Get(h)
					_, _ = header.Expires.Get(h)
					_, _ = header.NewItemList("X").Get(h)
					_, _ = header.NewDictionary("X").Get(h)
				}
			}
		})
	}
}

func TestListUsesRoom(t *testing.T) {
	var one struct {
		l    header.List
		room header.Room
	}
	one.l.Use(&one.room)
	assert.Zero(t, one.l.Len())
	h := http.Header{}
	one.l.SetContentType("text/plain")
	assert.True(t, one.l.LendPlainTo(h), "room alone is no field")
	assert.Zero(t, testing.AllocsPerRun(1, func() { one.l.Set("A", "1"); one.l.Set("B", "2") }), "in the room")
	for _, name := range []string{"C", "D", "E"} {
		one.l.Add(name, "x")
	}
	one.l.Use(new(header.Room))
	assert.Equal(t, "Content-Type: text/plain\nA: 1\nB: 2\nC: x\nD: x\nE: x\n", dump(&one.l), "Use changes no fields")
	assert.True(t, one.l.LendPlainTo(h), "fields of one's own are stored as they are")
}

func TestLendPlainToTellsOfRefusals(t *testing.T) {
	var l header.List
	l.SetContentType("text/plain")
	l.Set("X", "a\nb")
	assert.False(t, l.LendPlainTo(http.Header{}))
	l.Reset()
	assert.False(t, l.LendPlainTo(http.Header{}), "no type")
}
