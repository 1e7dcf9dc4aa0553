package conformance

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/gowebob/gowebob/routes"
	"github.com/gowebob/gowebob/webob"
)

// routesMapper is what a question says of its Mapper.
type routesMapper struct {
	Options     map[string]any
	Controllers []string
	Routes      []routesStep
}

// routesStep is one step of making a Mapper.
type routesStep struct {
	Connect    []string
	Resource   []string
	Redirect   []string
	Collection []string
	Submapper  map[string]any
	Extend     [][]any
	PathPrefix string `json:"path_prefix"`
	Call       string
	Kw         map[string]any
	Then       []routesStep
	Member     []routesStep
}

// routesHandler stands for a callable object.
type routesHandler struct{ name string }

func (routesHandler) ServeHTTP(http.ResponseWriter, *http.Request) {}

// make makes the Mapper; the error is what its routes are refused for.
func (in routesMapper) make(more ...routes.MapperOption) (*routes.Mapper, error) {
	m := routes.NewMapper(append(in.options(), more...)...)
	for _, s := range in.Routes {
		s.on(routesTarget{m, nil})
	}
	return m, m.Err()
}

func (in routesMapper) options() (list []routes.MapperOption) {
	if explicit, ok := in.Options["explicit"].(bool); ok && !explicit {
		list = append(list, routes.Implicit(true))
	}
	list = append(list, routes.Controllers(in.Controllers...))
	for _, name := range SortedKeys(in.Options) {
		v := in.Options[name]
		switch name {
		case "minimization":
			list = append(list, routes.Minimize(v == true))
		case "append_slash":
			if v == true {
				list = append(list, routes.AppendSlash())
			}
		case "hardcode_names":
			if v == false {
				list = append(list, routes.LooseNames())
			}
		case "sub_domains":
			if v == true {
				list = append(list, routes.SubDomains(routesTexts(in.Options["sub_domains_ignore"])...))
			}
		case "prefix":
			list = append(list, routes.Mount(v.(string)))
		case "explicit", "sub_domains_ignore", "encoding", "decode_errors": // a URL is UTF-8
		default:
			panic("routes: option " + name)
		}
	}
	return list
}

func routesTexts(v any) (texts []string) {
	switch v := v.(type) {
	case string:
		return []string{v}
	case []any:
		for _, item := range v {
			texts = append(texts, item.(string))
		}
	}
	return texts
}

// routesTarget is what a step is done on: the Mapper, or a SubMapper of it.
type routesTarget struct {
	m   *routes.Mapper
	sub *routes.SubMapper
}

func (t routesTarget) connect(path string, options []routes.Option) {
	if t.sub != nil {
		t.sub.Connect(path, nil, options...)
	} else {
		t.m.Connect(path, nil, options...)
	}
}

func (t routesTarget) submapper(options []routes.Option) routesTarget {
	if t.sub != nil {
		return routesTarget{t.m, t.sub.SubMapper(options...)}
	}
	return routesTarget{t.m, t.m.SubMapper(options...)}
}

// on does a step.
func (s routesStep) on(t routesTarget) {
	options := routesOptions(s.Kw)
	switch {
	case len(s.Connect) == 2:
		t.connect(s.Connect[1], append(options, routes.Name(s.Connect[0])))
	case len(s.Connect) == 1:
		t.connect(s.Connect[0], options)
	case s.Resource != nil:
		t.m.Resource(s.Resource[0], s.Resource[1], nil, options...)
	case s.Redirect != nil:
		t.m.Redirect(s.Redirect[0], s.Redirect[1], options...)
	case s.Collection != nil:
		s.collection(t, options)
	case s.Extend != nil:
		s.extend(t.m)
	case s.Call != "":
		s.call(t.sub, options)
	default:
		inner := t.submapper(routesOptions(s.Submapper))
		if actions, ok := s.Submapper["actions"]; ok {
			inner.sub.Actions(routesTexts(actions)...)
		}
		for _, step := range s.Then {
			step.on(inner)
		}
	}
}

func (s routesStep) extend(m *routes.Mapper) {
	other := routes.NewMapper()
	for _, r := range s.Extend {
		options := routesOptions(r[2].(map[string]any))
		if name, ok := r[0].(string); ok {
			options = append(options, routes.Name(name))
		}
		other.Connect(r[1].(string), nil, options...)
	}
	m.Extend(other.Routes(), routes.PathPrefix(s.PathPrefix))
}

func (s routesStep) collection(t routesTarget, options []routes.Option) {
	var c *routes.SubMapper
	if t.sub != nil {
		c = t.sub.BareCollection(s.Collection[0], s.Collection[1], nil, options...)
	} else {
		c = t.m.BareCollection(s.Collection[0], s.Collection[1], nil, options...)
	}
	actions := func(on *routes.SubMapper, key string, usual ...string) {
		if given, ok := s.Kw[key]; ok {
			usual = routesTexts(given)
		}
		on.Actions(usual...)
	}
	member := c.Member()
	if more, ok := s.Kw["member_options"].(map[string]any); ok {
		member = member.SubMapper(routesOptions(more)...)
	}
	actions(c, "collection_actions", "index", "create", "new")
	actions(member, "member_actions", "show", "update", "delete", "edit")
	for _, step := range s.Then {
		step.on(routesTarget{t.m, c})
	}
	for _, step := range s.Member {
		step.on(routesTarget{t.m, member})
	}
}

