package header_test

import (
	"encoding/base32"
	"encoding/json"
	"math"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gowebob/gowebob/webob/header"
)

func TestStructuredItem(t *testing.T) {
	field := header.NewItem("Example")
	tests := []struct {
		name, in string
		want     any // nil: bad
		text     string
	}{
		{"an integer", "42", int64(42), ""},
		{"minus zero", "-0", int64(0), "0"},
		{"leading zeros", "007", int64(7), "7"},
		{"15 digits", "-999999999999999", int64(-999999999999999), ""},
		{"16 digits", "1000000000000000", nil, ""},
		{"a decimal", "4.5", 4.5, ""},
		{"three digits behind the point", "-0.125", -0.125, ""},
		{"four digits behind the point", "0.1255", nil, ""},
		{"12 digits before the point", "999999999999.9", 999999999999.9, ""},
		{"13 digits before the point", "1000000000000.0", nil, ""},
		{"no digit behind the point", "1.", nil, ""},
		{"two points", "1.2.3", nil, ""},
		{"a sign alone", "-", nil, ""},
		{"a plus sign", "+1", nil, ""},
		{"a string", `"a \"b\" \\"`, `a "b" \`, ""},
		{"another escape", `"\a"`, nil, ""},
		{"an escape at the end", `"\`, nil, ""},
		{"an open string", `"a`, nil, ""},
		{"a string beyond ASCII", "\"\xc3\xa4\"", nil, ""},
		{"a tab in a string", "\"\t\"", nil, ""},
		{"a token", "a/b:c", header.Token("a/b:c"), ""},
		{"a token with a star", "*foo", header.Token("*foo"), ""},
		{"a token that starts with something else", "_a", nil, ""},
		{"bytes", ":aGVsbG8=:", []byte("hello"), ""},
		{"no bytes", "::", []byte{}, ""},
		{"bytes without padding", ":aGVsbG8:", []byte("hello"), ":aGVsbG8=:"},
		{"bytes with a line end", ":aGVs\nbG8=:", nil, ""},
		{"bytes with padding inside", ":aG=VsbG8=:", nil, ""},
		{"bytes with much padding", ":aGVsbG8===:", nil, ""},
		{"open bytes", ":aGVsbG8=", nil, ""},
		{"true", "?1", true, ""},
		{"false", "?0", false, ""},
		{"another boolean", "?2", nil, ""},
		{"a date", "@1659578233", time.Date(2022, 8, 4, 1, 57, 13, 0, time.UTC), ""},
		{"a date before 1970", "@-1", time.Unix(-1, 0).UTC(), ""},
		{"a date with a fraction", "@1.5", nil, ""},
		{"a display string", `%"f%c3%bc%22%25"`, header.DisplayString(`fü"%`), ""},
		{"a display string in capitals", `%"f%C3%BC"`, nil, ""},
		{"a display string that is no UTF-8", `%"%ff"`, nil, ""},
		{"half an escape", `%"%c"`, nil, ""},
		{"an open display string", `%"a`, nil, ""},
		{"no display string", `%a"`, nil, ""},
		{"a control character in a display string", "%\"\x01\"", nil, ""},
		{"spaces around", "  1  ", int64(1), "1"},
		{"a tab before", "\t1", nil, ""},
		{"nothing", "", nil, ""},
		{"two", "1, 2", nil, ""},
		{"an inner list", "(1)", nil, ""},
		{"something behind", "1a", nil, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := http.Header{"Example": {tt.in}}
			got, ok, err := field.Lookup(h)
			assert.Equal(t, tt.want != nil, ok)
			assert.Equal(t, tt.want == nil, err != nil)
			if tt.want == nil {
				require.ErrorIs(t, err, header.ErrSyntax)
				return
			}
			assert.Equal(t, tt.want, got.Value)
			require.NoError(t, field.Set(h, got))
			if tt.text == "" {
				tt.text = tt.in
			}
			assert.Equal(t, tt.text, h.Get("Example"))
		})
	}
}

func TestStructuredParams(t *testing.T) {
	item, err := header.ParseItem(`a;b; c=1;d="x";b=?0`)
	require.NoError(t, err)
	assert.Equal(t, header.ItemParams{{"b", false}, {"c", int64(1)}, {"d", "x"}}, item.Params, "the last counts, in the place of the first")
	v, ok := item.Params.Get("c")
	assert.True(t, ok)
	assert.Equal(t, int64(1), v)
	_, ok = item.Params.Get("C")
	assert.False(t, ok)
	for _, in := range []string{"a;", "a;B", "a ;b", "a;b=", "a;b =1", "a;1"} {
		_, err := header.ParseItem(in)
		require.ErrorIs(t, err, header.ErrSyntax, in)
	}
}

