package deploy

import (
	"errors"
	"fmt"
	"io"
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// The bounds of one load, far above what anybody writes by hand: they end what would
// grow without end, as sections that use two others each of which uses two others.
const (
	maxDepth  = 100   // sections within sections
	maxNodes  = 10000 // objects
	maxFiles  = 100
	maxFaults = 200     // more are not told
	maxWork   = 1 << 26 // bytes of values, and workOf for each setting that is handed on
	workOf    = 100
)

// want is what a name is to stand for.
type want uint8

const (
	wantApp want = iota
	wantFilter
	wantServer
)

// wanted says where a thing is looked for. Of the words in one group the first that is
// there counts; what is there in two groups is ambiguous.
type wanted struct {
	says     string
	prefixes [][]string // of sections
	keys     [][]string // protocols, in a section and in an egg
}

var wants = [...]wanted{
	wantApp: {"an app",
		[][]string{{"app", "application"}, {"composite", "composit"}, {"pipeline"}, {"filter-app"}},
		[][]string{{"paste.app_factory"}, {"paste.composite_factory"}, {"paste.composit_factory"}}},
	wantFilter: {"a filter",
		[][]string{{"filter"}},
		[][]string{{"paste.filter_factory", "paste.filter_app_factory"}}},
	wantServer: {"a server",
		[][]string{{"server"}},
		[][]string{{"paste.server_factory", "paste.server_runner"}}},
}

func (w want) says() string { return wants[w].says }

// session is one load: what it has read, found and made.
type session struct {
	reg      *Registry
	opts     options
	files    map[string]*iniFile
	faults   Faults
	told     map[string]bool // faults and warnings, so that each is told once
	stack    []frame         // what is being resolved, for circles
	nodes    int
	work     int
	survey   bool    // make composites alone, to see what they ask for
	met      []*node // composites, in the order in which they were met
	closers  []io.Closer
	finished bool
	laying   sync.Mutex // one app at a time gets a loaded filter
}

// frame is a section that is being resolved, or an entry of an egg, without a file: one
// of these may well come again within itself, with other settings.
type frame struct {
	want    want
	file    string
	section string
}

func newSession(r *Registry, opts options) *session {
	return &session{reg: r, opts: opts, files: map[string]*iniFile{}, told: map[string]bool{}}
}

// add notes a fault, once. It gives nil, for callers that have nothing else to give.
func (s *session) add(faults ...*Fault) *node {
	for _, f := range faults {
		if len(s.faults) >= maxFaults {
			break
		}
		if text := f.Error(); !s.told[text] {
			s.told[text] = true
			s.faults = append(s.faults, f)
		}
	}
	return nil
}

func (s *session) warn(at place, format string, args ...any) {
	f := at.fault(Ignored, format, args...)
	if text := "warning: " + f.Error(); !s.told[text] {
		s.told[text] = true
		s.opts.warn(f)
	}
}

// err is all that went wrong, or nil.
func (s *session) err() error {
	if len(s.faults) == 0 {
		return nil
	}
	return s.faults
}

// finder finds what a composite asks for: a file by sections, an egg by entries.
type finder interface {
	resolve(w want, name string, globals *settings, from place) *node
}

var scheme = regexp.MustCompile(`^[a-zA-Z]+:`)

// resolveURI finds what "config:file#section", "egg:Name#entry" or "call:module:attribute"
// stands for. name goes before what stands after #.
func (s *session) resolveURI(w want, uri, name string, named bool, dir string, globals *settings, from place) *node {
	base, fragment, ok := strings.Cut(uri, "#")
	if ok && !named {
		name = fragment
	}
	kind, spec, ok := strings.Cut(base, ":")
	if !ok {
		return s.add(from.fault(NotFound, "%s has no scheme; it is one of config:, egg: and call:", quote(uri)))
	}
	switch strings.ToLower(kind) {
	case "config":
		l := s.file(spec, dir, globals, from)
		if l == nil {
			return nil
		}
		return l.resolve(w, name, globals, from)
	case "egg":
		return eggFinder{s, spec}.resolve(w, name, globals, from)
	case "call":
		return s.call(w, spec, globals, from)
	}
	return s.add(from.fault(NotFound, "%s: there is no scheme %s, only config:, egg: and call:; a section of this file is named without one", quote(uri), quote(kind)))
}

// file opens the file of a config: URI. Globals it does not have itself become its own.
func (s *session) file(spec, dir string, globals *settings, from place) *fileFinder {
	path := strings.TrimFunc(unescape(strings.ReplaceAll(spec, `\`, "/")), isSpace)
	if !filepath.IsAbs(path) {
		if dir == "" {
			s.add(from.fault(Refused, "config:%s is relative, and there is no directory it could be relative to", spec))
			return nil
		}
		if dir != "." {
			path = strings.TrimSuffix(dir, "/") + "/" + path // not cleaned: .. follows links as the system does
		}
	}
	file := s.files[path]
	if file == nil {
		if len(s.files) == maxFiles {
			s.add(from.fault(TooLarge, "more than %d files", maxFiles))
			return nil
		}
		if s.opts.onFile != nil {
			s.opts.onFile(path)
		}
		var faults Faults
		file, faults = openINI(path)
		for _, f := range faults {
			if f.Line == 0 && from.file != "" { // the file itself: told where it is named
				f = from.faultOf(f.Kind, f)
			}
			s.add(f)
		}
		if file == nil {
			return nil
		}
		s.files[path] = file
	}
	return &fileFinder{s: s, file: file, given: globals}
}

// unescape decodes the %XX of a path; what is no escape stays.
func unescape(s string) string {
	if t, err := url.PathUnescape(s); err == nil {
		return strings.ToValidUTF8(t, "\ufffd")
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		if i+3 <= len(s) && s[i] == '%' {
			if t, err := url.PathUnescape(s[i : i+3]); err == nil {
				b.WriteString(t)
				i += 3
				continue
			}
		}
		b.WriteByte(s[i])
		i++
	}
	return strings.ToValidUTF8(b.String(), "\ufffd")
}

// enter notes what is being resolved, unless that is a circle or goes too deep. The
// caller leaves it by leave.
func (s *session) enter(f frame, from place) bool {
	if i := slices.Index(s.stack, f); i >= 0 && f.file != "" {
		s.add(s.circle(s.stack[i:], from)...)
		return false
	}
	s.nodes++
	switch {
	case s.over():
	case len(s.stack) >= maxDepth:
		s.add(from.fault(TooLarge, "sections lead to others more than %d deep", maxDepth))
	case s.nodes > maxNodes:
		s.add(from.fault(TooLarge, "more than %d objects", maxNodes))
	default:
		s.stack = append(s.stack, f)
		return true
	}
	return false
}

// over says that it makes no sense to go on.
func (s *session) over() bool { return len(s.faults) >= maxFaults || s.work > maxWork }

// spend counts work. false means that it is too much, which was told.
func (s *session) spend(units int, at place) bool {
	s.work += units
	if s.work > maxWork {
		s.add(at.fault(TooLarge, "the settings of all objects together are too much"))
	}
	return s.work <= maxWork
}

func (s *session) leave() { s.stack = s.stack[:len(s.stack)-1] }

// circle tells of a circle, once, wherever it was entered.
func (s *session) circle(ring []frame, from place) Faults {
	ring = slices.DeleteFunc(slices.Clone(ring), func(f frame) bool { return f.file == "" }) // what is no section
	var names []string
	for _, f := range append(slices.Clone(ring), ring[0]) {
		names = append(names, "["+f.section+"]")
		if f.file != ring[0].file || len(ring) == 1 && f.file != from.file {
			names[len(names)-1] += " of " + f.file
		}
	}
	key := fmt.Sprint("circle ", slices.SortedFunc(slices.Values(ring), func(a, b frame) int {
		return strings.Compare(a.file+"\n"+a.section, b.file+"\n"+b.section)
	}))
	if s.told[key] {
		return nil
	}
	s.told[key] = true
	return Faults{from.fault(Circle, "a circle: %s", strings.Join(names, " -> "))}
}

// eggFinder finds entries of a distribution.
type eggFinder struct {
	s    *session
	dist string
}

func (e eggFinder) resolve(w want, name string, globals *settings, from place) *node {
	s := e.s
	if scheme.MatchString(name) {
		return s.resolveURI(w, name, "main", false, "", globals, from)
	}
	if !s.reg.hasDist(e.dist) {
		return s.add(from.fault(NotRegistered, "egg:%s is not registered: no factory named egg:%s#...%s", e.dist, e.dist, didYouMean(e.dist, s.reg.dists())))
	}
	full := "egg:" + e.dist + "#" + name
	if name == "" {
		return s.add(from.fault(NotFound, "%s names no entry", quote(full)))
	}
	if !s.enter(frame{w, "", full}, from) {
		return nil
	}
	defer s.leave()
	found, fault := s.reg.entryOf(w, e.dist, name, from)
	if fault != nil {
		return s.add(fault)
	}
	found.name = full
	return s.made(&node{want: w, factory: found, globals: globals.orNew(), locals: newSettings(), finder: e, at: from})
}

func (s *settings) orNew() *settings {
	if s == nil {
		return newSettings()
	}
	return s
}

// call finds module:attribute. Of what kind the factory is says the section that asks.
func (s *session) call(w want, spec string, globals *settings, from place) *node {
	if !strings.Contains(spec, ":") {
		return s.add(from.fault(NotFound, "call:%s is not of the form call:module:function", spec))
	}
	if !s.enter(frame{w, "", "call:" + spec}, from) {
		return nil
	}
	defer s.leave()
	return &node{want: w, factory: factory{name: spec}, globals: globals.orNew(), locals: newSettings(), at: from}
}

// made notes a node that can be made.
func (s *session) made(n *node) *node {
	n.stack = slices.Clone(s.stack)
	if n.factory.kind == kindComposite {
		s.met = append(s.met, n)
	}
	return n
}

var errFinished = errors.New("deploy: a Loader is of use only while the factory runs that it was given to")
