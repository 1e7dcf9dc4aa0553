package conformance

import (
	"encoding/hex"
	"net/http"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

func staticRules() []Rule {
	serves := ForOps(func(Question) bool { return true }, "static.file", "static.directory")
	return []Rule{
		NothingLeadsOut.On(ForOps(staticLeaves, "static.directory"), staticError("403")),
		PagesOfToday.On(serves, staticPage),
		PagesOfToday.On(serves, staticOn("405", func(_ staticIn, h any) any { return SetHeader(h, "Allow", "GET, HEAD") })),
		NoAccidentalHTML.On(serves, staticOn("301", func(_ staticIn, h any) any { return DropHeader(h, "Content-Type") })),
		LocationStaysRelative.On(serves, staticOn("301", staticRelative)),
		{
			Name:    "what no file is called is not found",
			Reason:  "Paths with NUL, with bytes that are no UTF-8 or with names too long fail in Python or are looked for. All of them are 404.",
			Applies: ForOps(staticUnspeakable, "static.directory"),
			Answer:  staticError("404"),
		},
		{
			Name:    "a file has no slash at its end",
			Reason:  "WebOb takes the slash off. Relative links in a page so served would lead astray; 404.",
			Applies: ForOps(staticSlashed, "static.directory"),
			Answer:  staticError("404"),
		},
		{
			Name:    "no link leads out of the root",
			Reason:  "The directory is opened as an os.Root, where the kernel refuses symbolic links to outside: 404. os.DirFS follows them.",
			Applies: ForOps(staticLinkedOut, "static.directory"),
			Answer:  staticError("404"),
		},
		{
			Name:    "no answer says where a file lies",
			Reason:  "WebOb's error pages have the file's full path in a comment. Ours have no word of it.",
			Applies: serves,
			Answer: func(_ Question, want Answer) Answer {
				return Says(Edit(want.Value, "leaks_path", func(any) any { return false }))
			},
		},
		{
			Name:    "what has no known type is application/octet-stream",
			Reason:  "WebOb calls it text/html, which a browser runs. X-Content-Type-Options keeps it from guessing.",
			Applies: ForOps(staticUntyped, "static.file", "static.directory"),
			Answer: staticOn("200", func(_ staticIn, h any) any {
				return SetHeader(SetHeader(h, "Content-Type", "application/octet-stream"), "X-Content-Type-Options", "nosniff")
			}),
		},
		{
			Name: responseConditionalModel.Name, Reason: responseConditionalModel.Reason,
			Applies: ForOps(staticRanged, "static.file", "static.directory"),
			Answer:  staticRangedAnswer,
		},
		{
			Name:    "a part that ends before it begins is empty",
			Reason:  "WebOb reads to the end where the limit lies at or before the start.",
			Applies: ForOps(func(q Question) bool { seek, limit := staticPart(q); return limit != nil && seek >= *limit }, "static.file_range"),
			Answer:  func(Question, Answer) Answer { return Says([]string{}) },
		},
	}
}

// staticPage gives an error of the reference's the header of ours.
func staticPage(q Question, want Answer) Answer {
	object, _ := want.Value.(map[string]any)
	status, _ := object["status"].(string)
	if status < "400" || strings.HasPrefix(status, "412") || strings.HasPrefix(status, "416") {
		return want
	}
	return Says(Edit(want.Value, "headers", func(h any) any {
		h = SetHeader(h, "Content-Type", excTypeFor(excPage{req: In[staticIn](q).Request}))
		return SetHeader(h, "Vary", "Accept")
	}))
}

func staticFold(q Question, answer any) any { return responseConditionalFold(q, answer) }

// staticError is our page of an error.
func staticError(status string) func(Question, Answer) Answer {
	return func(q Question, _ Answer) Answer {
		return staticPage(q, Says(map[string]any{"status": status, "headers": []any{}, "body": nil, "leaks_path": false}))
	}
}

// staticOn changes the header of answers with a status.
func staticOn(status string, change func(in staticIn, headers any) any) func(Question, Answer) Answer {
	return func(q Question, want Answer) Answer {
		object, ok := want.Value.(map[string]any)
		if !ok || !strings.HasPrefix(object["status"].(string), status) {
			return want
		}
		return Says(Edit(want.Value, "headers", func(h any) any { return change(In[staticIn](q), h) }))
	}
}

// staticAsked is the path asked for, decoded.
func staticAsked(in staticIn) string {
	escaped, _, _ := strings.Cut(Raw(in.Request.Path), "?")
	return staticUnescape(escaped)
}

func staticLeaves(q Question) bool {
	depth := 0
	for segment := range strings.SplitSeq(staticAsked(In[staticIn](q)), "/") {
		switch segment {
		case "", ".":
		case "..":
			if depth--; depth < 0 {
				return true
			}
		default:
			depth++
		}
	}
	return false
}

func staticUnspeakable(q Question) bool {
	asked := staticAsked(In[staticIn](q))
	long := slices.ContainsFunc(strings.Split(asked, "/"), func(s string) bool { return len(s) > 255 })
	return strings.Contains(asked, "\x00") || !utf8.ValidString(asked) || long
}

// staticTarget is the place in the tree that a question leads to, and its entry.
func staticTarget(in staticIn) (string, staticEntry, bool) {
	at := in.File
	if at == "" {
		at = path.Join(in.Root, path.Clean("/"+staticAsked(in)))
	}
	e, ok := in.Tree[at]
	return at, e, ok && !e.dir
}

func staticSlashed(q Question) bool {
	in := In[staticIn](q)
	_, _, isFile := staticTarget(in)
	return isFile && strings.HasSuffix(staticAsked(in), "/")
}

// staticLinkedOut holds where a link on the way leads to outside the root.
func staticLinkedOut(q Question) bool {
	in := In[staticIn](q)
	at, _, _ := staticTarget(in)
	for prefix := at; prefix != "." && prefix != "/"; prefix = path.Dir(prefix) {
		if e, ok := in.Tree[prefix]; ok && e.link != "" {
			to := path.Join(path.Dir(prefix), e.link)
			return path.IsAbs(e.link) || to != in.Root && !strings.HasPrefix(to, in.Root+"/")
		}
	}
	return false
}

// staticUntyped holds for names without an extension, or with one that is none.
func staticUntyped(q Question) bool {
	in := In[staticIn](q)
	at, _, isFile := staticTarget(in)
	base := path.Base(at)
	base = strings.TrimSuffix(base, ".gz")
	ext := path.Ext(base)
	return isFile && in.Options["content_type"] == nil && (ext == "" || ext == base || strings.HasSuffix(ext, "~"))
}

func staticRanged(q Question) bool {
	in := In[staticIn](q)
	_, _, isFile := staticTarget(in)
	return isFile && slices.ContainsFunc(in.Request.Headers, func(h [2]string) bool {
		return strings.EqualFold(h[0], "Range") || strings.HasPrefix(strings.ToLower(h[0]), "if-")
	}) && (in.Request.Method == "" || in.Request.Method == "GET" || in.Request.Method == "HEAD")
}

// staticRangedAnswer answers by the model of conditions and ranges.
func staticRangedAnswer(q Question, want Answer) Answer {
	in := In[staticIn](q)
	_, e, _ := staticTarget(in)
	kw := map[string]any{"accept_ranges": "bytes", "last_modified": time.Unix(int64(e.mtime), 0).UTC().Format(http.TimeFormat)}
	kw["content_type"] = "text/plain; charset=utf-8"
	for name, raw := range in.Options {
		kw[name] = mustDecode(raw)
	}
	if theirs, ok := want.Value.(map[string]any); ok && theirs["status"].(string) < "300" {
		if list := HeaderValues(theirs["headers"], "Content-Type"); len(list) == 1 {
			kw["content_type"] = list[0]
		}
	}
	method := in.Request.Method
	if method == "" {
		method = "GET"
	}
	m := responseModel{headers: map[string][]string{}, in: responseConditionalIn{
		New: responseSpec{Body: &e.content, Kw: kw}, Method: method, Headers: in.Request.Headers,
	}}
	answer := m.answer()
	if !answer.Refused && answer.Value.(map[string]any)["status"].(string) >= "400" {
		answer = Says(With(With(Edit(answer.Value, "headers", func(h any) any { return DropHeader(h, "Content-Length") }),
			"body", nil), "leaks_path", false))
	}
	return answer
}

// staticRelative is a Location relative to the last segment of the path asked for,
// which has to lead where the reference's does.
func staticRelative(in staticIn, h any) any {
	theirs, err := url.Parse(Raw(HeaderValues(h, "Location")[0]))
	staticMust(err)
	at := in.Request.BaseURL
	if at == "" {
		at = "http://localhost"
	}
	base, err := url.Parse(at + Raw(in.Request.Path))
	staticMust(err)
	segment := base.EscapedPath()[strings.LastIndexByte(base.EscapedPath(), '/')+1:]
	ours := "./"
	switch {
	case staticHides(in):
		if dir := path.Dir(staticUnescape(segment)); dir != "." {
			ours += (&url.URL{Path: dir}).EscapedPath() + "/"
		}
	case segment != "":
		ours += segment + "/"
	}
	if base.RawQuery != "" {
		ours += "?" + base.RawQuery
	}
	ref, err := url.Parse(ours)
	staticMust(err)
	plain := func(u *url.URL) string { return u.Host + path.Clean("/"+u.Path) + "?" + u.RawQuery }
	if a := base.ResolveReference(ref); plain(a) != plain(theirs) || !strings.HasSuffix(a.Path, "/") {
		panic("Location " + ours + " leads to " + a.String() + ", not to " + theirs.String())
	}
	return SetHeader(h, "Location", ours)
}

// staticUnescape undoes percent escapes, leaving what is none.
func staticUnescape(s string) string {
	return staticEscape.ReplaceAllStringFunc(s, func(e string) string {
		b, err := hex.DecodeString(e[1:])
		staticMust(err)
		return string(b)
	})
}

var staticEscape = regexp.MustCompile(`%[0-9A-Fa-f]{2}`)

// staticHides holds where the index page is asked for by its name, and that is hidden.
func staticHides(in staticIn) bool {
	index := "index.html"
	if raw, given := in.Options["index_page"]; given {
		index, _ = mustDecode(raw).(string)
	}
	return string(in.Options["hide_index_with_redirect"]) == "true" && index != "" &&
		path.Base(path.Clean("/"+staticAsked(in))) == index
}

func staticPart(q Question) (seek int64, limit *int64) {
	in := In[struct{ Seek, Limit *int64 }](q)
	if in.Seek != nil {
		seek = *in.Seek
	}
	return seek, in.Limit
}
