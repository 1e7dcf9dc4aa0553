package conformance

// liveStaticGrammar makes paths into liveTree, and out of it.
var liveStaticGrammar = parseGrammar(`
	path = "/" name | "/" dir "/" name | "/" dir | "/" dir "/" | "/" | "/" name "/" | up | "/" dir "/../" name
	dir = "sub" | "deep/er" | "empty" | "none"
	name = "a.txt" | "b.html" | "noext" | "data.tar.gz" | "x+y.txt" | "space%20name.txt" | "index.html" | "c.txt" | "nothing.txt" | ".hidden" | "caf%C3%A9.txt" | "a.txt%00"
	up = "/../top.txt" | "/%2e%2e/top.txt" | "/..%2ftop.txt" | "/sub/../../top.txt" | "/../pub2/x.txt" | "/....//top.txt" | "/%5c..%5ctop.txt"
`)

var liveTree = object{
	"index.html": "outer index", "top.txt": "outside", "pub2/x.txt": "sibling", "pub/.hidden": "hidden", "pub/a.txt": "file a", "pub/b.html": "<p>b</p>",
	"pub/café.txt": "accented", "pub/data.tar.gz": "gz", "pub/deep/er/d.txt": "file d", "pub/empty": object{"dir": true}, "pub/noext": "none",
	"pub/space name.txt": "spaced", "pub/sub/c.txt": "file c", "pub/sub/index.html": "sub index", "pub/x+y.txt": "plus",
}

var liveStatic = []liveAsk{
	{"static.file", func(a asker) any {
		name, method := one(a, "a.txt", "a.html", "a.css", "a.tar.gz", "a.bin"), one(a, "GET", "GET", "GET", "HEAD", "POST")
		return object{
			"file": name, "tree": object{name: one(a, "content", "0123456789")},
			"request": object{"path": "/", "method": method, "headers": liveFileFields(a, method)},
		}
	}},
	{"static.directory", func(a asker) any {
		in := object{"tree": liveTree, "root": "pub", "request": object{
			"path": a.say(liveStaticGrammar, "path"), "method": one(a, "GET", "GET", "GET", "HEAD", "POST"), "headers": []any{},
		}}
		if a.IntN(3) == 0 {
			in["options"] = one(a, object{"index_page": "c.txt"}, object{"index_page": nil})
		}
		return in
	}},
	{"static.file_range", func(a asker) any {
		return object{
			"content": one(a, "", "0", "0123456789", "abcdefghijklmnopqrstuvwxyz"), "seek": maybe(a, 3, a.IntN(12)),
			"limit": maybe(a, 3, 1+a.IntN(30)), "block_size": maybe(a, 3, 1+a.IntN(12)),
		}
	}},
}

// liveFileFields are a condition and, for GET, a range.
func liveFileFields(a asker, method string) [][]string {
	dates := []string{"Sun, 13 Mar 2011 07:06:40 GMT", "Sun, 13 Mar 2011 07:06:39 GMT", "Mon, 14 Mar 2011 07:06:40 GMT", "garbage"}
	fields := [][]string{}
	if a.IntN(2) == 0 {
		fields = append(fields, []string{one(a, "If-Modified-Since", "If-Unmodified-Since"), one(a, dates...)})
	}
	if method == "GET" && a.IntN(2) == 0 {
		fields = append(fields, []string{"Range", one(a, "bytes=0-3", "bytes=2-", "bytes=-2", "bytes=20-", "bytes=0-99", "items=0-1")})
	}
	return fields
}
