package routes

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/gowebob/gowebob/webob"
)

// Option says more about a route. Given to a Mapper or a SubMapper it holds for all
// their routes, unless those say otherwise: requirements and defaults are joined, prefixes
// put together, of all else the innermost counts.
type Option func(*spec)

// forMapper makes every Option a MapperOption.
func (o Option) forMapper(m *Mapper) { m.base = append(m.base, o) }

// MapperOption says more about a Mapper. Every Option is one.
type MapperOption interface{ forMapper(*Mapper) }

type mapperOption func(*Mapper)

func (o mapperOption) forMapper(m *Mapper) { o(m) }

// spec is what the options of one route say.
type spec struct {
	name, prefix, namePrefix     string
	prefixed, nameprefixed       bool // given, though perhaps as ""
	handler                      http.Handler
	defaults, reqs               map[string]string
	none                         map[string]bool // names whose default is no value at all
	methods                      []string
	subDomain                    *subDomain
	hosts                        []string
	when                         func(*webob.Request, *Match) bool
	filter                       func(Values) Values
	static, absolute             bool
	minimize, implicit           bool
	code                         int
	formatted                    bool
	resourceName, collectionName string
	memberPrefix                 string
	parent                       [2]string
	extra                        [3][]actionMethod // member, collection, new
	faults                       []error
}

type subDomain struct {
	any   bool
	names []string // any of these; none at all: no sub-domain
}

type actionMethod struct{ action, method string }

func newSpec(options []Option) *spec {
	s := &spec{defaults: map[string]string{}, reqs: map[string]string{}, none: map[string]bool{}, formatted: true}
	for _, o := range options {
		o(s)
	}
	return s
}

// Name is the name of a route, by which Mapper.URL finds it. Of several of one name the
// last counts.
func Name(name string) Option { return func(s *spec) { s.name = name } }

// Handler is the handler of the routes of a SubMapper, Collection or Resource, where
// Connect is given nil.
func Handler(h http.Handler) Option { return func(s *spec) { s.handler = h } }

// Methods are the methods a route is for; without this option it is for all, and with an
// empty list for none. GET includes HEAD. They are compared as they are written.
// Routes: conditions method.
func Methods(methods ...string) Option {
	return func(s *spec) {
		s.methods = append([]string{}, methods...)
		if slices.Contains(methods, "") {
			s.faults = append(s.faults, errors.New("Methods without a method"))
		}
	}
}

// Default gives a variable a value where the path has none, or adds one to the match that
// the path has not. With Minimize a part of the path that has a default may be left out.
func Default(name, value string) Option {
	return func(s *spec) {
		s.defaults[name] = value
		delete(s.none, name)
	}
}

// Defaults is Default for several names.
func Defaults(values map[string]string) Option {
	return func(s *spec) {
		for name, value := range values {
			Default(name, value)(s)
		}
	}
}

// Optional names variables whose default is to have no value: with Minimize they may be
// left out of the path. Routes: a default of None.
func Optional(names ...string) Option {
	return func(s *spec) {
		for _, name := range names {
			delete(s.defaults, name)
			s.none[name] = true
		}
	}
}

// Requirement is the regular expression that a variable has to match, in whole. One
// in the template goes before it.
func Requirement(name, expr string) Option {
	return func(s *spec) { s.reqs[name] = expr }
}

// Requirements is Requirement for several names.
func Requirements(exprs map[string]string) Option {
	return func(s *spec) { maps.Copy(s.reqs, exprs) }
}

// SubDomain is for requests to one of these sub-domains, or to any where none is named.
// It needs a Mapper with SubDomains. Routes: conditions sub_domain.
func SubDomain(names ...string) Option {
	return func(s *spec) { s.subDomain = &subDomain{any: len(names) == 0, names: slices.Clone(names)} }
}

// NoSubDomain is for requests to the domain itself.
func NoSubDomain() Option { return func(s *spec) { s.subDomain = &subDomain{} } }

// Host is for requests to one of these hosts, without port and in any case. A name that
// begins with a dot stands for all below it.
func Host(names ...string) Option {
	return func(s *spec) {
		s.hosts = nil
		for _, name := range names {
			if name == "" {
				s.faults = append(s.faults, errors.New("Host without a name"))
			}
			s.hosts = append(s.hosts, strings.ToLower(name))
		}
	}
}

// When asks f whether the route is to be taken, once path, method and hosts agree. f may
// change the match. Where it says no, the search goes on behind this route. It must be
// safe for concurrent use. Routes: conditions function.
func When(f func(*webob.Request, *Match) bool) Option { return func(s *spec) { s.when = f } }

// Filter has f change the values that a URL of the named route is made of, a copy of
// the caller's with the route's defaults. Routes: _filter.
func Filter(f func(Values) Values) Option { return func(s *spec) { s.filter = f } }

