package conformance

import "strings"

// liveRoutesGrammar makes paths of routes and of requests that some of them match.
var liveRoutesGrammar = parseGrammar(`
	template = "/" segment | "/" segment "/" segment | "/" segment "/" segment "/" segment | "/" segment "/" segment ending | "/" segment ending | "/" segment "/"
	segment = word | word | "{" var "}" | "{" var "}" | ":" var | ":(" var ")" | "{" var ":" expr "}" | word "-{" var "}" | "{" var "}." word
	ending = "{.format}" | ".:(format)" | "/*path" | "/{path:.*}" | "/"
	var = "id" | "k" | "sub" | "title"
	word = "a" | "b" | "items" | "v1" | "x.y" | "os-z"
	expr = "\\d+" | "[a-z]+" | "[^/]+" | "[ab]*" | "a|b|items" | "[a-z0-9]+"
	path = "/" value | "/" value "/" value | "/" value "/" value "/" value | "/" value "/" value "." word | "/" value "." word | "/" value "/" | "/" value "/" value "/" | "/"
	value = word | word | "12" | "7" | "q.z" | "x-1" | "" | "a b" | "a-12" | "A" | "%2F"
`)

// liveTemplate makes a template whose variables differ.
func liveTemplate(a asker) string {
	for {
		t := a.say(liveRoutesGrammar, "template")
		once := true
		for _, name := range []string{"id", "k", "sub", "title"} {
			n := 0
			for _, form := range []string{"{" + name + "}", "{" + name + ":", ":" + name, ":(" + name} {
				n += strings.Count(t, form)
			}
			once = once && n <= 1
		}
		if once {
			return t
		}
	}
}

// liveMapper makes a Mapper of some routes, their names r0, r1 ...
func liveMapper(a asker, generating bool) object {
	var steps []any
	for i := range 1 + a.IntN(6) {
		connect := []string{"r" + string(rune('0'+i)), liveTemplate(a)}
		kw := object{}
		if a.IntN(2) == 0 {
			kw["controller"], kw["action"] = one(a, "one", "two"), one(a, "list", "show")
		}
		if a.IntN(3) == 0 {
			kw["conditions"] = object{"method": one(a, []string{"GET"}, []string{"POST", "PUT"}, []string{"DELETE"})}
		}
		if a.IntN(4) == 0 {
			kw[one(a, "id", "k", "flag", "sub")] = one[any](a, "dd", "7", "7", 3, nil)
		}
		if a.IntN(5) == 0 && !strings.Contains(connect[1], ":") {
			kw["requirements"] = object{one(a, "id", "sub"): one(a, `\d+`, "[ab]", `\w{2,3}`)}
		}
		steps = append(steps, object{"connect": connect, "kw": kw})
	}
	if !generating && a.IntN(6) == 0 {
		steps = append(steps, object{"resource": []string{"entry", "items"}, "kw": object{}})
	}
	options := object{}
	if a.IntN(3) == 0 {
		options["minimization"] = true
	}
	if a.IntN(3) == 0 {
		options["explicit"] = false
	}
	if a.IntN(6) == 0 {
		options["append_slash"] = true
	}
	if a.IntN(8) == 0 && !generating {
		options["prefix"] = one(a, "/a", "/items")
	}
	if a.IntN(6) == 0 {
		options["sub_domains"] = true
	}
	return object{"routes": steps, "options": options, "controllers": []string{"one", "two", "items"}}
}

