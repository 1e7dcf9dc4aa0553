package routes

import (
	"errors"
	"net/http"
	"slices"
	"strings"
)

// SubMapper adds routes that have options in common to its Mapper. Routes: SubMapper.
type SubMapper struct {
	m       *Mapper
	options []Option
	members *SubMapper
}

// SubMapper makes one with these options.
func (m *Mapper) SubMapper(options ...Option) *SubMapper { return m.sub().SubMapper(options...) }

// SubMapper makes one within this one.
func (s *SubMapper) SubMapper(options ...Option) *SubMapper {
	return &SubMapper{m: s.m, options: slices.Concat(s.options, options)}
}

// Connect is Mapper.Connect, with the options in common.
func (s *SubMapper) Connect(path string, h http.Handler, options ...Option) *Route {
	all := slices.Concat(s.options, options)
	if h != nil {
		all = append(all, Handler(h))
	}
	return s.m.add(path, all)
}

// Link adds a route below the path of the SubMapper, /rel, which is named after it and
// the resource and has rel as its action. Name, Methods (GET without) and
// Default("action", ...) say otherwise. Routes: SubMapper.link.
func (s *SubMapper) Link(rel string, options ...Option) *Route {
	return s.named(rel, "/"+rel, rel, options)
}

// Action adds a route at the path of the SubMapper itself, named after action and
// resource. Routes: SubMapper.action.
func (s *SubMapper) Action(action string, options ...Option) *Route {
	return s.named(action, "", action, options)
}

func (s *SubMapper) named(rel, path, action string, options []Option) *Route {
	own, all := newSpec(options), newSpec(slices.Concat(s.m.base, s.options, options))
	var first []Option
	if own.name == "" {
		first = append(first, Name(rel+"_"+all.resource()))
		if all.resource() == "" {
			first = append(first, fault("no name of the resource for the route of "+rel))
		}
	}
	if own.defaults["action"] == "" {
		first = append(first, Default("action", action))
	}
	if own.methods == nil && own.subDomain == nil && own.when == nil {
		first = append(first, Methods("GET"))
	}
	if all.formatted {
		path += "{.format}"
	}
	return s.Connect(path, nil, append(first, options...)...)
}

func fault(text string) Option {
	return func(s *spec) { s.faults = append(s.faults, errors.New(text)) }
}

// resource is the name that routes are named with.
func (s *spec) resource() string {
	if s.resourceName != "" {
		return s.resourceName
	}
	return s.defaults["controller"]
}

// Index is the action index, named as the collection.
func (s *SubMapper) Index(options ...Option) *Route {
	all := newSpec(s.options)
	return s.Action("index", first(options, Name(all.collectionName), Methods("GET"))...)
}

// Show is the action show, named as the resource.
func (s *SubMapper) Show(options ...Option) *Route {
	all := newSpec(slices.Concat(s.m.base, s.options))
	return s.Action("show", first(options, Name(all.resource()), Methods("GET"))...)
}

// Create is the action create, of POST.
func (s *SubMapper) Create(options ...Option) *Route {
	return s.Action("create", first(options, Methods("POST"))...)
}

// Update is the action update, of PUT.
func (s *SubMapper) Update(options ...Option) *Route {
	return s.Action("update", first(options, Methods("PUT"))...)
}

// Delete is the action delete, of DELETE.
func (s *SubMapper) Delete(options ...Option) *Route {
	return s.Action("delete", first(options, Methods("DELETE"))...)
}

// New is the link new, Edit the link edit.
func (s *SubMapper) New(options ...Option) *Route { return s.Link("new", options...) }

// Edit is the link edit.
func (s *SubMapper) Edit(options ...Option) *Route { return s.Link("edit", options...) }

func first(options []Option, before ...Option) []Option { return append(before, options...) }

// Actions adds actions by their names: index, create, new, show, update, delete, edit.
// Where the handler is of type Actions, those it has no handler for are left out.
func (s *SubMapper) Actions(names ...string) {
	handlers, some := newSpec(slices.Concat(s.m.base, s.options)).handler.(Actions)
	for _, name := range names {
		if some && handlers[name] == nil && slices.Contains(standardActions, name) {
			continue
		}
		switch name {
		case "index":
			s.Index()
		case "create":
			s.Create()
		case "new":
			s.New()
		case "show":
			s.Show()
		case "update":
			s.Update()
		case "delete":
			s.Delete()
		case "edit":
			s.Edit()
		default:
			s.Connect("/"+name, nil, fault("no such action: "+name))
		}
	}
}

var standardActions = []string{"index", "create", "new", "show", "update", "delete", "edit"}

// Collection is a SubMapper for a collection, at /collection, with one for its members
// below it at /{id}. It has the routes of index, create and new, its members those of
// show, update, delete and edit; Link and Action add more. Handlers of type Actions leave out
// what they have no handler for. Routes: Mapper.collection.
func (m *Mapper) Collection(collection, resource string, h http.Handler, options ...Option) *SubMapper {
	return m.sub().Collection(collection, resource, h, options...)
}

// Collection is Mapper.Collection within this SubMapper.
func (s *SubMapper) Collection(collection, resource string, h http.Handler, options ...Option) *SubMapper {
	c := s.BareCollection(collection, resource, h, options...)
	c.Actions("index", "create", "new")
	c.Member().Actions("show", "update", "delete", "edit")
	return c
}

// BareCollection is Collection without any routes.
func (m *Mapper) BareCollection(collection, resource string, h http.Handler, options ...Option) *SubMapper {
	return m.sub().BareCollection(collection, resource, h, options...)
}

// BareCollection is Collection without any routes.
func (s *SubMapper) BareCollection(collection, resource string, h http.Handler, options ...Option) *SubMapper {
	common := []Option{CollectionName(collection), ResourceName(resource)}
	if h != nil {
		common = append(common, Handler(h))
	} else if own := newSpec(slices.Concat(s.options, options)); own.handler == nil && own.defaults["controller"] == "" {
		name := resource
		if name == "" {
			name = collection
		}
		common = append(common, Default("controller", name))
	}
	c := s.SubMapper(slices.Concat(common, options)...)
	if collection != "" {
		c.options = append(c.options, PathPrefix("/"+collection))
	}
	prefix := newSpec(options).memberPrefix
	if prefix == "" {
		prefix = "/{id}"
	}
	c.members = c.SubMapper(PathPrefix(prefix))
	return c
}

// Member is the SubMapper of the members of a Collection, nil for others.
func (s *SubMapper) Member() *SubMapper { return s.members }

// stripSlashes takes one slash off either end.
func stripSlashes(s string) string { return strings.TrimSuffix(strings.TrimPrefix(s, "/"), "/") }
