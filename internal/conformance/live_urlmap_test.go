package conformance

import "fmt"

// liveMapGrammar makes keys of URL maps and paths that some of them match.
var liveMapGrammar = parseGrammar(`
	key = path | path | "http://" host path | "http://" host | "https://" host path | "" | "/"
	path = "/" word | "/" word "/" word | "/" word "/" | "//" word "//" word | "/" | "/" word "/" word "/" word
	host = "h1" | "h1:8080" | "h1:80" | "H2.org" | "h2.org" | "h2.org:443"
	word = "a" | "b" | "a b" | "v1.0" | "A" | "café" | "a%20b" | "x-y"
	asked = "/" seg | "/" seg "/" seg | "/" seg "/" seg "/" seg | "/" | "" | "//" seg "//" seg | "/" seg "/" | "/" seg "//" | "/" seg "%2F" seg | "/" seg "?q=/a" | "/" seg "/./" seg
	seg = "a" | "b" | "a%20b" | "v1.0" | "A" | "caf%C3%A9" | "caf%E9" | "%61" | "x-y" | "a;p" | "a%2520b"
	line = word2 | word2 " " word2 | "domain " name " " word2 | "domain " name " port " port " " word2 | word2 " domain " name | "port " port | "domain" | "domain " name " port" | "domain " name | ""
	word2 = "/a" | "/a/" | "b" | "/a//b" | "/"
	name = "h1" | "H2.org"
	port = "80" | "8080" | "http"
`)

var liveURLMap = []liveAsk{
	{"urlmap.route", func(a asker) any {
		in := object{"map": liveMap(a), "requests": liveMapRequests(a)}
		if a.IntN(4) == 0 {
			in["not_found_app"] = "NF"
		}
		return in
	}},
	{"urlmap.keys", func(a asker) any { return object{"map": liveMap(a)} }},
	{"urlmap.get", func(a asker) any { return object{"map": liveMap(a), "key": a.say(liveMapGrammar, "key")} }},
	{"urlmap.parse", func(a asker) any { return object{"text": a.say(liveMapGrammar, "line")} }},
	{"urlmap.normalize", func(a asker) any { return object{"url": a.say(liveMapGrammar, "key"), "trim": a.IntN(4) > 0} }},
	{"cascade.run", liveCascade},
}

func liveMap(a asker) any {
	entries := []any{}
	for i := range 1 + a.IntN(6) {
		var label any = fmt.Sprintf("app%d", i)
		if a.IntN(10) == 0 {
			label = nil
		}
		entries = append(entries, []any{a.say(liveMapGrammar, "key"), label})
	}
	return entries
}

func liveMapRequests(a asker) any {
	requests := []any{}
	for range 1 + a.IntN(5) {
		r := object{"path": a.say(liveMapGrammar, "asked")}
		if a.IntN(2) == 0 {
			r["headers"] = object{"Host": one(a, "h1", "H1", "h1:8080", "h2.org", "h2.org:443", "zz")}
		}
		switch a.IntN(6) {
		case 0:
			r["environ"] = object{"SCRIPT_NAME": "/s"}
		case 1:
			r["environ"] = object{"wsgi.url_scheme": "https"}
		}
		requests = append(requests, r)
	}
	return requests
}

func liveCascade(a asker) any {
	apps := []any{}
	for range 1 + a.IntN(4) {
		if a.IntN(6) == 0 {
			apps = append(apps, object{"raise": one[any](a, 404, 403, 500, "oh")})
			continue
		}
		app := object{"status": one(a, "200 OK", "404 Not Found", "404 Not Found", "403 Forbidden", "500 Internal Server Error"),
			"body": one(a, "", "text"), "headers": []any{[]any{"Content-Type", "text/plain"}}}
		if a.IntN(3) == 0 {
			app["read"] = one(a, -1, 0, 1, 3)
		}
		if a.IntN(4) == 0 {
			app["path"] = "/changed"
		}
		if a.IntN(4) == 0 {
			app["stream"] = true
		}
		apps = append(apps, app)
	}
	in := object{"apps": apps, "request": object{"path": one(a, "/", "/a"), "method": one(a, "GET", "POST", "PUT"), "body": one(a, "", "abc", "abcabcabcabc")}}
	if a.IntN(2) == 0 {
		in["catch"] = one(a, []any{403}, []any{404, 403}, []any{}, []any{404, 500}, []any{"404 Not Found"})
	}
	return in
}
