package middleware

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// AccessFormat is how lines of an access log look. ParseAccessFormat makes one.
type AccessFormat struct{ parts []formatPart }

// formatPart is text, or a field where that is not nil.
type formatPart struct {
	text  string
	field *accessField
}

// accessField appends what a name stands for, or nothing where it is not known.
type accessField struct {
	name   string
	append func(b []byte, e *AccessEntry) []byte
}

// CombinedLog is the combined log format of Apache, which tools read.
var CombinedLog = must(ParseAccessFormat(`%(REMOTE_ADDR)s - %(REMOTE_USER)s [%(time)s] ` +
	`"%(REQUEST_METHOD)s %(REQUEST_URI)s %(HTTP_VERSION)s" %(status)s %(bytes)s "%(HTTP_REFERER)s" "%(HTTP_USER_AGENT)s"`))

func must(f *AccessFormat, err error) *AccessFormat {
	if err != nil {
		panic(err)
	}
	return f
}

// ErrAccessFormat is a format that cannot be.
var ErrAccessFormat = errors.New("middleware: bad format of an access log")

// ParseAccessFormat reads a format in which %(NAME)s stands for a field and %% for a percent
// sign:
//
//	REMOTE_ADDR, REMOTE_USER   who has asked
//	REQUEST_METHOD, REQUEST_URI, HTTP_VERSION
//	HTTP_REFERER, HTTP_USER_AGENT
//	time                       when, as in 02/Jan/2006:15:04:05 -0700
//	status, bytes              what was sent
//	seconds                    how long it took, as in 0.012345
//	pattern                    what a mux has matched
//	error                      the cause of a failure
//
// Any other name is an ErrAccessFormat that lists these. A field that is not known is
// written as -.
//
// Nobody can forge a line: quotes, backslashes, control characters and what is not ASCII are
// escaped as in Apache's logs (\" \\ \n \xc3), and spaces too, in what stands there without
// quotes. Paste: the format of translogger.
func ParseAccessFormat(s string) (*AccessFormat, error) {
	f := &AccessFormat{}
	for rest := s; rest != ""; {
		i := strings.IndexByte(rest, '%')
		if i < 0 {
			i = len(rest)
		}
		f.parts = append(f.parts, formatPart{text: rest[:i]})
		if rest = rest[i:]; rest == "" {
			break
		}
		if strings.HasPrefix(rest, "%%") {
			f.parts = append(f.parts, formatPart{text: "%"})
			rest = rest[2:]
			continue
		}
		name, after, ok := strings.Cut(strings.TrimPrefix(rest, "%("), ")s")
		if !ok || !strings.HasPrefix(rest, "%(") {
			return nil, fmt.Errorf("%w: %.40q is no %%(NAME)s", ErrAccessFormat, rest)
		}
		i = slices.IndexFunc(accessFields, func(f accessField) bool { return f.name == name })
		if i < 0 {
			return nil, fmt.Errorf("%w: there is no field %.40q; there are %s", ErrAccessFormat, name, accessFieldNames())
		}
		f.parts = append(f.parts, formatPart{field: &accessFields[i]})
		rest = after
	}
	return f, nil
}

func accessFieldNames() string {
	names := make([]string, len(accessFields))
	for i, f := range accessFields {
		names[i] = f.name
	}
	return strings.Join(names, ", ")
}

// Append appends the line of an entry, without a line end.
func (f *AccessFormat) Append(b []byte, e *AccessEntry) []byte {
	quoted := false
	for _, part := range f.parts {
		if part.field == nil {
			b = append(b, part.text...)
			if strings.Count(part.text, `"`)%2 == 1 {
				quoted = !quoted
			}
			continue
		}
		from := len(b)
		if b = part.field.append(b, e); len(b) == from {
			b = append(b, '-')
		}
		if part.field.name != "time" {
			b = escapeFrom(b, from, quoted)
		}
	}
	return b
}

// String is the line of an entry.
func (f *AccessFormat) String(e *AccessEntry) string { return string(f.Append(nil, e)) }

var accessFields = []accessField{
	{"REMOTE_ADDR", func(b []byte, e *AccessEntry) []byte { return append(b, e.Client...) }},
	{"REMOTE_USER", func(b []byte, e *AccessEntry) []byte { return append(b, e.User...) }},
	{"REQUEST_METHOD", func(b []byte, e *AccessEntry) []byte { return append(b, e.Method...) }},
	{"REQUEST_URI", func(b []byte, e *AccessEntry) []byte { return append(b, e.URL...) }},
	{"HTTP_VERSION", func(b []byte, e *AccessEntry) []byte { return append(b, e.Proto...) }},
	{"HTTP_REFERER", func(b []byte, e *AccessEntry) []byte { return append(b, e.Referer...) }},
	{"HTTP_USER_AGENT", func(b []byte, e *AccessEntry) []byte { return append(b, e.Agent...) }},
	{"time", func(b []byte, e *AccessEntry) []byte { return e.Time.AppendFormat(b, "02/Jan/2006:15:04:05 -0700") }},
	{"status", func(b []byte, e *AccessEntry) []byte {
		if e.Status == 0 {
			return b
		}
		return strconv.AppendInt(b, int64(e.Status), 10)
	}},
	{"bytes", func(b []byte, e *AccessEntry) []byte {
		if e.Bytes < 0 {
			return b
		}
		return strconv.AppendInt(b, e.Bytes, 10)
	}},
	{"seconds", func(b []byte, e *AccessEntry) []byte { return strconv.AppendFloat(b, e.Duration.Seconds(), 'f', 6, 64) }},
	{"pattern", func(b []byte, e *AccessEntry) []byte { return append(b, e.Pattern...) }},
	{"error", func(b []byte, e *AccessEntry) []byte {
		if e.Err == nil {
			return b
		}
		return append(b, e.Err.Error()...)
	}},
}

// escapeFrom escapes b[from:].
func escapeFrom(b []byte, from int, quoted bool) []byte {
	i := from
	for i < len(b) && isLogPlain(b[i], quoted) {
		i++
	}
	if i == len(b) {
		return b
	}
	raw := string(b[i:])
	b = b[:i]
	for j := range len(raw) {
		switch c := raw[j]; {
		case isLogPlain(c, quoted):
			b = append(b, c)
		case c == '"' || c == '\\':
			b = append(b, '\\', c)
		case c == '\n':
			b = append(b, `\n`...)
		case c == '\r':
			b = append(b, `\r`...)
		case c == '\t':
			b = append(b, `\t`...)
		default:
			b = append(b, `\x`...)
			b = append(b, "0123456789abcdef"[c>>4], "0123456789abcdef"[c&15])
		}
	}
	return b
}

// isLogPlain tells what is written as it is.
func isLogPlain(c byte, quoted bool) bool {
	return c > ' ' && c < 0x7f && c != '"' && c != '\\' || c == ' ' && quoted
}
