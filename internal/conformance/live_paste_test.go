package conformance

import "strings"

var livePaste = []liveAsk{
	{"paste.app", liveGzip},
	{"paste.app", liveAuth},
	{"paste.app", liveFiles},
	{"paste.log", liveLog},
}

func liveFile(sections ...string) object { return object{"main.ini": strings.Join(sections, "\n")} }

func liveGzip(a asker) any {
	app := "[app:main]\nuse = egg:Kit#status\nstatus = " + one(a, "200 OK", "404 Not Found", "204 No Content") +
		"\ntype = " + one(a, "text/plain", "text/html", "application/json", "image/png", "application/zip", "TEXT/CSS", "application/x-gzip") +
		"\nbody = hello\n" + one(a, "", "", "", "Content-Encoding = br\n") + "filter-with = gz\n"
	headers := object{}
	if a.IntN(5) > 0 {
		headers["Accept-Encoding"] = one(a, "gzip", "gzip, br", "deflate", "*", "GZIP", "x-gzip", "gzip;q=0", "gzip;q=0.5", "*;q=0", "identity", "br, gzip;q=0.1", "")
	}
	return object{"files": liveFile(app, "[filter:gz]\nuse = egg:Paste#gzip\n"), "show": []any{"content-encoding", "vary", "content-type"},
		"requests": []any{object{"path": "/", "method": one(a, "GET", "GET", "HEAD"), "headers": headers}}}
}

func liveAuth(a asker) any {
	headers := object{}
	if a.IntN(5) > 0 {
		headers["Authorization"] = one(a, "Basic YWxpY2U6ZWNpbGE=", "basic YWxpY2U6ZWNpbGE=", "Basic YWxpY2U6d3Jvbmc=", "Basic", "Basic !!!", "Basic YWxpY2U=", "Basic Og==",
			"Bearer abc", "Basic  YTph", "Basic YTph", "Basic /w==", "")
	}
	return object{"files": liveFile("[app:main]\nuse = egg:Kit\nshow = REMOTE_USER AUTH_TYPE\nfilter-with = auth\n",
		"[filter:auth]\nuse = egg:Paste#auth_basic\nrealm = A realm\nauthfunc = kit:check_password\n"), "bodies": false,
		"show": []any{"www-authenticate"}, "requests": []any{object{"path": "/", "headers": headers}}}
}

func liveFiles(a asker) any {
	files := liveFile("[app:main]\nuse = egg:Paste#static\ndocument_root = %(here)s/htdocs\n")
	for name, text := range map[string]string{"htdocs/index.html": "<p>home</p>", "htdocs/a.txt": "text of a", "htdocs/docs/index.html": "sub", "htdocs/noindex/x.txt": "x", "htdocs/b.svg": "<svg/>"} {
		files[name] = text
	}
	headers := object{}
	method := one(a, "GET", "GET", "HEAD", "POST")
	if method == "GET" && a.IntN(4) == 0 {
		headers["Range"] = one(a, "bytes=0-1", "bytes=1-2", "bytes=1-")
	}
	return object{"files": files, "bodies": false, "show": []any{"content-type", "location", "allow"}, "requests": []any{object{
		"path": one(a, "/", "/a.txt", "/docs", "/docs/", "/docs?q", "/noindex", "/none", "/b.svg", "/index.html"), "method": method, "headers": headers}}}
}

func liveLog(a asker) any {
	app := one(a, "[app:main]\nuse = egg:Kit#hello\ngreeting = hi\nfilter-with = log\n", "[app:main]\nuse = egg:Kit#status\nstatus = 404 Not Found\nbody = no\nfilter-with = log\n")
	environ := object{}
	for _, pair := range [][2]string{{"REMOTE_ADDR", "192.0.2.1"}, {"REMOTE_USER", "bob"}, {"SCRIPT_NAME", "/app"}} {
		if a.IntN(2) == 0 {
			environ[pair[0]] = pair[1]
		}
	}
	headers := object{}
	for _, pair := range [][2]string{{"Referer", "http://x/y"}, {"User-Agent", "curl/8"}, {"X-Forwarded-For", "203.0.113.9"}} {
		if a.IntN(3) == 0 {
			headers[pair[0]] = pair[1]
		}
	}
	return object{"files": liveFile(app, "[filter:log]\nuse = egg:Paste#translogger\nlogger_name = conformance\nsetup_console_handler = false\n"),
		"requests": []any{object{"path": one(a, "/", "/a%20b?c=d", "/caf%C3%A9"), "method": one(a, "GET", "POST", "HEAD"), "environ": environ, "headers": headers}}}
}
