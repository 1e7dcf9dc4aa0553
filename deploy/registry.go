package deploy

import (
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
)

// Registry holds the factories that configuration files can name. It is a value to be
// handed in, empty at first; New packages of factories offer a function that fills it.
// A factory is registered by the name that files use:
//
//   - "egg:Shop#cart", what "use = egg:Shop#cart" asks for; "egg:Shop" is short for
//     "egg:Shop#main". The part before # compares as names of Python's distributions do:
//     without case, with -, _ and . alike. The entry after it compares exactly.
//   - "shop.cart:make", what "paste.app_factory = shop.cart:make" and "use =
//     call:shop.cart:make" ask for.
//
// One name may have factories of several kinds; the place where it is named decides.
// Registering a kind again replaces it, so that standard factories can be exchanged.
// Once filled a Registry is safe for concurrent use.
type Registry struct {
	entries map[string]*entry // by canonical name
}

// entry is what is registered under one name.
type entry struct {
	name      string // as it was registered first
	app       func(Config) (http.Handler, error)
	filter    func(Config) (func(http.Handler) http.Handler, error)
	filterApp func(Config, http.Handler) (http.Handler, error)
	composite func(Loader, Config) (http.Handler, error)
	server    func(Config) (func(http.Handler) error, error)
	runner    func(http.Handler, Config) error
	key       string // of Indirect
	kinds     kinds  // also of those that are nil
}

// kinds is a set of the kinds of factories, as protocols of PasteDeploy name them.
type kinds uint8

const (
	kindApp kinds = 1 << iota
	kindComposite
	kindFilter
	kindFilterApp
	kindServer
	kindRunner
	kindIndirect
)

// protocols are PasteDeploy's names, in the order in which it looks for them.
var protocols = []struct {
	kind kinds
	name string
	says string
}{
	{kindApp, "paste.app_factory", "an app"},
	{kindComposite, "paste.composite_factory", "a composite"},
	{kindComposite, "paste.composit_factory", "a composite"},
	{kindFilter, "paste.filter_factory", "a filter"},
	{kindFilterApp, "paste.filter_app_factory", "a filter app"},
	{kindServer, "paste.server_factory", "a server"},
	{kindRunner, "paste.server_runner", "a server runner"},
}

// NewRegistry makes an empty Registry.
func NewRegistry() *Registry { return &Registry{entries: map[string]*entry{}} }

// App registers a factory of apps (paste.app_factory). It is called once for every place
// where the app is used, with the settings that hold there.
func (r *Registry) App(name string, f func(Config) (http.Handler, error)) {
	r.entry(name, kindApp).app = f
}

// Composite registers a factory of apps that are made of others (paste.composite_factory).
// It asks the Loader for these by the names that its settings give.
func (r *Registry) Composite(name string, f func(Loader, Config) (http.Handler, error)) {
	r.entry(name, kindComposite).composite = f
}

// Filter registers a factory of filters (paste.filter_factory). A filter is ordinary
// middleware: it takes an app and gives one.
func (r *Registry) Filter(name string, f func(Config) (func(http.Handler) http.Handler, error)) {
	r.entry(name, kindFilter).filter = f
}

// FilterApp registers a filter as a function that gets the app at once
// (paste.filter_app_factory). Where both kinds are registered, Filter comes first.
func (r *Registry) FilterApp(name string, f func(Config, http.Handler) (http.Handler, error)) {
	r.entry(name, kindFilterApp).filterApp = f
}

// Server registers a factory of servers (paste.server_factory): the function it gives
// serves the app until the server ends.
func (r *Registry) Server(name string, f func(Config) (func(http.Handler) error, error)) {
	r.entry(name, kindServer).server = f
}

// ServerRunner registers a server as a function that gets the app at once
// (paste.server_runner). Where both kinds are registered, Server comes first.
func (r *Registry) ServerRunner(name string, f func(http.Handler, Config) error) {
	r.entry(name, kindRunner).runner = f
}

// Indirect registers a name that stands for the one in another setting: where a section
// says
//
//	paste.filter_factory = senlin.api.common.wsgi:filter_factory
//	senlin.filter_factory = senlin.api.middleware:fault_filter
//
// then Indirect("senlin.api.common.wsgi:filter_factory", "senlin.filter_factory") has the
// second setting name the factory, of whatever kind the first one asks for. That setting is
// taken out of the factory's Config. Services of OpenStack build their files so; the
// second name may also have a dot in place of its colon there.
func (r *Registry) Indirect(name, key string) {
	r.entry(name, kindIndirect).key = key
}

// Names gives the registered names, sorted.
func (r *Registry) Names() []string {
	names := make([]string, 0, len(r.entries))
	for _, e := range r.entries {
		names = append(names, e.name)
	}
	slices.Sort(names)
	return names
}

func (r *Registry) entry(name string, kind kinds) *entry {
	key, err := canonical(name)
	if err != nil {
		panic("deploy: " + err.Error()) // a mistake in the program, told when it starts
	}
	e := r.entries[key]
	if e == nil {
		e = &entry{name: name}
		r.entries[key] = e
	}
	e.kinds |= kind
	return e
}

var (
	runs    = regexp.MustCompile(`[-_.]+`)
	objects = regexp.MustCompile(`^([\w.]+)\s*(?::\s*([\w.]+)\s*)?(?:\[.*\]\s*)?$`)
	egg     = regexp.MustCompile(`^(?i:egg):([^#]+)(?:#(.*))?$`)
)

// canonical is the form of a name that is compared.
func canonical(name string) (string, error) {
	if m := egg.FindStringSubmatch(name); m != nil {
		return eggName(m[1], m[2]), nil
	}
	key, ok := objectName(name)
	if !ok {
		return "", fmt.Errorf("a factory is registered as egg:Name#entry or module:attribute, not as %q", name)
	}
	return key, nil
}

func eggName(dist, entry string) string {
	if entry == "" {
		entry = "main"
	}
	return "egg:" + foldDist(dist) + "#" + entry
}

func foldDist(dist string) string { return strings.ToLower(runs.ReplaceAllString(dist, "-")) }

// objectName is module:attribute without white space and extras, or the module alone.
func objectName(name string) (string, bool) {
	m := objects.FindStringSubmatch(name)
	switch {
	case m == nil:
		return "", false
	case m[2] == "":
		return m[1], true
	}
	return m[1] + ":" + m[2], true
}

// hasDist tells whether an entry of a distribution is registered.
func (r *Registry) hasDist(dist string) bool {
	prefix := "egg:" + foldDist(dist) + "#"
	for key := range r.entries {
		if strings.HasPrefix(key, prefix) {
			return true
		}
	}
	return false
}

// hasModule tells whether anything of a module is registered.
func (r *Registry) hasModule(module string) bool {
	for key := range r.entries {
		if m, _, ok := strings.Cut(key, ":"); ok && m == module && m != "egg" {
			return true
		}
	}
	return false
}

// dists gives the names of the distributions, as they were registered.
func (r *Registry) dists() []string {
	seen := map[string]bool{}
	for _, e := range r.entries {
		if m := egg.FindStringSubmatch(e.name); m != nil {
			seen[m[1]] = true
		}
	}
	return slices.Sorted(maps.Keys(seen))
}

// byName looks a name of a section up, which may have a dot for its colon.
func (r *Registry) byName(name string) *entry {
	key, err := canonical(name)
	if err != nil {
		return nil
	}
	if e := r.entries[key]; e != nil || strings.Contains(key, ":") {
		return e
	}
	if i := strings.LastIndexByte(key, '.'); i > 0 {
		return r.entries[key[:i]+":"+key[i+1:]]
	}
	return nil
}
