package deploy

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestINI is the format, as Python's configparser reads it.
func TestINI(t *testing.T) {
	for _, row := range []struct{ rule, text, want string }{
		{"an equals sign or a colon divides, the first that comes", "[a]\nx = 1:2\ny: 1=2\n", "[a]{x:1:2}{y:1=2}"},
		{"white space around key and value does not count", "[a]\nx y  =  1 2  \n", "[a]{x y:1 2}"},
		{"keys have case", "[a]\nX=1\nx=2\n", "[a]{X:1}{x:2}"},
		{"a line indented further goes on", "[a]\nx = 1\n  2\n\t3\ny=4\n", "[a]{x:1\n2\n3}{y:4}"},
		{"also where the first line is empty", "[a]\nx =\n  1\n", "[a]{x:\n1}"},
		{"a line indented as far as the setting is a new one", "[a]\n  x = 1\n  y = 2\n", "[a]{x:1}{y:2}"},
		{"a blank line within a value stays", "[a]\nx = 1\n\n  2\n\ny = 3\n", "[a]{x:1\n\n2}{y:3}"},
		{"a comment within a value goes", "[a]\nx = 1\n# no\n  ; no\n  2\n", "[a]{x:1\n2}"},
		{"there are no comments behind a value", "[a]\nx = 1 # one\n", "[a]{x:1 # one}"},
		{"what follows a header is passed over", "[a] x = 1\ny=2\n", "[a]{y:2}"},
		{"a header reaches to the last bracket", "[a]b]\n", "[a]b]"},
		{"names of sections keep their white space", "[ a ]\n", "[ a ]"},
		{"[DEFAULT] may come again", "[DEFAULT]\na=1\n[b]\n[DEFAULT]\nc=2\n", "[DEFAULT]{a:1}{c:2}[b]"},
		{"lines end in any way", "[a]\rx=1\r\ny=2\n", "[a]{x:1}{y:2}"},
		{"a byte order mark is passed over", "\ufeff[a]\n", "[a]"},
		{"no line at the end needs an end", "[a]\nx=1", "[a]{x:1}"},
		{"white space is Unicode's", "[a]\nx\u00a0=\u30001\x1c\n", "[a]{x:1}"},
	} {
		t.Run(row.rule, func(t *testing.T) {
			file, faults := parseINI("f.ini", []byte(row.text))
			assert.Empty(t, faults)
			assert.Equal(t, row.want, shown(file))
		})
	}
}

