package deploy_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gowebob/gowebob/deploy"
)

type decoded struct {
	Timeout time.Duration
	Hosts   []string `sep:","`
	Size    deploy.Size
	Debug   bool
	N       int
}

type Common struct{ Name string }

type word string

// TestDecode is what settings mean.
func TestDecode(t *testing.T) {
	one := 1
	for _, row := range []struct {
		rule, key, value string
		want             any
		of               func(settings) any
	}{
		{"text is as it is", "name", " a b ", " a b ", func(s settings) any { return s.Name }},
		{"a duration", "timeout", "1m30s", 90 * time.Second, func(s settings) any { return s.Timeout }},
		{"a number is seconds", "timeout", "1.5", 1500 * time.Millisecond, func(s settings) any { return s.Timeout }},
		{"a list at commas", "hosts", "a, b,c d", []string{"a", "b", "c d"}, func(s settings) any { return s.Hosts }},
		{"an empty list", "hosts", "", []string{}, func(s settings) any { return s.Hosts }},
		{"a list at white space", "words", "a b\n c", []word{"a", "b", "c"}, func(s settings) any { return s.Words }},
		{"a size", "size", "10 MiB", deploy.Size(10 << 20), func(s settings) any { return s.Size }},
		{"a list of sizes", "sizes", "1k 2", []deploy.Size{1024, 2}, func(s settings) any { return s.Sizes }},
		{"a switch", "debug", "Yes", true, func(s settings) any { return s.Debug }},
		{"a number", "n", "-128", int8(-128), func(s settings) any { return s.N }},
		{"a number with a plus", "port", "+65535", uint16(65535), func(s settings) any { return s.Port }},
		{"a fraction", "rate", "1e-3", 0.001, func(s settings) any { return s.Rate }},
		{"a pointer", "limit", "1", &one, func(s settings) any { return s.Limit }},
		{"a name made of a field's", "max_body", "7", int64(7), func(s settings) any { return s.MaxBody }},
		{"an initialism", "base_url", "x", "x", func(s settings) any { return s.BaseURL }},
		{"durations", "waits", "1s 2", []time.Duration{time.Second, 2 * time.Second}, func(s settings) any { return s.Waits }},
	} {
		t.Run(row.rule, func(t *testing.T) {
			var s settings
			require.NoError(t, deploy.NewConfig(nil, map[string]string{row.key: row.value}).Decode(&s))
			assert.Equal(t, row.want, row.of(s))
		})
	}
}

type settings struct {
	Common
	Timeout time.Duration
	Hosts   []string `sep:","`
	Words   []word
	Size    deploy.Size
	Sizes   []deploy.Size
	Debug   bool `ini:"debug,global"`
	N       int8
	Port    uint16
	Rate    float64
	Limit   *int
	MaxBody int64
	BaseURL string
	Waits   []time.Duration
	Left    string `ini:"-"`
}

// TestDecodeFaults: the key, what is wrong with it, all at once.
func TestDecodeFaults(t *testing.T) {
	for _, row := range []struct{ rule, key, value, want string }{
		{"no duration", "timeout", "soon", `timeout: "soon" is no duration, as 1m30s, 250ms or 30 (seconds)`},
		{"no switch", "debug", "maybe", `debug: "maybe" is neither true (yes, on, 1) nor false (no, off, 0)`},
		{"no number", "n", "1_0", `n: "1_0" is no whole number`},
		{"digits of another script", "n", "٣", `n: "٣" is no whole number`},
		{"too large for its type", "n", "128", `n: "128" is too large`},
		{"too large for any", "n", strings.Repeat("9", 30), `n: "999999999999999999999999999999" is too large`},
		{"negative", "port", "-1", `port: "-1" is negative`},
		{"no fraction", "rate", "NaN", `rate: "NaN" is no number`},
		{"no size", "size", "10 MeB", `size: "10 MeB" is no size, as 512, 64 KiB or 10 MB`},
		{"one of a list", "sizes", "1 x", `sizes: "x" is no size, as 512, 64 KiB or 10 MB`},
		{"unknown", "tiemout", "1", `tiemout: there is no setting tiemout, did you mean timeout?`},
		{"left alone", "left", "1", `left: there is no setting left`},
		{"with brackets", "n[0]", "1", `n[0]: there is no setting n[0]`},
	} {
		t.Run(row.rule, func(t *testing.T) {
			err := deploy.NewConfig(nil, map[string]string{row.key: row.value}).Decode(new(settings))
			require.ErrorIs(t, err, deploy.Refused)
			assert.Contains(t, err.Error(), row.want)
		})
	}
	err := deploy.NewConfig(nil, map[string]string{"n": "x", "size": "x", "nn": "x"}).Decode(new(settings))
	assert.Len(t, err, 3)
}

