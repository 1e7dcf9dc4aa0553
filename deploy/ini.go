package deploy

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxFile is the size up to which a file is read, in bytes.
const maxFile = 1 << 20

// defaultSection is the name of the section whose settings are globals.
const defaultSection = "DEFAULT"

// iniFile is a file as it is written: raw values with their lines.
type iniFile struct {
	path     string // as it was opened, for messages
	abs, dir string // absolute and clean: the globals __file__ and here
	defaults *settings
	sections []*iniSection
	index    map[string][]*iniSection // by type and name, made when it is needed
	damaged  bool                     // [DEFAULT] has lines that were not understood
}

type iniSection struct {
	name    string
	at      place
	keys    *settings
	damaged bool // it has lines that were not understood
}

// openINI reads a file. Only what is a file is opened, so that a device or a pipe
// cannot keep the program waiting.
func openINI(path string) (*iniFile, Faults) {
	at := place{file: path}
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, Faults{at.faultOf(NoFile, fmt.Errorf("no such file: %w", err))}
	case err != nil:
		return nil, Faults{at.faultOf(NoFile, err)}
	case !info.Mode().IsRegular():
		return nil, Faults{at.fault(NoFile, "not a file but %v", info.Mode().Type())}
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, Faults{at.faultOf(NoFile, err)}
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err != nil {
		return nil, Faults{at.faultOf(NoFile, err)}
	}
	if len(text) > maxFile {
		return nil, Faults{at.fault(TooLarge, "more than %d bytes", maxFile)}
	}
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, Faults{at.faultOf(NoFile, err)}
	}
	file, faults := parseINI(path, text)
	file.abs, file.dir = abs, filepath.Dir(abs)
	return file, faults
}

// iniReader reads lines as Python's configparser does:
//
//	file    = *( blank / comment / header / setting )
//	comment = [indent] ( "#" / ";" ) text             ; a line of its own
//	header  = "[" name "]"
//	setting = key ( "=" / ":" ) value *( line that is indented further )
type iniReader struct {
	file    *iniFile
	faults  Faults
	section *iniSection // nil before the first header
	byName  map[string]*iniSection
	key     string   // the setting that lines may continue, or ""
	at      place    // where it stands
	value   []string // its lines so far
	lines   []int    // where they stand
	indent  int      // that of the last line that was no continuation
}

// parseINI reads a text. What is wrong is told, all of it, and the rest understood.
func parseINI(path string, text []byte) (*iniFile, Faults) {
	r := &iniReader{file: &iniFile{path: path, defaults: newSettings()}}
	r.byName = map[string]*iniSection{
		defaultSection: {name: defaultSection, keys: r.file.defaults, at: place{file: path, section: defaultSection}},
	}
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	for n := 1; len(text) > 0; n++ {
		var line string
		line, text = cutLine(text)
		r.line(n, line)
	}
	r.endValue()
	r.file.damaged = r.byName[defaultSection].damaged
	return r.file, r.faults
}

// cutLine takes the first line off; \n, \r\n and \r end lines.
func cutLine(text []byte) (string, []byte) {
	i := bytes.IndexAny(text, "\r\n")
	if i < 0 {
		return string(text), nil
	}
	end := i + 1
	if text[i] == '\r' && end < len(text) && text[end] == '\n' {
		end++
	}
	return string(text[:i]), text[end:]
}

func (r *iniReader) line(n int, line string) {
	if !utf8.ValidString(line) {
		r.wrong(n, "bytes that are no UTF-8")
		return
	}
	text := strings.TrimFunc(line, isSpace)
	switch {
	case text == "":
		if r.key != "" {
			r.more(n, "") // counts if the value goes on below
		}
		return
	case text[0] == '#' || text[0] == ';':
		return
	}
	indent := utf8.RuneCountInString(line[:strings.IndexFunc(line, isNoSpace)])
	if r.key != "" && indent > r.indent {
		r.more(n, text)
		return
	}
	r.endValue()
	r.indent = indent
	if name, ok := header(text); ok {
		r.begin(n, name)
		return
	}
	r.setting(n, text)
}

// header gives the name in brackets: all up to the last closing one, as it is.
// What follows that is passed over.
func header(text string) (string, bool) {
	end := strings.LastIndexByte(text, ']')
	if text[0] != '[' || end < 2 {
		return "", false
	}
	return text[1:end], true
}

// begin opens a section. [DEFAULT] alone may come again.
func (r *iniReader) begin(n int, name string) {
	at := place{file: r.file.path, section: name, line: n}
	known := r.byName[name]
	switch {
	case known == nil:
		r.section = &iniSection{name: name, at: at, keys: newSettings()}
		r.byName[name] = r.section
		r.file.sections = append(r.file.sections, r.section)
	default:
		r.section = known
		if name != defaultSection {
			known.damaged = true
			r.fault(at, "a second section [%s]; the first is in line %d", name, known.at.line)
		}
	}
}

func (r *iniReader) setting(n int, text string) {
	if r.section == nil {
		r.wrong(n, "a line before the first section header: %s", quote(text))
		return
	}
	i := strings.IndexAny(text, "=:")
	if i < 0 {
		r.wrong(n, "neither a header, nor a setting with = or a colon, nor indented below one: %s", quote(text))
		return
	}
	key := strings.TrimRightFunc(text[:i], isSpace)
	if key == "" {
		r.wrong(n, "no key before %q", text[i])
		return
	}
	r.at = place{file: r.file.path, section: r.section.name, key: key, line: n}
	if first, ok := r.section.keys.m[key]; ok {
		r.section.damaged = true
		r.fault(r.at, "a second value for %s in [%s]; the first is in line %d", key, r.section.name, first.at.line)
	}
	r.key, r.value, r.lines = key, nil, nil
	r.more(n, strings.TrimFunc(text[i+1:], isSpace))
}

// more adds a line to the value.
func (r *iniReader) more(n int, text string) {
	r.value = append(r.value, text)
	r.lines = append(r.lines, n)
}

// endValue stores the setting that was being read. Of two the first stays.
func (r *iniReader) endValue() {
	if r.key == "" {
		return
	}
	if !r.section.keys.has(r.key) {
		value := strings.TrimRightFunc(strings.Join(r.value, "\n"), isSpace)
		s := setting{value: value, at: r.at}
		if len(r.lines) > 1 {
			s.lines = r.lines
		}
		r.section.keys.set(r.key, s)
	}
	r.key = ""
}

func (r *iniReader) wrong(n int, format string, args ...any) {
	at := place{file: r.file.path, line: n}
	if r.section != nil {
		at.section = r.section.name
		r.section.damaged = true
	}
	r.fault(at, format, args...)
}

func (r *iniReader) fault(at place, format string, args ...any) {
	if len(r.faults) < maxFaults {
		r.faults = append(r.faults, at.fault(Syntax, format, args...))
	}
}

// isSpace is what Python's str.strip takes off: Go's white space and the four
// separators of ASCII.
func isSpace(c rune) bool { return unicode.IsSpace(c) || 0x1c <= c && c <= 0x1f }

func isNoSpace(c rune) bool { return !isSpace(c) }

// quote quotes a text for a message, and shortens it.
func quote(s string) string {
	if utf8.RuneCountInString(s) > 60 {
		s = string([]rune(s)[:57]) + "..."
	}
	return fmt.Sprintf("%q", s)
}
