package conformance

// liveRequestGrammar is what a request may be made of.
var liveRequestGrammar = parseGrammar(`
	host = name | name ":" port | "[::1]" | "[2001:db8::1]:" port | "10.0.0.1" | name ":80" | name ":443"
	name = "example.com" | "localhost" | "a" | "h.example" | "WWW.Example.COM" | "xn--e1afmkfd.example"
	port = "8080" | "81" | "1" | "65535"
	badhost = "a b" | "a/b" | "u@h" | "h:" | "h:x" | "a:1:2" | "h?q" | "" | "a,b" | "::1" | "h:99999"
	path = "" | "/" | segments | segments "/" | "/" segments
	segments = "/" segment | "/" segment segments | "/" segment "/" segment
	segment = "a" | "b" | "blog" | "x y" | "a;b=1" | "a%b" | "~u" | "é" | "a+b" | "%2f" | "." | ".." | "" | "a:b" | "(x)" | "[x]" | "a&b=c" | "ü"
	script = "" | "" | "/app" | "/a b" | "/s/t" | "/é"

	target = tsegs | tsegs "?" query | "/" | "/?" query | "http://" host tsegs | "https://" host tsegs "?" query | "http://" host
	tsegs = "/" tseg | "/" tseg tsegs | "/" tseg "/"
	tseg = "a" | "b" | "blog" | "a%20b" | "%C3%A9" | "~u" | "a+b" | "x:y" | "%" | "a%zz" | "%41" | "%2F" | ".." | "a;b"
	base = "http://" host | "https://" host | "http://" host "/app" | "https://" host "/a/b"

	query = pair | pair "&" query | pair "&" pair | "" | "&" query
	pair = key "=" value | key "=" value | key | "=" value | key "=" value "=" value
	key = "a" | "b" | "c" | "a" | "x+y" | "n%20m" | "%C3%A9" | "" | "a[]" | "a.b"
	value = "1" | "2" | "" | "x+y" | "%26" | "%C3%A9" | "%zz" | "%" | "a%2" | "é" | "*" | "~" | "%3D" | "a/b?c"

	ref = "x" | "../x" | "./" | "" | "?q=1" | "#f" | "/abs" | "/abs/../x" | "../../../up" | "http://other.example/x" | "https://h" | ";p" | "g;x=1/../y" | "a/b/c" | "//other.example/y" | "." | ".." | "./a:b" | "mailto:x@y" | "x?y#z" | "..g" | "g/./h"
	text = "1" | "2" | "v" | "x y" | "é" | "" | "a&b" | "a=b" | "p%q" | "+" | "日本"
	field = "a" | "b" | "c" | "d e" | "é"
`)

func liveReq(rule string) func(a asker) string {
	return func(a asker) string { return a.say(liveRequestGrammar, rule) }
}

var liveRequests = []liveAsk{
	{"request_urls.read", func(a asker) any { return object{"environ": liveEnviron(a)} }},
	{"request_urls.relative", func(a asker) any {
		return object{"environ": liveEnviron(a), "url": liveReq("ref")(a), "to_application": a.IntN(2) == 0}
	}},
	{"request_urls.pop", func(a asker) any {
		patterns := some(a, 1, 4, func() any { return one[any](a, nil, nil, nil, "a", ".", "^b", "blog$", "[a-z]+") })
		return object{"environ": liveEnviron(a), "patterns": patterns}
	}},
	{"request_blank.environ", liveBlank},
	{"request_blank.headers", liveHeaderView},
	{"request_params.query", func(a asker) any { return object{"query_string": a.spoilt(liveRequestGrammar, "query")} }},
	{"request_params.form", func(a asker) any {
		return object{
			"method": one(a, "POST", "POST", "PUT", "GET", "PATCH"), "body": Latin(liveReq("query")(a)),
			"content_type": one[any](a, "application/x-www-form-urlencoded", "application/x-www-form-urlencoded; charset=UTF-8", "text/plain", nil),
		}
	}},
	{"request_params.params", func(a asker) any {
		return object{
			"method": "POST", "content_type": "application/x-www-form-urlencoded", "query_string": liveReq("query")(a),
			"body": Latin(liveReq("query")(a)), "keys": []string{"a", "b", "z", "x y"},
		}
	}},
	{"request_params.mutate", liveMutate},
	{"multidict.script", liveScript},
	{"multidict.masked", func(a asker) any {
		return object{"items": some(a, 0, 4, func() []string {
			return []string{one(a, "a", "password", "Passwd", "pwd2", "new_password", "api_token", "x"), liveReq("text")(a)}
		})}
	}},
}