// TestDecodeOptions are those of the tag ini.
func TestDecodeOptions(t *testing.T) {
	type options struct {
		Must  string            `ini:"must,required"`
		Debug bool              `ini:"debug,global"`
		Rest  map[string]string `ini:",rest"`
		Keep  int
	}
	o := options{Keep: 3}
	require.NoError(t, deploy.NewConfig(map[string]string{"debug": "on"}, map[string]string{"must": "", "a": "1"}).Decode(&o))
	assert.Equal(t, options{Must: "", Debug: true, Rest: map[string]string{"a": "1"}, Keep: 3}, o)

	o = options{}
	require.NoError(t, deploy.NewConfig(map[string]string{"debug": "on"}, map[string]string{"must": "x", "debug": "off"}).Decode(&o))
	assert.Equal(t, options{Must: "x", Rest: map[string]string{}}, o, "the object's own goes before; rest is never nil")

	assert.ErrorContains(t, deploy.NewConfig(nil, nil).Decode(&o), "the setting must is required")
	assert.ErrorContains(t, deploy.Config{}.Decode(&o), "the setting must is required", "the zero Config has no settings")
}

// TestDecodeRefusesStructs that nothing can fill: a mistake in the program.
func TestDecodeRefusesStructs(t *testing.T) {
	c := deploy.NewConfig(nil, map[string]string{"x": "1"})
	assert.Panics(t, func() { c.Decode(nil) })
	assert.Panics(t, func() { c.Decode(settings{}) })
	assert.Panics(t, func() { c.Decode(new(int)) })
	assert.Panics(t, func() { c.Decode(new(struct{ X chan int })) })
	assert.Panics(t, func() { c.Decode(new(struct{ X map[string]string })) })
	assert.Panics(t, func() { c.Decode(new(struct{ X struct{ Y int } })) })
	assert.Panics(t, func() {
		c.Decode(new(struct {
			X map[string]int `ini:",rest"`
		}))
	})
}

func TestSize(t *testing.T) {
	for text, want := range map[string]deploy.Size{"0": 0, "512": 512, "64 KiB": 65536, "1kB": 1000, "1.5MiB": 3 << 19, "2 g": 2 << 30, "3 TB": 3e12, " 1 b ": 1} {
		got, err := deploy.ParseSize(text)
		assert.NoError(t, err, text)
		assert.Equal(t, want, got, text)
	}
	for _, text := range []string{"", "B", "-1", "1 2", "1e3", "0x1", "1..2", "99999999 TiB", "1_0", "∞"} {
		_, err := deploy.ParseSize(text)
		assert.Error(t, err, text)
	}
	for want, size := range map[string]deploy.Size{"0": 0, "10 MiB": 10 << 20, "1000": 1000, "1 KiB": 1024, "3 TiB": 3 << 40} {
		assert.Equal(t, want, size.String())
		again, err := deploy.ParseSize(want)
		assert.NoError(t, err)
		assert.Equal(t, size, again)
	}
}
