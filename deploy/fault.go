package deploy

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
)

// Kind says what is wrong, for programs: errors.Is(err, deploy.Circle) holds if any
// of the faults is of that kind.
type Kind string

// The kinds of faults.
const (
	NoFile        Kind = "no file"        // the file is not there, or cannot be read
	Syntax        Kind = "syntax"         // the file breaks the format
	Interpolation Kind = "interpolation"  // a %(name)s goes wrong
	NoGlobal      Kind = "no global"      // "get x = y", and there is no global y
	NotFound      Kind = "not found"      // no such section or entry, two that fit, or a setting that must be there
	NotRegistered Kind = "not registered" // the Registry has no factory of that name
	Circle        Kind = "circle"         // sections that lead back to themselves
	Refused       Kind = "refused"        // the factory refuses its settings, or fails
	BadSetting    Kind = "bad setting"    // a setting that must not stand where it does
	TooLarge      Kind = "too large"      // beyond one of the limits of this package
	Ignored       Kind = "ignored"        // a warning: a setting that has no effect
)

// Error makes a Kind a target for errors.Is.
func (k Kind) Error() string { return "deploy: " + string(k) }

// Fault is one thing that is wrong in a configuration, and where. File, Section,
// Line and Key are empty where they do not apply, as for a URI that comes from the
// program.
type Fault struct {
	Kind    Kind
	File    string // path of the file, as it was opened
	Section string // text between the brackets
	Line    int    // from 1
	Key     string
	Err     error // what is wrong; may be an error of a factory
}

// Error gives file, line, section and key before what is wrong:
//
//	/etc/shop.ini:12: [app:cart] timeout: "soon" is no duration
func (f *Fault) Error() string {
	var b strings.Builder
	if f.File != "" {
		b.WriteString(f.File)
		if f.Line > 0 {
			fmt.Fprintf(&b, ":%d", f.Line)
		}
		b.WriteString(": ")
	}
	if f.Section != "" {
		fmt.Fprintf(&b, "[%s] ", f.Section)
	}
	if f.Key != "" {
		fmt.Fprintf(&b, "%s: ", f.Key)
	}
	b.WriteString(f.Err.Error())
	return b.String()
}

// Unwrap gives the error of a factory, or what else lies behind.
func (f *Fault) Unwrap() error { return f.Err }

// Is tells whether target is the fault's Kind.
func (f *Fault) Is(target error) bool { return target == f.Kind }

// Faults are all that was found wrong, in the order in which it was met. As an error
// it has a line for each.
type Faults []*Fault

// Error gives a line for each fault.
func (fs Faults) Error() string {
	lines := make([]string, len(fs))
	for i, f := range fs {
		lines[i] = f.Error()
	}
	return strings.Join(lines, "\n")
}

// Unwrap gives the faults to errors.Is and errors.As.
func (fs Faults) Unwrap() []error {
	errs := make([]error, len(fs))
	for i, f := range fs {
		errs[i] = f
	}
	return errs
}

// place is where something is written.
type place struct {
	file    string
	section string
	key     string
	line    int
}

func (p place) fault(kind Kind, format string, args ...any) *Fault {
	return p.faultOf(kind, fmt.Errorf(format, args...))
}

func (p place) faultOf(kind Kind, err error) *Fault {
	return &Fault{Kind: kind, File: p.file, Section: p.section, Line: p.line, Key: p.key, Err: err}
}

// show quotes a part of the value that stands here for a message, unless it may be a secret.
func (p place) show(text string) string {
	if secret(p.key) {
		return "(not shown)"
	}
	return quote(text)
}

// String names a section in the text of a fault about others.
func (p place) String() string {
	return fmt.Sprintf("[%s] in %s:%d", p.section, filepath.Base(p.file), p.line)
}

// faultsOf makes faults of what a factory says: those it got of its Config or its
// Loader are themselves, any other error is a fault of the section.
func faultsOf(err error, at place) Faults {
	var many Faults
	if errors.As(err, &many) {
		return many
	}
	var one *Fault
	if errors.As(err, &one) {
		return Faults{one}
	}
	return Faults{at.faultOf(Refused, err)}
}
