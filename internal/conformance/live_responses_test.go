package conformance

import "fmt"

// liveResponseGrammar is what a response may be made of.
var liveResponseGrammar = parseGrammar(`
	status = "200" | "201" | "204" | "304" | "404" | "500" | "200 OK" | "404 Gone Fishing" | "99" | "600" | "abc" | "418 I'm a teapot" | "207"
	location = "/x" | "x" | "../x" | "/a/b?c=d" | "?q" | "http://other.example/x" | "https://h:8080/" | "./" | "x#f" | "/x;y" | "" | "//evil.example" | "/\\evil" | "javascript:x" | "/a b" | "a:b/c" | "/é"
	cookiename = "a" | "b" | "n" | "session" | "x-y" | "a b" | "a=b" | ""
	cookievalue = "v" | "" | "x y" | "a,b" | "a;b" | "\"q\"" | "é" | "a=b" | "a\\b" | "1+2" | "日" | "100%"
	fragment = piece | piece fragment | piece piece
	piece = "a" | " b" | "<br>" | "<br/>" | "<BR />" | "<p>x</p>" | "&amp;" | "&lt;" | "<!-- c -->" | "\n" | "  " | "é" | "<a href=\"x\">y</a>" | ">" | "&quot;" | "\"" | "'" | "&"
	detail = "because" | "d <b>x</b>" | "a & b" | "\"q\"" | "é" | "" | "line\nline" | "${explanation}" | "it's"
	accept = "text/html" | "text/plain" | "application/json" | "*/*" | "text/*" | "application/*" | "text/html;q=0.5, application/json" | "image/png" | "application/problem+json" | "text/plain, text/html;q=0.9" | "application/json;q=0"
`)

func liveResp(rule string) func(a asker) string {
	return func(a asker) string { return a.say(liveResponseGrammar, rule) }
}

var liveResponses = []liveAsk{
	{"response_basic.status", func(a asker) any {
		return object{"through": "status", "value": one[any](a, liveResp("status")(a), 100+a.IntN(500))}
	}},
	{"response_basic.cookies", liveSetCookies},
	{"response_basic.call", func(a asker) any {
		base := one[any](a, nil, "http://h:8080", "https://h/app")
		req := object{"path": one(a, "/", "/p/", "/a/b?c=d")}
		if base != nil {
			req["base_url"] = base
		}
		return object{"request": req, "new": object{"status": one(a, 301, 302, 303, 201), "content_type": "text/plain",
			"kw": object{"location": liveResp("location")(a)}}}
	}},
	{"response_basic.cache_expires", func(a asker) any {
		return object{"now": 1300000000, "headers": []any{}, "calls": some(a, 1, 2, func() any {
			return object{"seconds": one[any](a, 0, 1, 60, 86400, 31536000, true, object{"$delta": a.IntN(1e6)}), "kw": one(a, object{}, object{"public": true}, object{"private": true})}
		})}
	}},
	{"response_basic.md5_etag", func(a asker) any {
		return object{"body": liveResp("fragment")(a), "other": maybe(a, 2, "other"), "set_content_md5": a.IntN(2) == 0}
	}},
	{"response_conditional.call", liveConditional},
	{"response_conditional.slice", func(a asker) any {
		chunks := some(a, 1, 4, func() string { return one(a, "0", "12", "345", "6789ab", "") })
		start := a.IntN(6)
		return object{"chunks": chunks, "start": start, "stop": maybe(a, 3, start+1+a.IntN(8))}
	}},
	{"exc.call", liveExc},
	{"exc.escape", func(a asker) any { return object{"value": one[any](a, liveResp("fragment")(a), a.IntN(1000), nil)} }},
	{"exc.plain_text", func(a asker) any { return object{"html": liveResp("fragment")(a)} }},
	{"dec.call", func(a asker) any { return object{"app": liveHandler(a, 1), "request": liveDecRequest(a)} }},
	{"dec.middleware", func(a asker) any {
		return object{"layers": some(a, 1, 3, func() any { return liveLayer(a) }), "app": liveHandler(a, 1), "request": liveDecRequest(a)}
	}},
}

func liveSetCookies(a asker) any {
	rewrites := a.IntN(2) == 0 // WebOb loses attributes of the others then, which has a rule for simple cases alone
	steps := some(a, 1, 3, func() []any {
		name := liveResp("cookiename")(a)
		switch n := a.IntN(5); {
		case n == 0:
			return []any{"delete", name, object{"path": "/"}}
		case n == 1 && rewrites:
			return []any{"unset", name, false}
		}
		options := object{}
		if a.IntN(3) == 0 {
			options["max_age"] = one[any](a, 0, 60, 86400, object{"$delta": 3600})
		}
		if a.IntN(3) == 0 {
			options["path"] = one(a, "/", "/app")
		}
		if a.IntN(4) == 0 {
			options["domain"] = "example.com"
		}
		if a.IntN(4) == 0 && !rewrites {
			options["secure"] = true
		}
		if a.IntN(4) == 0 && !rewrites {
			options["httponly"] = true
		}
		if a.IntN(4) == 0 {
			options["samesite"] = one(a, "lax", "Strict")
		}
		if a.IntN(4) == 0 && rewrites {
			options["overwrite"] = true
		}
		return []any{"set", name, liveResp("cookievalue")(a), options}
	})
	return object{"now": 1300000000, "steps": steps}
}

