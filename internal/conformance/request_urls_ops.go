package conformance

import (
	"encoding/json"
	"errors"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/gowebob/gowebob/webob"
)

// RequestUrls asks webob.Request for its addresses.
func (adapters) RequestUrls() Family {
	return Family{
		Name: "request_urls",
		Done: true,
		Ops: map[string]Op{
			"request_urls.read":         Ask(requestUrlsRead),
			"request_urls.relative":     Ask(requestUrlsRelative),
			"request_urls.pop":          Ask(requestUrlsPop),
			"request_urls.assign":       Ask(requestUrlsAssign),
			"request_urls.routing_args": Ask(requestUrlsRoutingArgs),
		},
		Fold: requestUrlsFold,
		Rules: []Rule{
			requestUrlsMissing, requestUrlsApart,
			requestUrlsBadHost, requestUrlsBrackets, requestUrlsBadPort,
			requestUrlsBadPath, requestUrlsPeer, requestUrlsSameScheme, requestUrlsAmbiguous,
		},
	}
}

type requestUrlsIn struct {
	Environ       map[string]any `json:"environ"`
	URL           string         `json:"url"`
	ToApplication bool           `json:"to_application"`
	Patterns      []*string      `json:"patterns"`
	Steps         [][]any        `json:"steps"`
}

// requestUrlsMake makes a request of exactly these environ keys.
func requestUrlsMake(environ map[string]any) (*webob.Request, error) {
	req := webob.NewRequest(&http.Request{})
	for _, key := range SortedKeys(environ) {
		if err := req.Environ().Set(key, requestUrlsValue(environ[key])); err != nil {
			return nil, err
		}
	}
	return req, nil
}

// requestUrlsValue is a value for the environ: latin-1 text as its bytes.
func requestUrlsValue(v any) any {
	switch v := v.(type) {
	case string:
		return Raw(v)
	case json.Number:
		n, err := strconv.Atoi(v.String())
		if err != nil {
			panic(err)
		}
		return n
	}
	return v
}

// requestUrlsEnviron is the environ as the questions know it: CGI keys and the
// scheme.
func requestUrlsEnviron(req *webob.Request) map[string]any {
	keys := map[string]any{}
	for key, v := range req.Environ().All() {
		if s, ok := v.(string); ok && (key == strings.ToUpper(key) || key == "wsgi.url_scheme") {
			keys[key] = Latin(s)
		}
	}
	return keys
}

// requestUrlsFold takes out of an environ what does not count: variables that
// the reference's environ lacks and a server adds, and empty ones, which are
// absent (RFC 3875 section 4.1).
func requestUrlsFold(_ Question, answer any) any {
	return Edit(answer, "environ", func(v any) any {
		v = Without(v, "GATEWAY_INTERFACE", "REQUEST_URI", "HTTPS", "SSL_PROTOCOL", "SSL_CIPHER", "SSL_TLS_SNI")
		for _, key := range []string{"SCRIPT_NAME", "PATH_INFO", "QUERY_STRING", "CONTENT_TYPE"} {
			if object, ok := v.(map[string]any); ok && object[key] == "" {
				v = Without(v, key)
			}
		}
		return v
	})
}

func requestUrlsRead(in requestUrlsIn) (any, error) {
	req, err := requestUrlsMake(in.Environ)
	if err != nil {
		return nil, err
	}
	env, host, path := req.Environ(), req.CheckHost(), requestUrlsPathFault(req)
	both := errors.Join(host, path)
	text := func(s string) any {
		if s == "" {
			return nil
		}
		return Latin(s)
	}
	port, err := strconv.Atoi(env.String("SERVER_PORT"))
	return map[string]any{
		"method": env.String("REQUEST_METHOD"), "scheme": req.Scheme(),
		"host": Step(req.Authority(), host), "host_port": Step(req.HostPort(), host),
		"host_url": Step(req.HostURL(), host), "domain": Step(req.Domain(), host),
		"application_url": Step(req.ApplicationURL(), both), "path_url": Step(req.PathURL(), both),
		"path": Step(req.Path(), path), "path_qs": Step(Latin(req.PathQS()), path),
		"url":         Step(Latin(req.FullURL()), both),
		"client_addr": text(req.ClientAddr()), "remote_addr": text(env.String("REMOTE_ADDR")),
		"script_name": Step(req.ScriptName(), path), "path_info": Step(env.String("PATH_INFO"), path),
		"query_string": Latin(env.String("QUERY_STRING")),
		"server_name":  env.String("SERVER_NAME"), "server_port": Step(port, err),
		"http_version": env.String("SERVER_PROTOCOL"), "is_xhr": req.IsXHR(),
	}, nil
}

// requestUrlsPathFault is the fault of a path that the questions ask about: that
// it is no UTF-8. (CheckPath refuses NUL as well.)
func requestUrlsPathFault(req *webob.Request) error {
	if err := req.CheckPath(); errors.Is(err, webob.ErrNotUTF8) {
		return err
	}
	return nil
}

func requestUrlsRelative(in requestUrlsIn) (any, error) {
	req, err := requestUrlsMake(in.Environ)
	if err != nil {
		return nil, err
	}
	return req.RelativeURL(in.URL, in.ToApplication)
}