// shown writes what was read in one line.
func shown(f *iniFile) string {
	var b strings.Builder
	write := func(name string, keys *settings) {
		b.WriteString("[" + name + "]")
		for _, key := range keys.keys {
			b.WriteString("{" + key + ":" + keys.m[key].value + "}")
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

// TestINIFaults: each names its line, all are told, and what is right is understood.
func TestINIFaults(t *testing.T) {
	text := "stray = 1\n[a]\nx = 1\nx = 2\njunk\n= 3\n[b]\ny = \xff\n[a]\nz = 4\n"
	file, faults := parseINI("f.ini", []byte(text))
	assert.Equal(t, []string{
		`f.ini:1: a line before the first section header: "stray = 1"`,
		`f.ini:4: [a] x: a second value for x in [a]; the first is in line 3`,
		`f.ini:5: [a] neither a header, nor a setting with = or a colon, nor indented below one: "junk"`,
		`f.ini:6: [a] no key before '='`,
		`f.ini:8: [b] bytes that are no UTF-8`,
		`f.ini:9: [a] a second section [a]; the first is in line 2`,
	}, strings.Split(faults.Error(), "\n"))
	assert.Equal(t, "[a]{x:1}{z:4}[b]", shown(file))
	assert.ErrorIs(t, faults, Syntax)
	assert.NotErrorIs(t, faults, Circle)
}

// TestOpenINI: what is no ordinary file of ordinary size is refused, and nothing waits.
func TestOpenINI(t *testing.T) {
	dir := t.TempDir()
	large := filepath.Join(dir, "large.ini")
	require.NoError(t, os.WriteFile(large, make([]byte, maxFile+1), 0o600))
	for _, row := range []struct {
		rule, path string
		kind       Kind
	}{
		{"a file that is not there", filepath.Join(dir, "none.ini"), NoFile},
		{"a directory", dir, NoFile},
		{"a device without an end", "/dev/zero", NoFile},
		{"a file that is too large", large, TooLarge},
	} {
		t.Run(row.rule, func(t *testing.T) {
			_, faults := openINI(row.path)
			require.Len(t, faults, 1)
			assert.ErrorIs(t, faults, row.kind)
			assert.Equal(t, row.path, faults[0].File)
		})
	}
	_, faults := openINI(filepath.Join(dir, "none.ini"))
	assert.ErrorIs(t, faults, os.ErrNotExist)
}

// TestInterpolate is %(name)s, as Python's BasicInterpolation has it.
func TestInterpolate(t *testing.T) {
	section, defaults := newSettings(), newSettings()
	for key, value := range map[string]string{"a": "1", "b": "%(a)s2", "loop": "%(loop)s", "pc": "5%%", "bad": "5%", "x(y": "3"} {
		section.set(key, setting{value: value})
	}
	defaults.set("a", setting{value: "hidden"})
	defaults.set("g", setting{value: "global"})
	sc := scope{section, defaults, map[string]string{"here": "/100%/dir"}}
	for _, row := range []struct{ rule, text, want, fault string }{
		{"text is itself", "x", "x", ""},
		{"a reference", "<%(a)s>", "<1>", ""},
		{"the section goes before globals", "%(a)s%(g)s", "1global", ""},
		{"references lead on", "%(b)s", "12", ""},
		{"two percent signs are one", "5%%", "5%", ""},
		{"also behind a reference", "%(pc)s!", "5%!", ""},
		{"a directory is no text of the file", "%(here)s", "/100%/dir", ""},
		{"a name may hold what is no bracket", "%(x(y)s", "3", ""},
		{"no such name", "%(aa)s", "", "no setting aa in this section, and no global of that name, did you mean a?"},
		{"a circle", "%(loop)s", "", "in a circle"},
		{"a lone percent sign", "5% off", "", `found: "% off"`},
		{"behind a reference the way is told", "%(bad)s", "", "by way of %(bad)s"},
		{"a reference that does not end", "%(a)", "", "a reference is written %(name)s"},
		{"nor one without a name", "%()s", "", "a reference is written %(name)s"},
	} {
		t.Run(row.rule, func(t *testing.T) {
			got, _, fault := sc.interpolate(setting{value: row.text})
			assert.Equal(t, row.want, got)
			if row.fault == "" {
				assert.Nil(t, fault)
				return
			}
			require.NotNil(t, fault)
			assert.ErrorIs(t, fault, Interpolation)
			assert.Contains(t, fault.Error(), row.fault)
		})
	}
}

// TestInterpolateIsBounded: what doubles ten times over is refused before it fills the memory.
func TestInterpolateIsBounded(t *testing.T) {
	section := newSettings()
	section.set("a0", setting{value: strings.Repeat("x", 1000) + "%%"})
	for i := 1; i < 9; i++ {
		ref := "%(a" + string(rune('0'+i-1)) + ")s"
		section.set("a"+string(rune('0'+i)), setting{value: strings.Repeat(ref, 10)})
	}
	_, _, fault := scope{section, newSettings(), nil}.interpolate(section.m["a8"])
	assert.ErrorIs(t, fault, TooLarge)
}

// TestSecretsStayOut of messages about their values.
func TestSecretsStayOut(t *testing.T) {
	_, _, fault := scope{nil, newSettings(), nil}.interpolate(setting{value: "hunter%2", at: place{key: "db_password"}})
	require.NotNil(t, fault)
	assert.NotContains(t, fault.Error(), "%2")
}

func TestSuggestions(t *testing.T) {
	known := []string{"greeting", "name", "timeout", "pipeline"}
	for unknown, want := range map[string]string{
		"greating": ", did you mean greeting?", "gretting": ", did you mean greeting?", "nmae": ", did you mean name?",
		"pipelin": ", did you mean pipeline?", "color": "", "": "", strings.Repeat("x", 1000): "",
	} {
		assert.Equal(t, want, didYouMean(unknown, known), unknown)
	}
}
