package header_test

import (
	"errors"
	"net/http"
	"net/textproto"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gowebob/gowebob/webob/header"
)

var errOdd = errors.New("odd number")

// quota is a field as a user would make one: an even number.
var quota = header.NewField("x-quota", func(lines []string) (int, error) {
	if lines[0] == "" {
		return 0, header.ErrAbsent
	}
	n, err := strconv.Atoi(lines[0])
	if err != nil {
		return 0, &header.FieldError{Value: lines[0], Offset: 0, Err: header.ErrSyntax}
	}
	if n%2 == 1 {
		return 0, errOdd
	}
	return n, nil
}, func(n int) (string, error) {
	switch {
	case n == 0:
		return "", header.ErrAbsent
	case n%2 == 1:
		return "", errOdd
	case n == 666:
		return "6\r\n6", nil
	}
	return strconv.Itoa(n), nil
})

// otherMap is a Map that this package does not know.
type otherMap struct{ textproto.MIMEHeader }

// eachMap runs a test for the three kinds of maps.
func eachMap(t *testing.T, f func(t *testing.T, h header.Map)) {
	t.Run("http.Header", func(t *testing.T) { f(t, http.Header{}) })
	t.Run("List", func(t *testing.T) { f(t, new(header.List)) })
	t.Run("other", func(t *testing.T) { f(t, otherMap{textproto.MIMEHeader{}}) })
}

func TestField(t *testing.T) {
	assert.Equal(t, "X-Quota", quota.Name())
	eachMap(t, func(t *testing.T, h header.Map) {
		n, ok, err := quota.Lookup(h)
		assert.Equal(t, 0, n)
		assert.False(t, ok)
		require.NoError(t, err)
		_, ok = quota.Get(h)
		assert.False(t, ok)

		require.NoError(t, quota.Set(h, 12))
		assert.Equal(t, "12", h.Get("X-Quota"))
		n, ok, err = quota.Lookup(h)
		assert.Equal(t, 12, n)
		assert.True(t, ok)
		require.NoError(t, err)
		n, ok = quota.Get(h)
		assert.Equal(t, 12, n)
		assert.True(t, ok)

		err = quota.Set(h, 7)
		require.ErrorIs(t, err, errOdd)
		assert.Equal(t, `header X-Quota: "": odd number`, err.Error())
		err = quota.Set(h, 666)
		require.ErrorIs(t, err, header.ErrValue)
		fe, ok := errors.AsType[*header.FieldError](err)
		require.True(t, ok)
		assert.Equal(t, header.FieldError{Name: "X-Quota", Value: "6\r\n6", Offset: 1, Err: header.ErrValue}, *fe)
		assert.Equal(t, "12", h.Get("X-Quota"), "what is refused changes nothing")

		require.NoError(t, quota.Set(h, 0))
		assert.Empty(t, h.Values("X-Quota"), "ErrAbsent from format takes it away")

		h.Set("X-Quota", "")
		_, ok, err = quota.Lookup(h)
		assert.False(t, ok)
		require.NoError(t, err, "ErrAbsent from parse is no error")

		h.Set("X-Quota", "many")
		_, ok = quota.Get(h)
		assert.False(t, ok, "bad reads as absent")
		_, ok, err = quota.Lookup(h)
		assert.False(t, ok)
		require.ErrorIs(t, err, header.ErrSyntax)
		assert.Equal(t, `header X-Quota: many at byte 0: malformed`, err.Error())

		h.Set("X-Quota", "3")
		_, _, err = quota.Lookup(h)
		require.ErrorIs(t, err, errOdd)
		assert.Equal(t, `header X-Quota: 3: odd number`, err.Error())

		quota.Del(h)
		assert.Empty(t, h.Values("X-Quota"))
	})
}

func TestNewFieldPanicsOnBadName(t *testing.T) {
	assert.PanicsWithValue(t, `header: NewField: "a b" is not a token`, func() {
		header.NewField[int]("a b", nil, nil)
	})
}

func TestFieldSeesEveryLine(t *testing.T) {
	lines := header.NewField("Content-Type", func(lines []string) (int, error) { return len(lines), nil }, nil)
	eachMap(t, func(t *testing.T, h header.Map) {
		for want := range 3 {
			n, ok := lines.Get(h)
			assert.Equal(t, want, n)
			assert.Equal(t, want > 0, ok)
			h.Add("Content-Type", "a/b")
		}
	})
}

func TestFieldDoesNotAllocate(t *testing.T) {
	h, l := http.Header{"A": {"1"}}, new(header.List)
	l.Add("A", "1")
	get := func() {
		_, _ = quota.Get(h)
		_, _ = quota.Get(l)
		_, _, _ = quota.Lookup(h)
		_, _, _ = quota.Lookup(l)
	}
	assert.Zero(t, testing.AllocsPerRun(100, get), "absent")
	h.Set("X-Quota", "12")
	l.Set("X-Quota", "12")
	assert.Zero(t, testing.AllocsPerRun(100, get), "one line")
}

func BenchmarkFieldGetAbsent(b *testing.B) {
	l := new(header.List)
	l.Add("A", "1")
	for name, h := range map[string]header.Map{"Header": http.Header{"A": {"1"}}, "List": l} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				_, _ = quota.Get(h)
			}
		})
	}
}