func requestUrlsPop(in requestUrlsIn) (any, error) {
	req, err := requestUrlsMake(in.Environ)
	if err != nil {
		return nil, err
	}
	steps := []any{}
	for _, pattern := range in.Patterns {
		var patterns []*regexp.Regexp
		if pattern != nil {
			patterns = append(patterns, requestUrlsPattern(*pattern))
		}
		step := map[string]any{"peek": nil, "popped": nil}
		if segment, ok := req.PathInfoPeek(); ok {
			step["peek"] = segment
		}
		if segment, ok := req.PathInfoPop(patterns...); ok {
			step["popped"] = segment
		}
		step["SCRIPT_NAME"] = Latin(req.Environ().String("SCRIPT_NAME"))
		step["PATH_INFO"] = Latin(req.Environ().String("PATH_INFO"))
		steps = append(steps, step)
	}
	return steps, nil
}

// requestUrlsPattern puts a pattern of Python's into Go's notation: its classes
// are Unicode's.
func requestUrlsPattern(s string) *regexp.Regexp {
	if !strings.Contains(s, "[") {
		s = strings.ReplaceAll(s, `\w`, `[\w]`)
	}
	return regexp.MustCompile(strings.NewReplacer(`\w`, `\p{L}\p{N}_`, `\d`, `\p{Nd}`).Replace(s))
}

// requestUrlsKeys are the environ keys behind WebOb's attributes that can be
// assigned. We have no setter for each; the environ is the way.
var requestUrlsKeys = map[string]string{
	"method": "REQUEST_METHOD", "scheme": "wsgi.url_scheme", "host": "HTTP_HOST",
	"script_name": "SCRIPT_NAME", "path_info": "PATH_INFO", "query_string": "QUERY_STRING",
	"server_name": "SERVER_NAME", "server_port": "SERVER_PORT", "http_version": "SERVER_PROTOCOL",
	"remote_user": "REMOTE_USER", "remote_addr": "REMOTE_ADDR", "remote_host": "REMOTE_HOST",
	"content_length": "CONTENT_LENGTH",
	"user_agent":     webob.EnvironKey("User-Agent"), "referer": webob.EnvironKey("Referer"), "referrer": webob.EnvironKey("Referer"),
}

// requestUrlsKept are the attributes that cannot be deleted.
var requestUrlsKept = []string{"scheme", "http_version", "server_name", "server_port", "path_info"}

var errRequestUrls = errors.New("not there, or not to be changed")

func requestUrlsAssign(in requestUrlsIn) (any, error) {
	req, err := requestUrlsMake(in.Environ)
	if err != nil {
		return nil, err
	}
	results := make([]any, len(in.Steps))
	for i, step := range in.Steps {
		results[i] = Step(nil, requestUrlsStep(req, step))
	}
	return map[string]any{
		"results": results, "environ": requestUrlsEnviron(req),
		"url": Step(Latin(req.FullURL()), errors.Join(req.CheckHost(), requestUrlsPathFault(req))),
	}, nil
}

func requestUrlsStep(req *webob.Request, step []any) error {
	name, set := step[1].(string), step[0] == "set"
	if name == "content_type" {
		t := ""
		if set {
			t, _ = step[2].(string)
		}
		return req.SetContentType(t)
	}
	key, ok := requestUrlsKeys[name]
	switch {
	case !ok:
		return errRequestUrls
	case set && (name == "script_name" || name == "path_info"):
		return req.Environ().Set(key, step[2]) // text, not latin-1
	case set:
		return req.Environ().Set(key, requestUrlsValue(step[2]))
	case slices.Contains(requestUrlsKept, name) || name != "host" && !req.Environ().Has(key):
		return errRequestUrls
	}
	req.Environ().Delete(key)
	return nil
}

func requestUrlsRoutingArgs(in struct {
	RoutingArgs  []json.RawMessage `json:"routing_args"`
	PasteUrlvars map[string]string `json:"paste_urlvars"`
	Steps        [][]any           `json:"steps"`
}) (any, error) {
	req := webob.NewRequest(&http.Request{})
	if in.RoutingArgs != nil {
		err := req.Environ().Set("wsgiorg.routing_args", webob.RoutingArgs{
			Args: decodeStrict[[]string](in.RoutingArgs[0]), Vars: decodeStrict[map[string]string](in.RoutingArgs[1])})
		if err != nil {
			return nil, err
		}
	}
	if in.PasteUrlvars != nil {
		if err := req.Environ().Set("paste.urlvars", in.PasteUrlvars); err != nil {
			return nil, err
		}
	}
	results := []any{}
	for _, step := range in.Steps {
		results = append(results, requestUrlsRoute(req, step))
	}
	out := map[string]any{"results": results, "routing_args": nil, "paste_urlvars": nil}
	if v, ok := req.Environ().Get("wsgiorg.routing_args"); ok {
		args := v.(webob.RoutingArgs)
		out["routing_args"] = []any{append([]string{}, args.Args...), args.Vars}
	}
	if v, ok := req.Environ().Get("paste.urlvars"); ok {
		out["paste_urlvars"] = v
	}
	return out, nil
}

func requestUrlsRoute(req *webob.Request, step []any) any {
	switch step[0].(string) + " " + step[1].(string) {
	case "get urlvars":
		return req.URLVars()
	case "get urlargs":
		return append([]string{}, req.URLArgs()...)
	case "del urlvars":
		req.DelURLVars()
	case "del urlargs":
		req.DelURLArgs()
	case "set urlvars":
		vars := map[string]string{}
		for name, v := range step[2].(map[string]any) {
			vars[name] = v.(string)
		}
		req.SetURLVars(vars)
	case "set urlargs":
		args := []string{}
		for _, v := range step[2].([]any) {
			args = append(args, v.(string))
		}
		req.SetURLArgs(args...)
	default:
		panic("unknown step")
	}
	return nil
}
