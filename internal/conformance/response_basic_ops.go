package conformance

import (
	"bufio"
	"crypto/md5"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/gowebob/gowebob/webob"
	"github.com/gowebob/gowebob/webob/header"
)

// ResponseBasic asks webob.Response.
func (adapters) ResponseBasic() Family {
	return Family{
		Name: "response_basic",
		Done: true,
		Ops: map[string]Op{
			"response_basic.new":            Ask(responseBasicNew),
			"response_basic.status":         Ask(responseBasicStatus),
			"response_basic.script":         Ask(responseBasicScript),
			"response_basic.from_file":      Ask(responseBasicFromFile),
			"response_basic.as_text":        Ask(responseBasicAsText),
			"response_basic.call":           Ask(responseBasicCall),
			"response_basic.call_environ":   Ask(responseBasicCallEnviron),
			"response_basic.copy":           Ask(responseBasicCopy),
			"response_basic.cookies":        Ask(responseBasicCookies),
			"response_basic.merge_cookies":  Ask(responseBasicMerge),
			"response_basic.encode_content": Ask(responseBasicEncode),
			"response_basic.decode_content": Ask(responseBasicDecode),
			"response_basic.md5_etag":       Ask(responseBasicMD5),
			"response_basic.cache_expires":  Ask(responseBasicCache),
			"response_basic.write":          Ask(responseBasicWrite),
			"response_basic.get_response":   Ask(responseBasicGet),
		},
		Fold:  responseBasicFold,
		Rules: responseBasicRules,
	}
}

func responseBasicNew(in responseSpec) (any, error) {
	p, err := in.make()
	if err != nil {
		return nil, err
	}
	return responseState(p), nil
}

func responseBasicStatus(in struct {
	Value   any
	Through string
}) (any, error) {
	p := webob.NewResponse(http.StatusOK)
	if _, isText := in.Value.(string); isText && in.Through != "status" {
		return nil, errResponseValue
	}
	if err := responseStatus(p, in.Value); err != nil {
		return nil, err
	}
	return map[string]any{"status": p.StatusText(), "code": p.Status()}, nil
}

func responseBasicScript(in struct {
	New   responseSpec
	Now   int64
	Steps [][]any
}) (any, error) {
	p, err := in.New.make()
	if err != nil {
		return nil, err
	}
	results := make([]any, len(in.Steps))
	for i, step := range in.Steps {
		results[i] = Step(responseStep(responseSubject{p, in.Now}, step))
	}
	return map[string]any{"results": results, "state": responseState(p)}, nil
}

func responseStep(s responseSubject, step []any) (any, error) {
	name := step[1].(string)
	switch step[0] {
	case "set":
		return nil, s.set(name, Value(step[2]))
	case "get":
		return s.get(name)
	case "del":
		if name == "body" || name == "text" || name == "json" {
			s.SetBytes(nil)
			return nil, nil
		}
		return nil, s.set(name, nil)
	case "header":
		return s.headerStep(name, step[2:])
	}
	panic("unknown step")
}

// headerStep asks the header by the mapping's methods; a length is one that would
// be sent.
func (s responseSubject) headerStep(what string, args []any) (any, error) {
	l, name := s.Header(), Raw(args[0].(string))
	value := ""
	if len(args) > 1 {
		value = Raw(args[1].(string))
	}
	sent := s.HTTPHeader()
	switch what {
	case "get":
		return responseOrNull(sent.Get(name)), nil
	case "getall":
		return mapStrings(sent.Values(name), Latin[string]), nil
	case "has":
		return len(sent.Values(name)) > 0, nil
	case "set", "add":
		if err := responseOne(name, value).Err(); err != nil {
			return nil, err
		}
		if what == "add" {
			l.Add(name, value)
		} else {
			l.Set(name, value)
		}
		return nil, nil
	case "setdefault":
		if sent.Get(name) == "" {
			l.Add(name, value)
		}
		return Latin(s.HTTPHeader().Get(name)), nil
	case "del", "pop":
		if len(sent.Values(name)) == 0 {
			return nil, webob.ErrNoKey
		}
		l.Del(name)
		if what == "pop" {
			return Latin(sent.Get(name)), nil
		}
		return nil, nil
	}
	panic("unknown step " + what)
}