// call calls a method of a SubMapper.
func (s routesStep) call(on *routes.SubMapper, options []routes.Option) {
	rel, _ := s.Kw["rel"].(string)
	name, named := s.Kw["name"].(string)
	if named {
		options = append(options, routes.Name(name))
	}
	action, _ := s.Kw["action"].(string)
	switch s.Call {
	case "link":
		if rel == "" {
			rel = name
		}
		on.Link(rel, options...)
	case "action":
		if action == "" {
			action = name
		}
		on.Action(action, options...)
	case "index":
		on.Index(options...)
	case "show":
		on.Show(options...)
	case "create":
		on.Create(options...)
	case "update":
		on.Update(options...)
	case "delete":
		on.Delete(options...)
	case "new":
		on.New(options...)
	case "edit":
		on.Edit(options...)
	default:
		panic("routes: call " + s.Call)
	}
}

// routesOptions are the keywords of a route as options.
func routesOptions(kw map[string]any) (list []routes.Option) {
	for _, name := range SortedKeys(kw) {
		list = append(list, routesOption(name, kw[name])...)
	}
	return list
}

func routesOption(name string, v any) []routes.Option {
	one := func(o routes.Option) []routes.Option { return []routes.Option{o} }
	switch name {
	case "conditions":
		return routesConditions(v)
	case "requirements":
		return one(routes.Requirements(routesStrings(v)))
	case "path_prefix":
		return one(routes.PathPrefix(v.(string)))
	case "name_prefix":
		return one(routes.NamePrefix(v.(string)))
	case "_static":
		return routesIf(v, routes.Static())
	case "_absolute":
		return routesIf(v, routes.Absolute())
	case "_minimize":
		return one(routes.Minimize(v == true))
	case "_explicit":
		return one(routes.Implicit(v != true))
	case "_filter":
		return one(routes.Filter(routesFilters[v.(string)]))
	case "_redirect_code":
		code, err := strconv.Atoi(v.(string)[:3])
		staticMust(err)
		return one(routes.Status(code))
	case "formatted":
		return one(routes.Formatted(v == true))
	case "resource_name":
		return one(routes.ResourceName(v.(string)))
	case "collection_name":
		return one(routes.CollectionName(v.(string)))
	case "member_prefix":
		return one(routes.MemberPrefix(v.(string)))
	case "parent_resource":
		p := routesStrings(v)
		return one(routes.Parent(p["member_name"], p["collection_name"]))
	case "member", "collection", "new":
		return routesActions(name, routesStrings(v))
	case "method":
		return one(routes.Methods(v.(string)))
	case "rel", "name", "actions", "collection_actions", "member_actions", "member_options", "_encoding":
		return nil // seen to elsewhere
	}
	if object, ok := v.(map[string]any); ok && name == "controller" {
		return one(routes.Handler(routesHandler{object["object"].(string)}))
	}
	if v == nil {
		return one(routes.Optional(name))
	}
	return one(routes.Default(name, routesText(v)))
}

func routesIf(v any, o routes.Option) []routes.Option {
	if v == true {
		return []routes.Option{o}
	}
	return nil
}

func routesActions(kind string, methods map[string]string) (list []routes.Option) {
	make := map[string]func(string, string) routes.Option{
		"member": routes.MemberAction, "collection": routes.CollectionAction, "new": routes.NewAction,
	}[kind]
	for _, action := range SortedKeys(methods) {
		list = append(list, make(action, methods[action]))
	}
	return list
}

func routesConditions(v any) (list []routes.Option) {
	conditions, _ := v.(map[string]any)
	for _, name := range SortedKeys(conditions) {
		v := conditions[name]
		switch name {
		case "method":
			list = append(list, routes.Methods(routesTexts(v)...))
		case "function":
			list = append(list, routes.When(routesFunctions[v.(string)]))
		case "sub_domain":
			names, some := v.([]any)
			switch {
			case some && len(names) > 0:
				list = append(list, routes.SubDomain(routesTexts(v)...))
			case v == true:
				list = append(list, routes.SubDomain())
			case v == false || v == nil || some:
				list = append(list, routes.NoSubDomain())
			default:
				panic(fmt.Sprintf("routes: sub_domain %v", v))
			}
		default:
			panic("routes: condition " + name)
		}
	}
	return list
}

func routesStrings(v any) map[string]string {
	texts := map[string]string{}
	object, _ := v.(map[string]any)
	for name, item := range object {
		texts[name] = item.(string)
	}
	return texts
}

// routesText is how Python writes a value.
func routesText(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	case bool:
		return strings.ToUpper(strconv.FormatBool(v)[:1]) + strconv.FormatBool(v)[1:]
	}
	panic(fmt.Sprintf("routes: value %v", v))
}

// routesFunctions and routesFilters are those of the page.
var routesFunctions = map[string]func(*webob.Request, *routes.Match) bool{
	"wants_json": func(req *webob.Request, _ *routes.Match) bool {
		return strings.Contains(req.Header.Get("Accept"), "application/json")
	},
	"add_year": func(_ *webob.Request, m *routes.Match) bool {
		m.Set("year", "2001")
		return true
	},
	"digits": func(_ *webob.Request, m *routes.Match) bool {
		id, _ := m.Get("id")
		return id != "" && strings.Trim(id, "0123456789") == ""
	},
}

var routesFilters = map[string]func(routes.Values) routes.Values{
	"slug": func(v routes.Values) routes.Values {
		if title, ok := v["title"].(string); ok {
			delete(v, "title")
			v["id"] = strings.ReplaceAll(strings.ToLower(title), " ", "-")
		}
		return v
	},
	"from_post": func(v routes.Values) routes.Values {
		post, _ := v["post"].(map[string]any)
		delete(v, "post")
		for name, item := range post {
			v[name] = item
		}
		return v
	},
}