// liveConditional asks with conditions that hold and that do not.
func liveConditional(a asker) any {
	kw := object{}
	if a.IntN(3) > 0 {
		kw["etag"] = one(a, "foo", "bar")
	}
	if a.IntN(3) > 0 {
		kw["last_modified"] = object{"$date": 1300000000}
	}
	dates := []string{"Sun, 13 Mar 2011 07:06:40 GMT", "Sun, 13 Mar 2011 07:06:39 GMT", "Mon, 14 Mar 2011 07:06:40 GMT", "nonsense"}
	headers := some(a, 1, 3, func() []string {
		switch a.IntN(6) {
		case 0:
			return []string{"If-None-Match", one(a, `"foo"`, `"bar", "foo"`, `W/"foo"`, "*", `"x"`)}
		case 1:
			return []string{"If-Match", one(a, `"foo"`, `"bar", "foo"`, `W/"foo"`, "*", `"x"`)}
		case 2:
			return []string{"If-Modified-Since", one(a, dates...)}
		case 3:
			return []string{"If-Unmodified-Since", one(a, dates...)}
		case 4:
			return []string{"If-Range", one(a, append(dates, `"foo"`, `W/"foo"`)...)}
		}
		return []string{"Range", one(a, "bytes=0-4", "bytes=2-4", "bytes=-3", "bytes=5-", "bytes=0-", "bytes=20-", "bytes=9-9", "bytes=0-99", "items=0-1", "bytes=0-1,5-6")}
	})
	spec := object{"body": "0123456789", "kw": kw}
	if a.IntN(5) == 0 {
		spec["status"] = one(a, 201, 404, 500)
	}
	return object{"new": spec, "method": one(a, "GET", "GET", "GET", "HEAD", "POST"), "headers": headers}
}

// liveErrors are classes of errors and redirects.
var (
	liveErrors = []string{"HTTPNotFound", "HTTPBadRequest", "HTTPForbidden", "HTTPGone", "HTTPConflict", "HTTPInternalServerError",
		"HTTPServiceUnavailable", "HTTPMethodNotAllowed", "HTTPUnprocessableEntity", "HTTPTeapot", "HTTPOk", "HTTPCreated"}
	liveRedirects = []string{"HTTPFound", "HTTPMovedPermanently", "HTTPSeeOther", "HTTPTemporaryRedirect"}
)

func liveExc(a asker) any {
	spec, req := object{"name": one(a, liveErrors[:9]...)}, object{"path": "/", "method": one(a, "GET", "GET", "GET", "POST", "HEAD")}
	kw := object{}
	if a.IntN(2) == 0 {
		kw["detail"] = liveResp("detail")(a)
	}
	if a.IntN(6) == 0 {
		kw["comment"] = "a comment -- here"
	}
	if a.IntN(5) == 0 {
		kw["headers"] = [][]string{{"X-A", "1"}}
	}
	if a.IntN(4) == 0 {
		spec["name"] = one(a, liveRedirects...)
		req["path"] = one(a, "/", "/a/b", "/a/b/")
		kw["location"] = liveResp("location")(a)
	}
	if a.IntN(3) > 0 {
		req["headers"] = [][]string{{"Accept", liveResp("accept")(a)}}
	}
	spec["kw"] = kw
	return object{"exc": spec, "request": req}
}

func liveDecRequest(a asker) any {
	return object{"path": one(a, "/", "/a/b", "/one/two?x=1", "/seg/rest"), "method": one(a, "GET", "GET", "GET", "POST", "HEAD")}
}

// liveHandler is a function; it may return another one.
func liveHandler(a asker, inner int) object {
	h := object{}
	if a.IntN(3) == 0 {
		cookies := 0 // none twice
		h["before"] = some(a, 1, 3, func() []any {
			switch a.IntN(3) {
			case 0:
				return []any{"header", one(a, "X-A", "X-B"), one(a, "1", "2")}
			case 1:
				cookies++
				return []any{"cookie", fmt.Sprintf("c%d%d", inner, cookies), one(a, "1", "2")}
			}
			return []any{"status", one(a, 201, 202, 404)}
		})
	}
	switch a.IntN(8 + inner) {
	case 0, 1:
		h["returns"] = object{"text": one(a, "hello", "", "é", "x")}
	case 2:
		h["returns"] = object{"bytes": one(a, "bytes", "", "\u00ff\u0000")}
	case 3:
		h["returns"] = nil
	case 4:
		h["returns"] = object{"response": object{"body": "r", "status": one(a, 200, 201, 404), "content_type": "text/plain"}}
	case 5:
		h["raises"] = object{"name": one(a, liveErrors[:6]...), "kw": object{"detail": "d"}}
	case 6:
		h["returns"] = object{"exc": object{"name": one(a, liveErrors[:6]...)}}
	case 7:
		h["returns"] = object{"echo": []string{"method", "path_info", "script_name"}}
	default:
		h["returns"] = object{"handler": liveHandler(a, 0)}
	}
	return h
}

func liveLayer(a asker) object {
	switch a.IntN(6) {
	case 0:
		return object{"do": "header", "settings": object{"name": one(a, "X-Out", "X-In"), "value": "o"}}
	case 1:
		return object{"do": "status", "settings": object{"status": one(a, 202, 418)}}
	case 2:
		return object{"do": "short", "settings": object{"text": "short"}}
	case 3:
		return object{"do": "raise", "error": object{"name": one(a, liveErrors[:6]...)}}
	case 4:
		return object{"do": "upper"}
	}
	return object{"do": one(a, "app", "answer")}
}