func responseBasicFromFile(in struct{ Data, Mode string }) (any, error) {
	data := in.Data
	if in.Mode == "bytes" {
		data = Raw(data)
	}
	r := bufio.NewReader(strings.NewReader(data))
	p, err := webob.ReadResponse(r, 0)
	if err != nil {
		return nil, err
	}
	rest, err := io.ReadAll(r)
	if in.Mode == "text" {
		return map[string]any{"state": responseState(p), "rest": string(rest)}, err
	}
	return map[string]any{"state": responseState(p), "rest": Latin(rest)}, err
}

func responseBasicAsText(in struct {
	New      responseSpec
	SkipBody bool `json:"skip_body"`
}) (any, error) {
	p, err := in.New.make()
	if err != nil {
		return nil, err
	}
	text, err := p.AsText(in.SkipBody)
	if strings.Contains(strings.ToLower(p.Charset()), "utf-8") {
		return text, err
	}
	return Latin(text), err
}

func responseBasicCall(in struct {
	New     responseSpec
	Request excRequest
}) (any, error) {
	p, err := in.New.make()
	if err != nil {
		return nil, err
	}
	req, err := in.Request.make()
	if err != nil {
		return nil, err
	}
	answer := responseServe(p, req)
	answer["location"] = nil
	if p.Header().Has("Location") {
		answer["location"] = Latin(p.Header().Get("Location"))
	}
	return answer, nil
}

func responseBasicCallEnviron(in struct {
	Location string
	Environ  map[string]any
}) (any, error) {
	p := webob.NewResponse(http.StatusFound)
	if err := (responseSubject{p, 0}).setLocation(in.Location); err != nil {
		return nil, err
	}
	req, err := requestUrlsMake(in.Environ)
	if err != nil {
		return nil, err
	}
	if req.Method == "" {
		req.Method = http.MethodGet
	}
	values := HeaderValues(plain(responseServe(p, req)["headers"]), "Location")
	return strings.Join(values, ","), nil
}

func responseBasicCopy(in struct{ New responseSpec }) (any, error) {
	p, err := in.New.make()
	if err != nil {
		return nil, err
	}
	q := p.Copy()
	first := responseState(q)
	q.SetBytes([]byte("changed"))
	q.Header().Set("X-Changed", "1")
	return map[string]any{"copy": first, "original": responseState(p)}, nil
}

func responseBasicCookies(in struct {
	Now   int64
	Start []string
	Steps [][]any
}) (any, error) {
	p := webob.NewResponse(http.StatusOK)
	for _, value := range in.Start {
		p.Header().Add("Set-Cookie", Raw(value))
	}
	results := make([]any, len(in.Steps))
	for i, step := range in.Steps {
		results[i] = Step(nil, responseCookieStep(p, step, time.Unix(in.Now, 0)))
	}
	set := mapStrings(p.Header().Values("Set-Cookie"), Latin[string])
	return map[string]any{"results": results, "set_cookie": set}, nil
}

func responseCookieStep(p *webob.Response, step []any, now time.Time) error {
	name := step[1].(string)
	switch step[0] {
	case "unset":
		if !p.UnsetCookie(name) && step[2] == true {
			return webob.ErrNoKey
		}
		return nil
	case "delete":
		options := step[2].(map[string]any)
		path, _ := options["path"].(string)
		domain, _ := options["domain"].(string)
		return p.DeleteCookie(name, path, domain)
	}
	options, _ := Value(step[3]).(map[string]any)
	c, err := responseCookie(name, step[2].(string), options)
	if err != nil {
		return err
	}
	value, err := webob.FormatCookie(c, now)
	if err != nil {
		return err
	}
	if options["overwrite"] == true {
		p.UnsetCookie(name)
	}
	p.Header().Add("Set-Cookie", value)
	return nil
}

