package routes

import (
	"cmp"
	"fmt"
	"iter"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/gowebob/gowebob/exc"
	"github.com/gowebob/gowebob/webob"
)

// URLMap chooses an app by the beginning of the path, and by the host where a key
// names one. The prefix moves from PathInfo to ScriptName, so that the app behind it
// sees the rest of the path and knows where it is mounted:
//
//	m := routes.NewURLMap()
//	m.Handle("/", home)
//	m.Handle("/blog", blog)                      // /blog, /blog/, /blog/2026
//	m.Handle("http://admin.example.com/", admin) // that host alone
//
// A key matches a path that equals it or goes on with a slash behind it: /blog does
// not match /blogs. Case counts in paths and not in hosts. Keys are tried in the order
// of All: the host with its port, the host, no host; in each the longest path first.
//
// The path is matched as the client wrote it: an escaped slash (%2F) is part of its
// segment and no separator. Slashes in a row count as one while the prefix is looked
// for, so that //admin is no way around a filter mounted at /admin; what follows the
// prefix stays as it came. The request of a filter outside is not changed.
//
// It is safe for concurrent use, changes included; a request is answered by the keys
// that were there when it came. Paste: urlmap.URLMap.
type URLMap struct {
	// NotFound answers where no key matches, with the path as it came; without one
	// that is exc.NotFound. Set it before the first request.
	NotFound http.Handler

	changing sync.Mutex
	table    atomic.Pointer[mapTable]
}

// NewURLMap makes a map without keys.
func NewURLMap() *URLMap { return new(URLMap) }

// mapTable is what a URLMap holds at one time. It never changes.
type mapTable struct {
	sites map[string]*site // by host, in lower case, with or without a port
	any   *site            // keys without a host
}

// site are the paths of one host, or of none.
type site struct {
	apps    map[string]http.Handler
	lengths []int // of the paths, the longest first, each once
}

var noKeys = &mapTable{any: new(site)}

func (m *URLMap) load() *mapTable {
	if t := m.table.Load(); t != nil {
		return t
	}
	return noKeys
}

// Set has app answer below a key, in the place of what was there; nil takes the key
// away. The error is an ErrMapKey.
func (m *URLMap) Set(key string, app http.Handler) error {
	k, err := NewMapKey(key)
	if err != nil {
		return err
	}
	m.change(k, app)
	return nil
}

// Handle is Set for keys written in the program: it panics where Set has an error.
func (m *URLMap) Handle(key string, app http.Handler) {
	if err := m.Set(key, app); err != nil {
		panic(err)
	}
}

// Get is the app under exactly that key; it matches nothing.
func (m *URLMap) Get(key string) (http.Handler, bool) {
	k, err := NewMapKey(key)
	if err != nil {
		return nil, false
	}
	app, ok := m.load().site(k.Host).apps[k.Path]
	return app, ok
}

// Delete takes a key away and says whether it was there.
func (m *URLMap) Delete(key string) bool {
	k, err := NewMapKey(key)
	return err == nil && m.change(k, nil)
}

// Len is how many keys there are.
func (m *URLMap) Len() int {
	n := 0
	for range m.All() {
		n++
	}
	return n
}

// All are the keys with their apps, in the order in which they are tried.
func (m *URLMap) All() iter.Seq2[MapKey, http.Handler] {
	t := m.load()
	return func(yield func(MapKey, http.Handler) bool) {
		for _, host := range t.hosts() {
			s := t.site(host)
			for _, path := range slices.SortedFunc(maps.Keys(s.apps), longestFirst) {
				if !yield(MapKey{host, path}, s.apps[path]) {
					return
				}
			}
		}
	}
}

func longestFirst(a, b string) int {
	return cmp.Or(cmp.Compare(len(b), len(a)), strings.Compare(a, b))
}

// change replaces the table by one in which app is under k.
func (m *URLMap) change(k MapKey, app http.Handler) (was bool) {
	m.changing.Lock()
	defer m.changing.Unlock()
	old := m.load()
	_, was = old.site(k.Host).apps[k.Path]
	t := &mapTable{sites: make(map[string]*site, len(old.sites)+1), any: old.any}
	for host, s := range old.sites {
		t.sites[host] = s
	}
	s := old.site(k.Host).with(k.Path, app)
	switch {
	case k.Host == "":
		t.any = s
	case len(s.apps) == 0:
		delete(t.sites, k.Host)
	default:
		t.sites[k.Host] = s
	}
	m.table.Store(t)
	return was
}

func (t *mapTable) site(host string) *site {
	if host == "" {
		return t.any
	}
	if s := t.sites[host]; s != nil {
		return s
	}
	return noKeys.any
}

// hosts are the hosts of the keys, as they are tried; "" stands for none.
func (t *mapTable) hosts() []string {
	hosts := slices.Collect(maps.Keys(t.sites))
	slices.SortFunc(hosts, func(a, b string) int {
		nameA, portA := cutPort(a)
		nameB, portB := cutPort(b)
		return cmp.Or(strings.Compare(nameA, nameB), -cmp.Compare(len(portA), len(portB)), strings.Compare(portA, portB))
	})
	return append(hosts, "")
}