func TestStructuredListAndDictionary(t *testing.T) {
	h := http.Header{"List": {`token;a, ("x" 1);b=2`, `:aGk=:`}, "Dict": {"a=1,\tb;x, c=(1 2)", "a=?0, d=?1;y=1"}}
	list, dict := header.NewItemList("List"), header.NewDictionary("Dict")
	l, ok := list.Get(h)
	require.True(t, ok)
	assert.Equal(t, []header.Item{
		{header.Token("token"), header.ItemParams{{"a", true}}},
		{header.InnerList{{"x", nil}, {int64(1), nil}}, header.ItemParams{{"b", int64(2)}}},
		{[]byte("hi"), nil},
	}, l)
	require.NoError(t, list.Set(h, l))
	assert.Equal(t, `token;a, ("x" 1);b=2, :aGk=:`, h.Get("List"))
	d, ok := dict.Get(h)
	require.True(t, ok)
	require.NoError(t, dict.Set(h, d))
	assert.Equal(t, `a=?0, b;x, c=(1 2), d;y=1`, h.Get("Dict"))
	a, ok := d.Get("a")
	assert.True(t, ok)
	assert.Equal(t, false, a.Value)
	_, ok = d.Get("z")
	assert.False(t, ok)
	d.Set("a", header.Item{Value: 5})
	d.Set("z", header.Item{Value: header.Token("t")})
	require.NoError(t, dict.Set(h, d))
	assert.Equal(t, `a=5, b;x, c=(1 2), d;y=1, z=t`, h.Get("Dict"))

	for _, in := range []string{"a,", ",a", "a b", "a,,b", "(a", "(a,b)", "(a)b", "((a))", "a\t"} {
		_, err := header.ParseItemList(in)
		assert.Equal(t, in != "a\t", err != nil, "%q", in) // OWS may end a list's member
	}
	for _, in := range []string{"a=1,", "A=1", "a=", "=1", "a=1 b=2", "1"} {
		_, err := header.ParseDictionary(in)
		require.ErrorIs(t, err, header.ErrSyntax, in)
	}
	empty, err := header.ParseItemList("")
	require.NoError(t, err)
	require.NoError(t, list.Set(h, empty))
	require.NoError(t, dict.Set(h, nil))
	assert.Empty(t, h, "what is empty is not sent")
}

func TestStructuredRefuses(t *testing.T) {
	values := map[string]any{
		"an integer of 16 digits": int64(1e15), "a large decimal": 1e12, "NaN": math.NaN(), "infinite": math.Inf(-1),
		"a control character": "a\n", "beyond ASCII": "ä", "no token": header.Token("a b"), "a token that starts with a digit": header.Token("1a"),
		"an empty token": header.Token(""), "no UTF-8": header.DisplayString("\xff"), "a far date": time.Unix(1e15, 0),
		"another type": uint8(1), "nothing": nil, "an inner list": header.InnerList{},
	}
	for name, v := range values {
		t.Run(name, func(t *testing.T) {
			require.Error(t, header.NewItem("X").Set(http.Header{}, header.Item{Value: v}))
			require.Error(t, header.NewItemList("X").Set(http.Header{}, []header.Item{{Value: header.InnerList{{Value: v}}}}))
			require.Error(t, header.NewDictionary("X").Set(http.Header{}, header.Dictionary{{"a", header.Item{Value: 1, Params: header.ItemParams{{"b", v}}}}}))
		})
	}
	for _, key := range []string{"", "A", "1", "a b", "ä"} {
		require.Error(t, header.NewItem("X").Set(http.Header{}, header.Item{Value: 1, Params: header.ItemParams{{key, 1}}}))
		require.Error(t, header.NewDictionary("X").Set(http.Header{}, header.Dictionary{{key, header.Item{Value: 1}}}))
	}
}

// sfRecord is a test of the HTTP working group's suite.
type sfRecord struct {
	Name       string
	Raw        []string
	HeaderType string `json:"header_type"`
	Expected   any
	MustFail   bool `json:"must_fail"`
	CanFail    bool `json:"can_fail"`
	Canonical  *[]string
}

