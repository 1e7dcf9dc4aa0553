package deploy

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// FuzzINI: no text panics, and what was read is read again from what it is written as.
func FuzzINI(f *testing.F) {
	for _, seed := range []string{
		"[app:main]\nuse = egg:Kit#hello\ngreeting: Hi\n", "[DEFAULT]\na=1\n[x]\nb =\n  1\n\n  2\n# c\n", "\ufeff[a]\r\nx=1\ry=2",
		"x=1", "[a]\nx=1\nx=2\n", "[a]\n=1\n", "[]\n", "[a]b]\n", "[a\n", "[a]\n x=1\n  y=2\n z=3\n", "[a]\n\u00a0x=\u3000\x1c1\n", "[a]\nx\n  y\n",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		file, faults := parseINI("f.ini", []byte(text))
		lines := strings.Count(strings.ReplaceAll(text, "\r", "\n"), "\n") + 1
		for _, fault := range faults {
			require.Positive(t, fault.Line)
			require.LessOrEqual(t, fault.Line, lines)
		}
		again, faults := parseINI("f.ini", []byte(written(file)))
		require.Empty(t, faults, written(file))
		require.Equal(t, shown(file), shown(again))
	})
}

// written writes a file anew.
func written(f *iniFile) string {
	var b strings.Builder
	write := func(name string, keys *settings) {
		b.WriteString("[" + name + "]\n")
		for _, key := range keys.keys {
			b.WriteString(key + " = " + strings.ReplaceAll(keys.m[key].value, "\n", "\n\t") + "\n")
		}
	}
	if len(f.defaults.keys) > 0 {
		write(defaultSection, f.defaults)
	}
	for _, section := range f.sections {
		write(section.name, section.keys)
	}
	return b.String()
}

// FuzzInterpolate: no text panics, what was escaped comes back, and what a fault is told of has a
// percent sign.
func FuzzInterpolate(f *testing.F) {
	for _, seed := range []string{"", "a", "%(a)s", "%%", "%", "%(", "%(a)", "%()s", "%(b)s%(b)s", "%(here)s", "100%% %(a)s"} {
		f.Add(seed, "1%(a)s", "2")
	}
	f.Fuzz(func(t *testing.T, text, a, b string) {
		section := newSettings()
		section.set("a", setting{value: a})
		section.set("b", setting{value: b})
		sc := scope{section, newSettings(), map[string]string{"here": text}}
		got, _, fault := sc.interpolate(setting{value: text})
		if fault == nil {
			require.LessOrEqual(t, len(got), max(maxValue, len(text)))
		}
		if !strings.Contains(text, "%") {
			require.Nil(t, fault)
			require.Equal(t, text, got)
		}
		if len(text) < maxValue {
			got, _, fault = sc.interpolate(setting{value: strings.ReplaceAll(text, "%", "%%")})
			require.Nil(t, fault)
			require.Equal(t, text, got)
			got, _, fault = sc.interpolate(setting{value: "%(here)s"})
			require.Nil(t, fault)
			require.Equal(t, text, got)
		}
	})
}

// FuzzDecode: no value panics; each key is a field, or told of; and what was accepted means
// what it says.
func FuzzDecode(f *testing.F) {
	f.Add("n", "12", "s", "x")
	f.Add("d", "1m", "b", "yes")
	f.Add("l", "a b", "z", "10 MiB")
	f.Add("u", "-1", "sizes", "1,2 KiB")
	f.Add("f", "1e300", "nn", "1")
	f.Add("d", "9e99", "z", "9999999 TiB")
	f.Add("n[0]", "1", "s.x", "[")
	f.Fuzz(func(t *testing.T, k1, v1, k2, v2 string) {
		var opts struct {
			N     int8
			U     uint16
			B     bool
			F     float32
			S     string
			P     *int
			D     time.Duration
			Z     Size
			L     []string
			Sizes []Size `sep:","`
		}
		local := map[string]string{k1: v1, k2: v2}
		err := NewConfig(nil, local).Decode(&opts)
		known := []string{"n", "u", "b", "f", "s", "p", "d", "z", "l", "sizes"}
		for key, value := range local {
			if !slices.Contains(known, key) {
				require.Error(t, err)
				continue
			}
			if err != nil {
				continue
			}
			text := strings.TrimFunc(value, isSpace)
			switch key {
			case "n":
				n, _ := strconv.ParseInt(text, 10, 8)
				require.Equal(t, n, int64(opts.N))
			case "s":
				require.Equal(t, value, opts.S)
			case "l":
				require.Len(t, opts.L, len(strings.FieldsFunc(value, isSpace)))
			case "z":
				require.GreaterOrEqual(t, opts.Z, Size(0))
			case "p":
				require.NotNil(t, opts.P)
			}
		}
	})
}

// FuzzCheck: no file makes a load panic, hang or grow without end.
func FuzzCheck(f *testing.F) {
	for _, seed := range []string{
		"[app:main]\nuse = a\n[app:a]\nuse = main\n", "[pipeline:main]\npipeline = main main\n",
		"[composite:main]\nuse = egg:Kit#all\nx = main\n", "[app]\nuse = config:main.ini\n", "[filter-app:x]\nnext=x\nuse=egg:Kit\n",
		"[app:main]\nfilter-with = f\nuse = egg:Kit\n[filter:f]\nuse = f\n", "[DEFAULT]\nset a = %(b)s\n[app:main]\nget x = y\n",
		"[server:main]\nuse = call:a:b\n", "[composite:a]\nuse = egg:Kit#all\nx=b\ny=b\n[composite:b]\nuse = egg:Kit#all\nx=c\ny=c\n",
	} {
		f.Add(seed)
	}
	r := fuzzKit()
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, text string) {
		if strings.Contains(strings.ToLower(text), "config:") && strings.Contains(text, "/") {
			return // no files but this one
		}
		write(t, dir, text)
		quiet := OnWarning(func(*Fault) {})
		err := Check("config:main.ini", r, RelativeTo(dir), quiet)
		app, loaded := LoadApp("config:main.ini", r, RelativeTo(dir), quiet)
		plan, planned := NewPlan("config:main.ini", r, RelativeTo(dir), quiet)
		if loaded == nil {
			require.NotNil(t, app)
			require.NoError(t, planned)
			assert.NotEmpty(t, plan.String())
			assert.NotEmpty(t, plan.Mermaid())
			return
		}
		for _, fault := range loaded.(Faults) {
			require.NotEmpty(t, fault.Kind)
			require.NotEmpty(t, fault.Error())
		}
		_ = err
	})
}

func TestDistanceIsSymmetric(t *testing.T) {
	words := slices.Collect(maps.Keys(map[string]bool{"timeout": true, "tiemout": true, "time": true, "": true, "name": true}))
	for _, a := range words {
		for _, b := range words {
			assert.Equal(t, distance(a, b, 99), distance(b, a, 99), "%s %s", a, b)
		}
	}
}
