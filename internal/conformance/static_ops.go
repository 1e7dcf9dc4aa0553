package conformance

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"math"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/gowebob/gowebob/webob"
	"github.com/gowebob/gowebob/webob/static"
)

// Static asks package static.
func (adapters) Static() Family {
	return Family{
		Name: "static",
		Done: true,
		Ops: map[string]Op{
			"static.file":       Ask(staticFile),
			"static.directory":  Ask(staticDirectory),
			"static.file_range": Ask(staticRange),
		},
		Fold:  staticFold,
		Rules: staticRules(),
	}
}

// staticIn is the input of the two operations that serve.
type staticIn struct {
	Tree       map[string]staticEntry
	File       string
	Root       string
	Options    map[string]json.RawMessage
	Request    excRequest
	Wrapper    bool // how a server sends a file is its own affair
	Unreadable bool
}

// staticEntry is a file, a directory or a symbolic link.
type staticEntry struct {
	content string
	mtime   float64
	dir     bool
	link    string
}

func (e *staticEntry) UnmarshalJSON(raw []byte) error {
	e.mtime = 1300000000
	if raw[0] == '"' {
		return json.Unmarshal(raw, &e.content)
	}
	in := decodeStrict[struct {
		Content string
		Mtime   *float64
		Dir     bool
		Link    string
	}](raw)
	e.content, e.dir, e.link = in.Content, in.Dir, in.Link
	if in.Mtime != nil {
		e.mtime = *in.Mtime
	}
	return nil
}

// plant makes the files and says where.
func (in staticIn) plant() (top string) {
	name, err := os.MkdirTemp("", "static")
	staticMust(err)
	name, err = filepath.EvalSymlinks(name)
	staticMust(err)
	top = filepath.Join(name, "top")
	staticMust(os.Mkdir(top, 0o755))
	for _, at := range SortedKeys(in.Tree) {
		in.Tree[at].plant(filepath.Join(top, filepath.FromSlash(at)))
	}
	return top
}

func (e staticEntry) plant(place string) {
	if e.dir {
		staticMust(os.MkdirAll(place, 0o755))
		return
	}
	staticMust(os.MkdirAll(filepath.Dir(place), 0o755))
	if e.link != "" {
		staticMust(os.Symlink(e.link, place))
		return
	}
	staticMust(os.WriteFile(place, []byte(Raw(e.content)), 0o644))
	whole, part := math.Modf(e.mtime)
	t := time.Unix(int64(whole), int64(part*1e9))
	staticMust(os.Chtimes(place, t, t))
}

func staticMust(err error) {
	if err != nil {
		panic(err)
	}
}

func staticFile(in staticIn) (any, error) {
	top := in.plant()
	defer os.RemoveAll(filepath.Dir(top))
	var app *static.File
	var err error
	if in.Unreadable {
		app, err = static.NewFSFile(staticLocked{}, in.File, in.options())
	} else {
		app, err = static.NewFile(filepath.Join(top, filepath.FromSlash(in.File)), in.options())
	}
	if err != nil {
		return nil, err
	}
	return in.answer(app, top)
}

// staticLocked is a file system that nobody may read.
type staticLocked struct{}

func (staticLocked) Open(name string) (fs.File, error) {
	return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrPermission}
}

func staticDirectory(in staticIn) (any, error) {
	top := in.plant()
	defer os.RemoveAll(filepath.Dir(top))
	app, err := static.OpenDir(filepath.Join(top, filepath.FromSlash(in.Root)), in.options())
	if err != nil {
		return nil, err
	}
	defer app.Close()
	return in.answer(app, top)
}

// options are those of the directory, with WebOb's open mind about dot files; the
// rest are attributes of the response.
func (in staticIn) options() static.Options {
	o := static.Options{Dotfiles: true}
	given := in.Options
	for _, name := range SortedKeys(in.Options) {
		v := mustDecode(in.Options[name])
		switch name {
		case "index_page":
			o.Index, _ = v.(string)
			o.NoIndex = o.Index == ""
		case "hide_index_with_redirect":
			o.HideIndex = v.(bool)
		}
	}
	o.Prepare = func(_ *webob.Request, _ string, p *webob.Response) error { return staticAttributes(given, p) }
	return o
}

// staticAttributes gives a response what WebOb's constructor is given.
func staticAttributes(given map[string]json.RawMessage, p *webob.Response) error {
	ctype, typed := given["content_type"]
	charset, inCharset := given["charset"]
	if typed || inCharset {
		if !typed {
			media, _, _ := strings.Cut(p.Header().Get("Content-Type"), ";")
			ctype = json.RawMessage(jsonText(media))
		}
		p.Header().Del("Content-Type")
		if err := (responseSpec{ContentType: ctype, Charset: charset}).head(p, false); err != nil {
			return err
		}
	}
	for _, name := range SortedKeys(given) {
		if slices.Contains([]string{"content_type", "charset", "index_page", "hide_index_with_redirect"}, name) {
			continue
		}
		if err := (responseSubject{p, 0}).set(name, Value(mustDecode(given[name]))); err != nil {
			return err
		}
	}
	return nil
}

func (in staticIn) answer(app http.Handler, top string) (any, error) {
	req, err := in.Request.make()
	if err != nil {
		return nil, err
	}
	rec := httptest.NewRecorder()
	app.ServeHTTP(rec, req.Request)
	answer := excAnswer(rec.Code, rec.Result().Header, rec.Body.String())
	if rec.Code < 400 {
		return answer, nil
	}
	shown := rec.Body.String()
	for _, values := range rec.Header() {
		shown += strings.Join(values, "")
	}
	leaks := strings.Contains(shown, top) || strings.Contains(shown, strings.ReplaceAll(top, "/", "&#47;"))
	return With(With(Edit(plain(answer), "headers", func(h any) any { return DropHeader(h, "Content-Length") }),
		"body", nil), "leaks_path", leaks), nil
}

func staticRange(in struct {
	Content   string
	Seek      *int64
	Limit     *int64
	BlockSize *int `json:"block_size"`
}) (any, error) {
	var from, size = int64(0), 0
	to := int64(-1)
	if in.Seek != nil {
		from = *in.Seek
	}
	if in.Limit != nil {
		to = *in.Limit
	}
	if in.BlockSize != nil {
		size = *in.BlockSize
	}
	chunks := []string{}
	for b, err := range static.Blocks(bytes.NewReader([]byte(Raw(in.Content))), from, to, size) {
		if err != nil {
			return nil, err
		}
		chunks = append(chunks, Latin(b))
	}
	return chunks, nil
}