// with is the site with one path more, or less where app is nil.
func (s *site) with(path string, app http.Handler) *site {
	changed := &site{apps: make(map[string]http.Handler, len(s.apps)+1)}
	for p, a := range s.apps {
		changed.apps[p] = a
	}
	if changed.apps[path] = app; app == nil {
		delete(changed.apps, path)
	}
	for p := range changed.apps {
		changed.lengths = append(changed.lengths, len(p))
	}
	slices.SortFunc(changed.lengths, func(a, b int) int { return b - a })
	changed.lengths = slices.Compact(changed.lengths)
	return changed
}

// match is the app of the longest path that path begins with, and its length.
func (s *site) match(path string) (app http.Handler, n int) {
	for _, n := range s.lengths {
		if n > len(path) || n < len(path) && path[n] != '/' {
			continue
		}
		if app, ok := s.apps[path[:n]]; ok {
			return app, n
		}
	}
	return nil, 0
}

// match looks for path, in the spelling of keys, under the host that host gives.
func (t *mapTable) match(path string, host func() (name, port string)) (app http.Handler, n int) {
	if len(t.sites) > 0 {
		name, port := host()
		if s := t.sites[name+":"+port]; s != nil {
			if app, n = s.match(path); app != nil {
				return app, n
			}
		}
		if s := t.sites[name]; s != nil {
			if app, n = s.match(path); app != nil {
				return app, n
			}
		}
	}
	return t.any.match(path)
}

// ServeHTTP answers a request of a server, a mux or foreign middleware: the app gets the
// writer itself, so nothing is lost on the way.
func (m *URLMap) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !isOrdinary(r) {
		webob.Serve(m, w, r)
		return
	}
	app, n := m.load().match(r.URL.Path, func() (name, port string) { return hostOf(webob.NewRequest(r)) })
	switch {
	case app == nil:
		m.notFound().ServeHTTP(w, r)
	case n == 0:
		app.ServeHTTP(w, r)
	default:
		in := new(shifted)
		in.Request, in.url = *r, *r.URL
		in.url.Path = in.url.Path[n:]
		in.Request.URL = &in.url
		defer in.handBack(r)
		app.ServeHTTP(w, &in.Request)
	}
}

// shifted is a request that sees the rest of the path.
type shifted struct {
	http.Request
	url url.URL
}

// handBack tells the request that came what is known of it now: filters outside ask for the
// pattern, and net/http removes the temporary files of the form of its own request alone.
func (in *shifted) handBack(r *http.Request) {
	if in.Pattern != "" {
		r.Pattern = in.Pattern
	}
	if r.MultipartForm == nil {
		r.MultipartForm = in.MultipartForm
	}
}

// isOrdinary tells a path that is matched as it stands: with nothing escaped in it and
// no slashes in a row, and asked for in the request line, from where ScriptName is known.
func isOrdinary(r *http.Request) bool {
	if r.URL == nil || r.URL.RawPath != "" {
		return false
	}
	path := r.URL.Path
	if path == "" || path[0] != '/' || strings.Contains(path, "//") {
		return false
	}
	line := r.RequestURI
	if i := strings.IndexByte(line, '?'); i >= 0 {
		line = line[:i]
	}
	return line != "" && line[0] == '/' && strings.HasSuffix(line, path)
}

// Respond answers a request of a filter of ours.
func (m *URLMap) Respond(req *webob.Request) *webob.Response {
	path := req.RestPath()
	clean, plain := cleanPath(path)
	app, n := m.load().match(clean, func() (name, port string) { return hostOf(req) })
	switch {
	case app == nil:
		return req.GetResponse(m.notFound())
	case n == 0:
		return req.GetResponse(app)
	}
	raw := n
	if !plain {
		raw = rawPrefix(path, n)
	}
	in := below(req, path, raw)
	resp := in.GetResponse(app)
	if in.Pattern != "" {
		req.Pattern = in.Pattern
	}
	return resp
}

func (m *URLMap) notFound() http.Handler {
	if m.NotFound != nil {
		return m.NotFound
	}
	return exc.NotFound
}

// hostOf is what keys with a host are compared to.
func hostOf(req *webob.Request) (name, port string) {
	return strings.ToLower(req.Domain()), req.HostPort()
}

// below is the request as an app mounted at the first n bytes of path sees it, which is
// PathInfo as it stands in the URL.
func below(req *webob.Request, path string, n int) *webob.Request {
	script := req.ScriptPath() + singleSlashes(path[:n])
	in := req.WithContext(req.Context())
	u := *in.URL
	u.Path, u.RawPath = mustUnescape(path[n:]), ""
	if u.EscapedPath() != path[n:] {
		u.RawPath = path[n:]
	}
	in.URL = &u
	if in.ScriptPath() != script { // a path that no request line tells of, or with slashes in a row
		in.SetScriptName(mustUnescape(script))
	}
	return in
}

// mustUnescape undoes the escapes of a path that a Request has given.
func mustUnescape(path string) string {
	plain, err := url.PathUnescape(path)
	if err != nil {
		panic(fmt.Sprintf("routes: %v", err)) // RestPath has whole escapes alone
	}
	return plain
}