// Static is for routes that URLs are made of and no request matches; the path may be a
// whole URL of another site. : and * have no meaning in it. Routes: _static.
func Static() Option { return func(s *spec) { s.static = true } }

// Absolute leaves SCRIPT_NAME out of the URLs of a route. Routes: _absolute.
func Absolute() Option { return func(s *spec) { s.absolute = true } }

// Minimize lets parts at the end of the path that have defaults be left out, when it
// is matched and when it is made. Routes: minimization.
func Minimize(on bool) Option { return func(s *spec) { s.minimize = on } }

// Implicit gives the defaults controller=content, action=index and no id, as Routes does
// unless it is told to be explicit.
func Implicit(on bool) Option { return func(s *spec) { s.implicit = on } }

// PathPrefix stands before the paths of all routes.
func PathPrefix(prefix string) Option {
	return func(s *spec) { s.prefix, s.prefixed = s.prefix+prefix, true }
}

// NamePrefix stands before the names of all routes that have one.
func NamePrefix(prefix string) Option {
	return func(s *spec) { s.namePrefix, s.nameprefixed = s.namePrefix+prefix, true }
}

// Status is the status of a redirect, 302 without.
func Status(code int) Option {
	return func(s *spec) {
		s.code = code
		if code < 300 || code > 399 || code == http.StatusNotModified {
			s.faults = append(s.faults, fmt.Errorf("Status %d is no redirect", code))
		}
	}
}

// Formatted says whether the routes of SubMapper.Link and Action end with {.format};
// they do without.
func Formatted(on bool) Option { return func(s *spec) { s.formatted = on } }

// ResourceName is the name that SubMapper.Link and Action make the names of routes with.
func ResourceName(name string) Option { return func(s *spec) { s.resourceName = name } }

// CollectionName is the name that SubMapper.Index gives its route.
func CollectionName(name string) Option { return func(s *spec) { s.collectionName = name } }

// MemberPrefix is the path of the members of a Collection, "/{id}" without.
func MemberPrefix(prefix string) Option { return func(s *spec) { s.memberPrefix = prefix } }

// Parent is the resource that a Resource is nested in: its paths are
// /parents/:parent_id/... and its names begin with parent_, unless PathPrefix and
// NamePrefix say otherwise.
func Parent(member, collection string) Option {
	return func(s *spec) { s.parent = [2]string{member, collection} }
}

// MemberAction is a further action of a Resource's members, CollectionAction one of the
// collection, NewAction one of the member that is being made. The method ANY stands for
// all.
func MemberAction(action, method string) Option { return furtherAction(0, action, method) }

// CollectionAction is a further action of a Resource's collection, see MemberAction.
func CollectionAction(action, method string) Option { return furtherAction(1, action, method) }

// NewAction is a further action of a Resource's member that is being made, see MemberAction.
func NewAction(action, method string) Option { return furtherAction(2, action, method) }

func furtherAction(i int, action, method string) Option {
	return func(s *spec) { s.extra[i] = append(s.extra[i], actionMethod{action, strings.ToUpper(method)}) }
}

// AppendSlash has all URLs end with a slash.
func AppendSlash() MapperOption { return mapperOption(func(m *Mapper) { m.appendSlash = true }) }

// Mount is the path that the Mapper's own routes are below: it is taken off before a
// request is matched, and put before every URL. Routes: prefix.
func Mount(path string) MapperOption { return mapperOption(func(m *Mapper) { m.prefix = path }) }

// SubDomains has the Mapper look at the sub-domain of a request, which is all but the
// last two names of its host, and make URLs of another one absolute. Those in ignore,
// www perhaps, count as none.
func SubDomains(ignore ...string) MapperOption {
	return mapperOption(func(m *Mapper) { m.subDomains, m.ignored = true, ignore })
}

// Controllers are the values that a variable named controller may have, slashes in
// them included; all others do not match. Without this option it is a variable like any
// other.
func Controllers(names ...string) MapperOption {
	return mapperOption(func(m *Mapper) { m.controllers = append([]string{}, names...) })
}

// LooseNames has the name of a route give its defaults alone, so that a URL may be made
// of another route that fits better. Routes: hardcode_names off.
func LooseNames() MapperOption { return mapperOption(func(m *Mapper) { m.looseNames = true }) }

// NotFound answers where no route matches, instead of exc's page of a 404. A 405 stays one.
func NotFound(h http.Handler) MapperOption {
	return mapperOption(func(m *Mapper) { m.notFound = h })
}

// MethodOverride has a POST matched as the method that the variable _method of its
// query or form names, for pages that can send nothing else. Method stays POST.
func MethodOverride() MapperOption {
	return mapperOption(func(m *Mapper) { m.methodOverride = true })
}

// KeepPath has a variable path_info leave PathInfo and ScriptName as they are.
func KeepPath() MapperOption { return mapperOption(func(m *Mapper) { m.keepPath = true }) }
