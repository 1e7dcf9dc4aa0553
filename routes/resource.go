package routes

import (
	"net/http"
	"slices"
)

// memberID is the requirement of a member's id: no slash in it, and no backslash at its
// end.
const memberID = `[^/]*[^/\\]`

// Resource adds the routes of a resource as Routes has them: for the resource "entry"
// of the collection "entries"
//
//	GET    /entries           index   entries      also /entries.{format}, and so on
//	POST   /entries           create
//	GET    /entries/new       new     new_entry
//	GET    /entries/{id}      show    entry
//	PUT    /entries/{id}      update
//	DELETE /entries/{id}      delete
//	GET    /entries/{id}/edit edit    edit_entry
//
// each with a second one whose path ends with .{format} and whose name begins with
// formatted_. h answers them all and finds the action in the variable action; Actions has a
// handler for each, and has only the routes connected that it has handlers for.
// MemberAction, CollectionAction and NewAction add more, Parent nests it.
//
// Collection is the newer way, with fewer routes. Routes: Mapper.resource.
func (m *Mapper) Resource(member, collection string, h http.Handler, options ...Option) {
	m.sub().Resource(member, collection, h, options...)
}

// Resource is Mapper.Resource within this SubMapper.
func (s *SubMapper) Resource(member, collection string, h http.Handler, options ...Option) {
	if h != nil {
		options = append(slices.Clone(options), Handler(h))
	}
	own := newSpec(options)
	b := &resourceBuilder{s: s, own: own, member: member, collection: collection, options: options}
	b.outer = newSpec(slices.Concat(s.m.base, s.options))
	b.actions, _ = own.handler.(Actions)
	b.namePrefix = own.namePrefix
	prefix := own.prefix
	if own.parent[0] != "" {
		if prefix == "" && !own.prefixed {
			prefix = own.parent[1] + "/:" + own.parent[0] + "_id"
		}
		if b.namePrefix == "" && !own.nameprefixed {
			b.namePrefix = own.parent[0] + "_"
		}
	}
	b.path = "/" + stripSlashes(collection)
	if prefix = stripSlashes(prefix); prefix != "" {
		b.path = "/" + prefix + b.path
	}
	if own.handler == nil && own.defaults["controller"] == "" {
		b.options = append(slices.Clone(b.options), Default("controller", stripSlashes(collection)))
	}
	b.collectionRoutes()
	b.newRoutes()
	b.memberRoutes()
}

type resourceBuilder struct {
	s                  *SubMapper
	own, outer         *spec
	member, collection string
	options            []Option
	actions            Actions
	namePrefix, path   string
}

// actionGroup are the actions of one method.
type actionGroup struct {
	method  string
	actions []string
}

// grouped puts actions together by their method, in the order in which these occur.
func grouped(list []actionMethod) (groups []actionGroup) {
	for _, a := range list {
		i := slices.IndexFunc(groups, func(g actionGroup) bool { return g.method == a.method })
		if i < 0 {
			groups = append(groups, actionGroup{method: a.method})
			i = len(groups) - 1
		}
		groups[i].actions = append(groups[i].actions, a.action)
	}
	return groups
}

// primary puts the action of the path itself before the others of its method.
func primary(groups []actionGroup, method, action string) []actionGroup {
	i := slices.IndexFunc(groups, func(g actionGroup) bool { return g.method == method })
	if i < 0 {
		return append(groups, actionGroup{method, []string{action}})
	}
	groups[i].actions = slices.Insert(groups[i].actions, 0, action)
	return groups
}

// add connects a route in its two forms.
func (b *resourceBuilder) add(name, path, method, action string, more ...Option) {
	if b.actions != nil && b.actions[action] == nil {
		return
	}
	options := slices.Concat(b.s.options, b.options, []Option{Default("action", action)})
	options = append(options, more...)
	if method != "ANY" {
		options = append(options, Methods(method))
	}
	formatted := ""
	if name != "" {
		name = b.namePrefix + name
		formatted = "formatted_" + name
	}
	b.s.m.add(path+".:(format)", append(slices.Clone(options), b.place(formatted)))
	b.s.m.add(path, append(options, b.place(name)))
}

// place names a route, and takes the prefixes of the resource's own options back, as
// they are in its path already.
func (b *resourceBuilder) place(name string) Option {
	return func(s *spec) {
		s.name, s.prefix, s.namePrefix = name, b.outer.prefix, b.outer.namePrefix
	}
}

func (b *resourceBuilder) collectionRoutes() {
	groups := primary(grouped(b.own.extra[1]), "POST", "create")
	for _, g := range groups {
		actions := g.actions
		first := ""
		if g.method != "GET" && g.method != "ANY" {
			first, actions = actions[0], actions[1:]
		}
		for _, action := range actions {
			b.add(action+"_"+b.collection, b.path+"/"+action, g.method, action)
		}
		if first != "" {
			b.add("", b.path, g.method, first)
		}
	}
	b.add(b.collection, b.path, "GET", "index")
}

func (b *resourceBuilder) newRoutes() {
	for _, g := range grouped(append(slices.Clone(b.own.extra[2]), actionMethod{"new", "GET"})) {
		for _, action := range g.actions {
			if action == "new" {
				b.add("new_"+b.member, b.path+"/new", g.method, action)
				continue
			}
			b.add(action+"_new_"+b.member, b.path+"/new/"+action, g.method, action)
		}
	}
}

func (b *resourceBuilder) memberRoutes() {
	groups := grouped(append(slices.Clone(b.own.extra[0]), actionMethod{"edit", "GET"}))
	groups = primary(primary(groups, "PUT", "update"), "DELETE", "delete")
	path := b.path + "/:(id)"
	id := Requirement("id", memberID)
	if own := b.own.reqs["id"]; own != "" {
		id = Requirement("id", own)
	}
	for _, g := range groups {
		actions := g.actions
		first := ""
		if g.method != "POST" && g.method != "GET" && g.method != "ANY" {
			first, actions = actions[0], actions[1:]
		}
		for _, action := range actions {
			b.add(action+"_"+b.member, path+"/"+action, g.method, action, id)
		}
		if first != "" {
			b.add("", path, g.method, first, id)
		}
	}
	b.add(b.member, path, "GET", "show", id)
}