// responseCookie puts set_cookie's arguments into a cookie. Comment has no place.
func responseCookie(name, value string, options map[string]any) (*http.Cookie, error) {
	c := &http.Cookie{Name: name, Value: value}
	for option, v := range options {
		switch option {
		case "path":
			if c.Path, _ = v.(string); c.Path == "" {
				c.Path = webob.NoPath
			}
		case "domain":
			c.Domain, _ = v.(string)
		case "secure":
			c.Secure = v == true
		case "httponly":
			c.HttpOnly = v == true
		case "samesite":
			if v != nil {
				c.SameSite = responseSameSite(v.(string))
			}
		case "max_age":
			age, err := responseAge(v)
			if err != nil {
				return nil, err
			}
			c.MaxAge = age
		case "comment", "overwrite":
		default:
			panic("unknown option " + option)
		}
	}
	return c, nil
}

// responseAge is a Max-Age as http.Cookie has it: below zero means now.
func responseAge(v any) (int, error) {
	seconds := 0.0
	switch v := v.(type) {
	case nil:
		return 0, nil
	case time.Duration:
		seconds = v.Seconds()
	case json.Number:
		seconds = number(v)
	case string:
		n, ok, err := header.Age.Lookup(responseOne("Age", v))
		if err != nil || !ok {
			return 0, errors.New("no number")
		}
		seconds = float64(n)
	}
	if int(seconds) <= 0 {
		return -1, nil
	}
	return int(seconds), nil
}

func responseSameSite(s string) http.SameSite {
	switch strings.ToLower(s) {
	case "lax":
		return http.SameSiteLaxMode
	case "strict":
		return http.SameSiteStrictMode
	case "none":
		return http.SameSiteNoneMode
	}
	return -1
}

func responseBasicMerge(in struct {
	Cookies []string
	Onto    struct {
		Response *responseSpec
		WSGI     *excApp `json:"wsgi"`
	}
}) (any, error) {
	p := webob.NewResponse(http.StatusOK)
	for _, value := range in.Cookies {
		p.Header().Add("Set-Cookie", Raw(value))
	}
	req, err := webob.NewBlank("/")
	if err != nil {
		return nil, err
	}
	var onto *webob.Response
	if in.Onto.Response != nil {
		onto, err = in.Onto.Response.make()
	} else {
		onto = req.GetResponse(responseApp(*in.Onto.WSGI))
	}
	if err != nil {
		return nil, err
	}
	p.MergeCookies(onto)
	return responseServe(onto, req), nil
}

// responseApp is a bare application of net/http's kind, which says no type where
// the question has none.
func responseApp(in excApp) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header()["Content-Type"] = nil
		for _, h := range in.Headers {
			w.Header().Add(h[0], Raw(h[1]))
		}
		p := webob.NewResponse(http.StatusOK)
		if err := p.SetStatusText(in.Status); err != nil {
			panic(err)
		}
		w.WriteHeader(p.Status())
		for _, chunk := range append(in.Chunks, in.Body) {
			if chunk != "" {
				io.WriteString(w, Raw(chunk))
			}
		}
	})
}

func responseBasicGet(in struct {
	App     excApp
	Request excRequest
}) (any, error) {
	req, err := in.Request.make()
	if err != nil {
		return nil, err
	}
	return responseState(req.GetResponse(responseApp(in.App))), nil
}

func responseBasicEncode(in struct {
	New      responseSpec
	Encoding string
	Lazy     bool
}) (any, error) {
	p, err := in.New.make()
	if err != nil {
		return nil, err
	}
	switch {
	case !in.Lazy:
		if _, err := p.Bytes(); err != nil {
			return nil, err
		}
	case in.Encoding != "identity":
		responseUnknownLength(p) // what streams is compressed on its way
	}
	if err := p.EncodeContent(in.Encoding); err != nil {
		return nil, err
	}
	length, known := p.ContentLength()
	b, err := p.Bytes()
	return map[string]any{
		"content_encoding": responseOrNull(p.Header().Get("Content-Encoding")),
		"compressed":       strings.HasPrefix(string(b), "\x1f\x8b"),
		"has_length":       known, "length_matches": !known || length == int64(len(b)),
		"body": Gunzip(Latin(b)),
	}, err
}

func responseBasicDecode(in struct {
	ContentEncoding *string `json:"content_encoding"`
	Body            string
}) (any, error) {
	p, err := responseSpec{Body: &in.Body}.make()
	if err != nil {
		return nil, err
	}
	if in.ContentEncoding != nil {
		p.Header().Set("Content-Encoding", Raw(*in.ContentEncoding))
	}
	if err := p.DecodeContent(webob.BodyDecoding{}); err != nil {
		return nil, err
	}
	return responseState(p), nil
}

