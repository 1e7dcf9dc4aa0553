package conformance

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestEqualJSON(t *testing.T) {
	for _, test := range []struct {
		name, a, b string
		want       bool
	}{
		{"numbers by value", `1`, `1.0`, true},
		{"exponents", `100`, `1e2`, true},
		{"decimals as written", `0.372`, `0.3720`, true},
		{"near is not equal", `0.372`, `0.3720000001`, false},
		{"whole numbers to the last digit", `9223372036854775807`, `9223372036854775806`, false},
		{"a number is no text", `1`, `"1"`, false},
		{"null is not false", `null`, `false`, false},
		{"null is no empty list", `null`, `[]`, false},
		{"false is no empty object", `false`, `{}`, false},
		{"members have no order", `{"a":1,"b":2}`, `{"b":2,"a":1}`, true},
		{"members are counted", `{"a":1}`, `{"a":1,"b":null}`, false},
		{"a member is missing", `{"a":null}`, `{"b":null}`, false},
		{"lists have order", `[1,2]`, `[2,1]`, false},
		{"lists are counted", `[1]`, `[1,1]`, false},
		{"escapes are the same text", `"\u00e9"`, `"é"`, true},
		{"refused steps are equal", `[{"err":"KeyError"}]`, `[{"err":"*errors.x"}]`, true},
		{"a refused step is no value", `[{"err":"KeyError"}]`, `[{}]`, false},
		{"err with company is data", `{"err":"a","x":1}`, `{"err":"b","x":1}`, false},
		{"huge exponents are compared as text", `1e999999999`, `1e999999999`, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			a, b := mustDecode([]byte(test.a)), mustDecode([]byte(test.b))
			assert.Equal(t, test.want, equalJSON(a, b))
			assert.Equal(t, test.want, equalJSON(b, a))
		})
	}
}

func TestDecodeJSONTakesOneValue(t *testing.T) {
	_, err := decodeJSON([]byte(`1 2`))
	assert.Error(t, err)
}

func TestFoldHeaders(t *testing.T) {
	same := func(a, b string) bool {
		return equalJSON(FoldHeaders(mustDecode([]byte(a))), FoldHeaders(mustDecode([]byte(b))))
	}
	assert.True(t, same(`[["A","1"],["B","2"]]`, `[["b","2"],["a","1"]]`), "names without case, in any order")
	assert.True(t, same(`[["A","1"],["B","2"],["a","3"]]`, `[["B","2"],["A","1"],["A","3"]]`))
	assert.False(t, same(`[["A","1"],["a","2"]]`, `[["A","2"],["A","1"]]`), "equal names keep their order")
	assert.False(t, same(`[["A","x"]]`, `[["A","X"]]`), "values with case")
	assert.True(t, same(`[["Set-Cookie","a=1; expires=Mon, 02-Jan-2006 15:04:05 GMT; Path=/"]]`,
		`[["Set-Cookie","a=1; expires=Mon, 02 Jan 2006 15:04:05 GMT; Path=/"]]`), "the instant of a cookie")
	assert.False(t, same(`[["Set-Cookie","a=1; expires=Mon, 02-Jan-2006 15:04:05 GMT"]]`,
		`[["Set-Cookie","a=1; expires=Mon, 02 Jan 2006 15:04:06 GMT"]]`))
	assert.Equal(t, json.Number("1"), FoldHeaders(json.Number("1")), "what is no list stays")
}

func TestEditing(t *testing.T) {
	headers := mustDecode([]byte(`[["A","1"],["B","2"],["a","3"]]`))
	assert.Equal(t, []string{"1", "3"}, HeaderValues(headers, "a"))
	assert.Equal(t, `[["B","2"]]`, jsonText(DropHeader(headers, "A")))
	assert.Equal(t, `[["A","1!"],["B","2"],["a","3!"]]`, jsonText(EditHeader(headers, "a", func(s string) string { return s + "!" })))
	assert.Equal(t, `[["B","2"],["A","9"]]`, jsonText(SetHeader(headers, "A", "9")))
	assert.Equal(t, `[["A","1"],["B","2"],["a","3"]]`, jsonText(headers), "the original stays")

	object := mustDecode([]byte(`{"a":1,"b":2}`))
	assert.Equal(t, `{"a":[1],"b":2}`, jsonText(Edit(object, "a", func(v any) any { return []any{v} })))
	assert.Equal(t, object, Edit(object, "z", func(any) any { return 1 }))
	assert.Equal(t, `{"a":1,"b":2,"c":3}`, jsonText(With(object, "c", 3)))
	assert.Equal(t, `{"b":2}`, jsonText(Without(object, "a")))
	assert.Equal(t, `{"a":1,"b":2}`, jsonText(object), "the original stays")
}

func TestFoldBodies(t *testing.T) {
	assert.Equal(t, "a b c", FoldSpace("\n a \t b\n\nc "))
	assert.True(t, equalJSON(FoldBody(`{"a": "\u00e9", "b": 1}`), FoldBody(`{"b":1,"a":"é"}`)))
	assert.Equal(t, "1", FoldBody("1"), "a text that happens to be a number stays text")
	assert.Equal(t, "{x", FoldBody("{x"))

	var zipped bytes.Buffer
	w := gzip.NewWriter(&zipped)
	w.Write([]byte("\xffhello"))
	w.Close()
	assert.Equal(t, "ÿhello", Gunzip(Latin(zipped.Bytes())))
	assert.Equal(t, "no gzip", Gunzip("no gzip"))
}

func TestNotation(t *testing.T) {
	assert.Equal(t, "é", Latin("\xe9"))
	b, err := LatinBytes("é\x00")
	require.NoError(t, err)
	assert.Equal(t, []byte{0xe9, 0}, b)
	_, err = LatinBytes("€")
	assert.Error(t, err)
	assert.Panics(t, func() { Raw("€") })

	when := time.Date(2006, 1, 2, 15, 4, 5, 0, time.UTC)
	decoded := Value(mustDecode([]byte(`{"b":{"$bytes":"\u00e9"},"d":{"$date":1136214245},"l":[{"$delta":-1.5}],
		"t":{"$tuple":[1,{"$bytes":""}]},"n":{"$float":"nan"},"i":{"$float":"-inf"}}`))).(map[string]any)
	assert.Equal(t, []byte{0xe9}, decoded["b"])
	assert.Equal(t, when, decoded["d"])
	assert.Equal(t, []any{-1500 * time.Millisecond}, decoded["l"])
	assert.Equal(t, Tuple{json.Number("1"), []byte{}}, decoded["t"])
	assert.True(t, math.IsNaN(decoded["n"].(float64)))
	assert.Equal(t, math.Inf(-1), decoded["i"])

	assert.Equal(t, `[{"$bytes":"é"},{"$date":1136214245},{"$delta":60},{"$float":"nan"},{"$float":"inf"},{"$float":"-inf"},1.5,"x"]`,
		jsonText(Notation([]any{[]byte{0xe9}, when, time.Minute, math.NaN(), math.Inf(1), math.Inf(-1), 1.5, "x"})))
	assert.Equal(t, `{"err":"*errors.errorString"}`, jsonText(Step(1, errors.New("x"))))
	assert.Equal(t, 1, Step(1, nil))
	assert.Equal(t, []string{"a", "b"}, SortedKeys(map[string]int{"b": 1, "a": 2}))
}
