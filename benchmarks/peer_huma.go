package benchmarks

import (
	"context"
	"encoding/json"
	"encoding/xml"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
	"github.com/danielgtaylor/huma/v2/conditional"
)

// humaPeer is huma over net/http's ServeMux (humago). The schema link transformer
// of the default configuration is off, so that the bodies are those of the
// others. It has no urlencoded forms.
func humaPeer() *Peer {
	mux := http.NewServeMux()
	api := humago.New(mux, humaConfig())
	huma.Register(api, humaGet("/hello"), humaHello)
	huma.Register(api, humaGet("/json"), func(context.Context, *humaNone) (*humaServer, error) {
		return &humaServer{&TheServer}, nil
	})
	huma.Register(api, humaGet("/negotiate-html"), humaNegotiate)
	huma.Register(api, humaGet("/negotiate-json"), humaNegotiate)
	huma.Register(api, humaGet("/cookies"), humaReadCookies)
	huma.Register(api, humaGet("/etag200"), humaEtag)
	huma.Register(api, humaGet("/etag304"), humaEtag)
	grp := huma.NewGroup(api)
	for i := range PipelineDepth {
		grp.UseMiddleware(humaMW(i))
	}
	huma.Register(grp, humaGet("/pipeline8"), humaHello)
	boom := humaGet("/pipeline8err")
	boom.DefaultStatus = 500
	huma.Register(grp, boom, func(context.Context, *humaNone) (*humaText, error) {
		return &humaText{textType, []byte("boom")}, nil
	})
	return &Peer{
		Name: "huma",
		Apps: serving(mux, Hello, JSON, NegotiateHTML, NegotiateJSON, Cookies, Pipeline8, Pipeline8Err, Etag200, Etag304),
		Wrong: map[string]string{
			Etag304: "huma's conditional.Params does not match an entity tag after a comma and a space: gives 200",
		},
	}
}

func humaGet(path string) huma.Operation {
	return huma.Operation{OperationID: strings.Trim(path, "/"), Method: "GET", Path: path}
}

func humaConfig() huma.Config {
	cfg := huma.DefaultConfig("bench", "1.0.0")
	cfg.CreateHooks = nil
	cfg.Formats = map[string]huma.Format{
		"application/json": {
			Marshal:   func(w io.Writer, v any) error { return json.NewEncoder(w).Encode(v) },
			Unmarshal: json.Unmarshal,
		},
		"application/xml": {
			Marshal:   func(w io.Writer, v any) error { return xml.NewEncoder(w).Encode(v) },
			Unmarshal: xml.Unmarshal,
		},
		"text/html": {
			Marshal: func(w io.Writer, v any) error {
				_, err := w.Write(v.(*Server).HTML())
				return err
			},
			Unmarshal: func([]byte, any) error { return nil },
		},
	}
	return cfg
}

type humaNone struct{}

func humaHello(context.Context, *humaNone) (*humaText, error) {
	return &humaText{textType, []byte("hello")}, nil
}

func humaNegotiate(context.Context, *humaNone) (*humaVaryServer, error) {
	return &humaVaryServer{"Accept", &TheServer}, nil
}

func humaReadCookies(_ context.Context, in *humaCookies) (*humaTextCookie, error) {
	return &humaTextCookie{textType, *seenCookie(), []byte(in.Session + "|" + in.Theme + "|" + in.Lang)}, nil
}

func humaEtag(_ context.Context, in *humaCond) (*humaPage, error) {
	tag := EtagOf(Page)
	if in.HasConditionalParams() {
		if err := in.PreconditionFailed(strings.Trim(tag, `"`), time.Time{}); err != nil {
			return nil, huma.ErrorWithHeaders(err, http.Header{"Etag": {tag}})
		}
	}
	return &humaPage{textType, tag, Page}, nil
}

type humaText struct {
	ContentType string `header:"Content-Type"`
	Body        []byte
}

type humaTextCookie struct {
	ContentType string      `header:"Content-Type"`
	SetCookie   http.Cookie `header:"Set-Cookie"`
	Body        []byte
}

type humaServer struct{ Body *Server }

type humaVaryServer struct {
	Vary string `header:"Vary"`
	Body *Server
}

type humaCookies struct {
	Session string `cookie:"session" required:"true"`
	Theme   string `cookie:"theme" required:"true"`
	Lang    string `cookie:"lang" required:"true"`
}

type humaCond struct{ conditional.Params }

type humaPage struct {
	ContentType string `header:"Content-Type"`
	ETag        string `header:"Etag"`
	Body        []byte
}

type humaCtx = huma.Context

// humaHook steps in when the status goes out.
type humaHook struct {
	humaCtx
	key, val string
	onErr    bool
}

func (h *humaHook) SetStatus(code int) {
	h.humaCtx.AppendHeader(h.key, h.val)
	if h.onErr && code >= 500 {
		code = 503
	}
	h.humaCtx.SetStatus(code)
}

func humaMW(i int) func(huma.Context, func(huma.Context)) {
	in, out := InKey(i), OutKey(i)
	return func(c huma.Context, next func(huma.Context)) {
		next(&humaHook{humaCtx: c, key: out, val: c.Header(in), onErr: i == ErrorMW})
	}
}