func responseBasicMD5(in struct {
	Body          string
	Other         *string
	SetContentMD5 bool `json:"set_content_md5"`
}) (any, error) {
	p, err := responseSpec{Body: &in.Body}.make()
	if err != nil {
		return nil, err
	}
	hashed := in.Body
	if in.Other == nil {
		err = p.MD5ETag()
	} else {
		hashed = *in.Other
		err = header.ETag.Set(p.Header(), header.MD5Tag([]byte(Raw(hashed))))
	}
	tag, _ := header.ETag.Get(p.Header())
	if in.SetContentMD5 {
		header.ContentMD5.Set(p.Header(), md5.Sum([]byte(Raw(hashed))))
	}
	return map[string]any{"etag": tag.Tag, "headers": responseHeaders(p.HTTPHeader())}, err
}

func responseBasicCache(in struct {
	Now     int64
	Headers [][2]string
	Calls   []struct {
		Seconds any
		Kw      map[string]any
		Assign  bool
	}
}) (any, error) {
	p, err := responseSpec{Headers: in.Headers}.make()
	if err != nil {
		return nil, err
	}
	for _, one := range in.Calls {
		var further []header.Directive
		for _, name := range SortedKeys(one.Kw) {
			x := header.Directive{Name: strings.ReplaceAll(name, "_", "-")}
			if v := one.Kw[name]; v != true {
				x.Value = strings.Trim(jsonText(v), `"`)
			}
			further = append(further, x)
		}
		var d time.Duration
		switch v := Value(one.Seconds).(type) {
		case nil: // no expiry, directives alone
			cc, _ := header.CacheControl.Get(p.Header())
			for _, x := range further {
				cc.Set(x.Name, x.Value)
			}
			if err := header.CacheControl.Set(p.Header(), cc); err != nil {
				return nil, err
			}
			continue
		case bool:
		case time.Duration:
			d = v
		case json.Number:
			d = time.Duration(number(v) * float64(time.Second))
		default:
			return nil, errResponseValue
		}
		if err := header.CacheExpires(p.Header(), d, time.Unix(in.Now, 0), further...); err != nil {
			return nil, err
		}
	}
	return responseHeaders(p.HTTPHeader()), nil
}

func responseBasicWrite(in struct {
	New    responseSpec
	Writes []any
}) (any, error) {
	p, err := in.New.make()
	if err != nil {
		return nil, err
	}
	results := make([]any, len(in.Writes))
	for i, piece := range in.Writes {
		err := responseWrite(p, Value(piece))
		b, _ := p.Bytes()
		results[i] = Step(map[string]any{"tell": len(b)}, err)
	}
	return map[string]any{"results": results, "state": responseState(p)}, nil
}

func responseWrite(p *webob.Response, piece any) error {
	switch piece := piece.(type) {
	case []byte:
		_, err := p.Write(piece)
		return err
	case string:
		if cs := p.Charset(); cs == "" || strings.EqualFold(cs, "utf-8") {
			_, err := p.WriteString(piece)
			return err
		}
		text, err := p.Text()
		p.SetText(text + piece) // in that charset
		return err
	case []any:
		for _, one := range piece {
			if err := responseWrite(p, one); err != nil {
				return err
			}
		}
		return nil
	}
	return errResponseValue
}

// responseBasicFold also takes HTTP text apart.
func responseBasicFold(q Question, answer any) any {
	switch text, isText := answer.(string); {
	case q.Op == "response_basic.as_text" && isText:
		head, body, _ := strings.Cut(text, "\r\n\r\n")
		status, fields, _ := strings.Cut(head, "\r\n")
		list := []any{}
		for field := range strings.SplitSeq(fields, "\r\n") {
			name, value, _ := strings.Cut(field, ": ")
			list = append(list, []any{name, value})
		}
		answer = map[string]any{"status": status, "headers": list, "body": body}
	case q.Op == "response_basic.cache_expires":
		return responseFoldHeaders(responseFoldAll(answer))
	}
	return responseFold(q, answer)
}