// TestStructuredSuite plays the HTTP working group's test data for RFC 9651
// (github.com/httpwg/structured-field-tests). They are not part of this
// repository: STRUCTURED_FIELDS_DIR names their folder, else it is looked for
// beside the checkout.
func TestStructuredSuite(t *testing.T) {
	dir := os.Getenv("STRUCTURED_FIELDS_DIR")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared", "structured-fields")
	}
	files, _ := filepath.Glob(filepath.Join(dir, "*.json"))
	if len(files) == 0 {
		t.Skip("no test data: set STRUCTURED_FIELDS_DIR to a copy of github.com/httpwg/structured-field-tests")
	}
	more, _ := filepath.Glob(filepath.Join(dir, "serialisation-tests", "*.json"))
	n := 0
	for _, file := range append(files, more...) {
		raw, err := os.ReadFile(file)
		require.NoError(t, err)
		var records []sfRecord
		dec := json.NewDecoder(strings.NewReader(string(raw)))
		dec.UseNumber()
		require.NoError(t, dec.Decode(&records))
		for _, r := range records {
			n++
			t.Run(filepath.Base(file)+"/"+r.Name, func(t *testing.T) { playSF(t, r) })
		}
	}
	t.Logf("%d records", n)
}

func playSF(t *testing.T, r sfRecord) {
	switch r.HeaderType {
	case "item":
		playSFField(t, r, header.NewItem("X"), func(v any) header.Item { return sfItem(v) })
	case "list":
		playSFField(t, r, header.NewItemList("X"), func(v any) []header.Item {
			list := []header.Item{}
			for _, m := range v.([]any) {
				list = append(list, sfItem(m))
			}
			return list
		})
	case "dictionary":
		playSFField(t, r, header.NewDictionary("X"), func(v any) header.Dictionary {
			d := header.Dictionary{}
			for _, m := range v.([]any) {
				d = append(d, header.Entry{Name: m.([]any)[0].(string), Item: sfItem(m.([]any)[1])})
			}
			return d
		})
	default:
		t.Fatal("unknown type", r.HeaderType)
	}
}

func playSFField[T any](t *testing.T, r sfRecord, field header.Field[T], expected func(any) T) {
	h := http.Header{}
	if r.Raw == nil { // to be written only
		err := field.Set(h, expected(r.Expected))
		assert.Equal(t, r.MustFail, err != nil)
		if err == nil {
			assert.Equal(t, *r.Canonical, h["X"])
		}
		return
	}
	h["X"] = r.Raw
	got, ok, err := field.Lookup(h)
	if r.MustFail {
		assert.False(t, ok)
		assert.Error(t, err)
		return
	}
	if r.CanFail && err != nil {
		return
	}
	require.NoError(t, err)
	want := expected(r.Expected)
	assert.Equal(t, want, got)
	require.NoError(t, field.Set(h, got))
	canonical := r.Raw
	if r.Canonical != nil {
		canonical = *r.Canonical
	}
	if len(canonical) == 0 {
		canonical = nil
	}
	assert.Equal(t, canonical, h["X"])
}

// sfItem reads [bare item or inner list, parameters].
func sfItem(v any) header.Item {
	item := header.Item{}
	if inner, ok := v.([]any)[0].([]any); ok {
		list := header.InnerList{}
		for _, x := range inner {
			list = append(list, sfItem(x))
		}
		item.Value = list
	} else {
		item.Value = sfBare(v.([]any)[0])
	}
	for _, p := range v.([]any)[1].([]any) {
		item.Params = append(item.Params, header.ItemParam{Name: p.([]any)[0].(string), Value: sfBare(p.([]any)[1])})
	}
	return item
}

func sfBare(v any) any {
	switch v := v.(type) {
	case json.Number:
		if n, err := v.Int64(); err == nil {
			return n
		}
		f, err := v.Float64()
		if err != nil {
			panic(err)
		}
		return f
	case map[string]any:
		switch v["__type"] {
		case "token":
			return header.Token(v["value"].(string))
		case "displaystring":
			return header.DisplayString(v["value"].(string))
		case "date":
			n, err := v["value"].(json.Number).Int64()
			if err != nil {
				panic(err)
			}
			return time.Unix(n, 0).UTC()
		case "binary":
			b, err := base32.StdEncoding.DecodeString(v["value"].(string))
			if err != nil {
				panic(err)
			}
			return b
		}
		panic("unknown type")
	}
	return v
}

func BenchmarkParseDictionary(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		_, _ = header.ParseDictionary("u=3, i")
	}
}

// Many members of different names must not take quadratic time.
func TestStructuredManyNames(t *testing.T) {
	var b strings.Builder
	for i := range 20000 {
		b.WriteString("a" + strconv.Itoa(i%10000) + "=" + strconv.Itoa(i) + ",")
	}
	d, err := header.ParseDictionary(b.String() + "z;" + strings.ReplaceAll(strings.TrimSuffix(b.String(), ","), ",", ";"))
	require.NoError(t, err)
	require.Len(t, d, 10001)
	assert.Equal(t, header.Entry{Name: "a0", Item: header.Item{Value: int64(10000)}}, d[0])
	assert.Len(t, d[10000].Params, 10000)
	v, ok := d[10000].Params.Get("a9999")
	assert.True(t, ok)
	assert.Equal(t, int64(19999), v)
}