// liveEnviron is the environ of a request, with a Host that is none now and then.
func liveEnviron(a asker) object {
	env := object{
		"REQUEST_METHOD": one(a, "GET", "POST", "HEAD"), "SCRIPT_NAME": Latin(liveReq("script")(a)), "PATH_INFO": Latin(liveReq("path")(a)),
		"QUERY_STRING": one(a, "", "", "a=b", "x=1&y=%20", "z"), "SERVER_NAME": "localhost", "SERVER_PORT": one(a, "80", "443", "8080"),
		"SERVER_PROTOCOL": one(a, "HTTP/1.1", "HTTP/1.0"), "wsgi.url_scheme": one(a, "http", "http", "https"),
	}
	if a.IntN(5) > 0 {
		env["HTTP_HOST"] = liveReq("host")(a)
	}
	if a.IntN(6) == 0 {
		env["REMOTE_ADDR"] = one(a, "10.0.0.1", "::1")
	}
	return env
}

func liveBlank(a asker) any {
	in := object{"path": liveReq("target")(a)}
	if a.IntN(4) == 0 {
		in["path"], in["base_url"] = liveReq("tsegs")(a), liveReq("base")(a)
	}
	if a.IntN(4) == 0 {
		in["headers"] = some(a, 1, 2, func() []string {
			return []string{one(a, "X-A", "Accept", "x-b", "User-Agent"), one(a, "1", "text/html", "a b")}
		})
	}
	switch a.IntN(4) {
	case 0:
		in["kw"] = object{"method": one(a, "PUT", "DELETE", "HEAD", "POST")}
	case 1:
		pairs := some(a, 0, 3, func() []any { return []any{liveReq("field")(a), liveReq("text")(a)} })
		in["post"] = object{"list": pairs}
	case 2:
		in["post"] = object{"bytes": Latin(liveReq("query")(a))}
	}
	return in
}

func liveHeaderView(a asker) any {
	names := []string{"X-A", "x-a", "Accept", "Content-Type", "Host", "X-Missing", "content-length"}
	steps := some(a, 1, 5, func() []any {
		name := one(a, names...)
		switch a.IntN(6) {
		case 0:
			return []any{"get", name, "none"}
		case 1:
			return []any{"has", name}
		case 2:
			return []any{"set", one(a, "X-A", "Accept", "X-New"), one(a, "1", "a/b", "")}
		case 3:
			return []any{"keys"}
		case 4:
			return []any{"del", name}
		}
		return []any{"get", name}
	})
	return object{"steps": steps, "environ": object{
		"HTTP_X_A": "1", "HTTP_ACCEPT": "*/*", "CONTENT_TYPE": "text/plain", "HTTP_HOST": "h", "REQUEST_METHOD": "GET",
		"wsgi.url_scheme": "http", "SERVER_NAME": "h", "SERVER_PORT": "80",
	}}
}

// liveMutate changes a query; its letters are those that both escape alike.
func liveMutate(a asker) any {
	key, value := liveReq("field"), liveReq("text")
	pairs := func() [][]string { return some(a, 0, 3, func() []string { return []string{key(a), value(a)} }) }
	steps := some(a, 1, 5, func() []any {
		switch a.IntN(11) {
		case 0, 1:
			return []any{"set", key(a), value(a)}
		case 2, 3:
			return []any{"add", key(a), value(a)}
		case 4:
			return []any{"del", key(a)}
		case 5:
			return []any{"pop", key(a)}
		case 6:
			return []any{"pop", key(a), "none"}
		case 7:
			return []any{"popitem"}
		case 8:
			return []any{"setdefault", key(a), value(a)}
		case 9:
			return []any{one(a, "update", "extend"), pairs()}
		}
		return []any{"query_string", one(a, "", "a=1&b=2", "c")}
	})
	return object{"query_string": one(a, "", "a=1", "a=1&b=2&a=3", "c&a", "d+e=x"), "steps": steps}
}

// liveScript runs what every kind of mapping knows.
func liveScript(a asker) any {
	kind := one(a, "multi", "multi", "headers", "nested", "none")
	key := func() string { return one(a, "a", "b", "c", "A", "z") }
	value := func() string { return one(a, "1", "2", "3", "x y") }
	pairs := func(least int) [][]string {
		return some(a, least, 4, func() []string { return []string{key(), value()} })
	}
	read := []string{"get", "getall", "has", "getone", "getitem"}
	steps := some(a, 1, 6, func() []any {
		switch a.IntN(16) {
		case 0, 1, 2:
			return []any{one(a, "set", "add"), key(), value()}
		case 3:
			return []any{"del", key()}
		case 4:
			return []any{"pop", key()}
		case 5:
			return []any{"pop", key(), "none"}
		case 6:
			return []any{"setdefault", key(), value()}
		case 7:
			return []any{one(a, "popitem", "clear")}
		case 8:
			return []any{"update", pairs(0)}
		case 9:
			return []any{"extend", pairs(1)}
		case 10, 11:
			return []any{one(a, "len", "bool", "keys", "values", "items", "mixed", "dict_of_lists")}
		}
		return []any{one(a, read...), key()}
	})
	in := object{"kind": kind, "steps": steps}
	switch kind {
	case "multi", "headers":
		in["items"] = pairs(0)
	case "nested":
		in["parts"] = some(a, 1, 3, func() [][]string { return pairs(0) })
	}
	return in
}