var liveRoutes = []liveAsk{
	{"routes.match", func(a asker) any {
		requests := some(a, 4, 12, func() any {
			r := object{"path": a.say(liveRoutesGrammar, "path")}
			if a.IntN(2) == 0 {
				r["method"] = one(a, "GET", "POST", "DELETE", "PUT")
				r["environ"] = object{"HTTP_HOST": one(a, "example.com", "a.example.com", "example.com:8080", "localhost")}
			}
			return r
		})
		return object{"mapper": liveMapper(a, false), "requests": requests}
	}},
	{"routes.generate", func(a asker) any {
		m := liveMapper(a, true)
		calls := some(a, 3, 8, func() any {
			kw := object{}
			for _, name := range []string{"id", "k", "sub", "title", "format", "path", "q"} {
				if a.IntN(2) == 0 {
					kw[name] = one(a, "a", "12", "items", "xab", "x y", "\u00fc")
				}
			}
			if a.IntN(4) == 0 {
				kw["anchor"] = "top"
			}
			if a.IntN(6) == 0 {
				kw["method"] = one(a, "GET", "post", "DELETE")
			}
			if a.IntN(6) == 0 {
				kw["qualified"] = true
			}
			if a.IntN(6) == 0 {
				kw["list"] = []string{"x", "y z"}
			}
			// By values Routes' comparison of minimized routes contradicts itself.
			if a.IntN(3) > 0 || m["options"].(object)["minimization"] != nil {
				return object{"args": []string{one(a, "r0", "r1", "r2")}, "kw": kw}
			}
			kw["controller"], kw["action"] = one(a, "one", "two"), one(a, "list", "show")
			return object{"kw": kw}
		})
		return object{"mapper": m, "calls": calls, "environ": object{"SCRIPT_NAME": one(a, "", "", "/mount"), "HTTP_HOST": one(a, "example.com", "b.example.com:81")}}
	}},
	{"routes.table", func(a asker) any {
		return object{"mapper": object{"routes": []any{liveResource(a)}, "options": object{"explicit": one(a, true, true, false)}}}
	}},
	{"routes.middleware", func(a asker) any {
		requests := some(a, 2, 6, func() any {
			return object{
				"method": one(a, "GET", "GET", "POST", "DELETE", "PUT"),
				"path":   one(a, "/items", "/items/7", "/items/7.xml", "/items/7/edit", "/old/7", "/old/7?a=b", "/old/", "/sub/x/y", "/sub", "/items/new", "/items/7/mark", "/x/items/7"),
			}
		})
		return object{
			"mapper": object{"routes": []any{
				liveResource(a), object{"redirect": []string{"/old/{id}", one(a, "/items/{id}", "/items", "http://x.org/{id}")}, "kw": object{}},
				object{"connect": []string{"sub", "/sub/{path_info:.*}"}, "kw": object{}},
			}},
			"options": object{"singleton": false}, "requests": requests,
		}
	}},
}

// liveResource makes a step for a resource, a collection or a submapper.
func liveResource(a asker) any {
	kw := object{}
	if a.IntN(3) == 0 {
		kw["path_prefix"] = one(a, "/x", "/x/{uid}", "/{pid}/y")
	}
	if a.IntN(4) == 0 {
		kw["controller"] = "cc"
	}
	switch a.IntN(3) {
	case 0:
		more := object{
			"name_prefix": "n_", "member": object{"mark": one(a, "POST", "GET", "PUT"), "view": "GET"}, "collection": object{"rss": one(a, "GET", "DELETE")},
			"new": object{"preview": "POST"}, "parent_resource": object{"member_name": "group", "collection_name": "groups"},
		}
		for _, name := range SortedKeys(more) {
			if a.IntN(3) == 0 {
				kw[name] = more[name]
			}
		}
		return object{"resource": []string{"entry", "items"}, "kw": kw}
	case 1:
		more := object{"formatted": false, "member_prefix": "/{slug}", "collection_actions": []string{"index", "new"}, "member_actions": []string{"show", "delete"}}
		for _, name := range SortedKeys(more) {
			if a.IntN(2) == 0 {
				kw[name] = more[name]
			}
		}
		return object{
			"collection": []string{"items", "entry"}, "kw": kw,
			"then":   []any{object{"call": "link", "kw": object{"rel": "recent", "method": one(a, "GET", "POST")}}},
			"member": []any{object{"call": "link", "kw": object{"rel": "ping", "name": "pong", "formatted": one(a, true, false)}}, object{"call": "action", "kw": object{"action": "touch", "method": "PATCH"}}},
		}
	}
	// Routes loses the path of a nameless route where there is a name_prefix alone.
	kw["controller"], kw["name_prefix"], kw["path_prefix"] = "cc", one(a, "", "p_"), one(a, "/s", "/x/{uid}")
	return object{"submapper": kw, "then": []any{
		object{"connect": []string{"in", "/in/{id}"}, "kw": object{"action": "in"}}, object{"connect": []string{"/bare"}, "kw": object{}},
		object{"submapper": object{"path_prefix": "/deep", "name_prefix": "d_", "requirements": object{"id": "[0-9]+"}}, "then": []any{object{"connect": []string{"in", "/{id}"}, "kw": object{}}}},
	}}
}
