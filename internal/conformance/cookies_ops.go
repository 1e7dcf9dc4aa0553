package conformance

import (
	"encoding/json"
	"fmt"
	"iter"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/gowebob/gowebob/webob"
)

// Cookies asks webob's readers and writers of cookies, and package cookies.
func (adapters) Cookies() Family {
	return Family{
		Name: "cookies",
		Done: true,
		Ops: map[string]Op{
			"cookies.parse":           Ask(cookiesParse),
			"cookies.request":         Ask(cookiesRequest),
			"cookies.edit":            Ask(cookiesEdit),
			"cookies.make":            Ask(cookiesMake),
			"cookies.make_attributes": Ask(cookiesMakeAttributes),
			"cookies.load":            Ask(cookiesLoad),
			"cookies.response":        Ask(cookiesResponse),
			"cookies.merge":           Ask(cookiesMerge),
			"cookies.sign":            Ask(cookiesSign),
			"cookies.unsign":          Ask(cookiesUnsign),
			"cookies.signed_dumps":    Ask(cookiesSignedDumps),
			"cookies.signed_loads":    Ask(cookiesSignedLoads),
			"cookies.base64_dumps":    Ask(cookiesBase64Dumps),
			"cookies.base64_loads":    Ask(cookiesBase64Loads),
			"cookies.profile_headers": Ask(cookiesProfileHeaders),
			"cookies.profile_value":   Ask(cookiesProfileValue),
		},
		Fold:  cookiesFold,
		Rules: cookiesRules,
	}
}

// cookiesPairs writes pairs as a list, each side in its own way.
func cookiesPairs(pairs iter.Seq2[string, string], write func(string) string) [][2]string {
	list := [][2]string{}
	for name, value := range pairs {
		list = append(list, [2]string{write(name), write(value)})
	}
	return list
}

func cookiesText(s string) string { return s }

func cookiesParse(in struct{ Header string }) (any, error) {
	return cookiesPairs(webob.ParseCookies(Raw(in.Header)).All(), Latin[string]), nil
}

// cookiesAsk is a request with that Cookie field.
func cookiesAsk(field *string) *webob.Request {
	req := webob.Blank("/")
	if field != nil {
		req.Header["Cookie"] = []string{Raw(*field)}
	}
	return req
}

// cookiesField is the request's Cookie field, null where there is none.
func cookiesField(req *webob.Request) any { return typedRaw(req.Header, "Cookie") }

func cookiesRequest(in struct{ Header *string }) (any, error) {
	return cookiesPairs(cookiesAsk(in.Header).CookieDict().All(), cookiesText), nil
}

func cookiesEdit(in struct {
	Header *string
	Steps  [][]string
}) (any, error) {
	req := cookiesAsk(in.Header)
	dict := req.CookieDict()
	for _, step := range in.Steps {
		var err error
		switch step[0] {
		case "set":
			err = dict.Set(step[1], step[2])
		case "delete":
			err = dict.Del(step[1])
		case "clear":
			dict.Clear()
		default:
			panic("unknown step " + step[0])
		}
		if err != nil {
			return nil, err
		}
	}
	return map[string]any{"header": cookiesField(req), "cookies": cookiesPairs(dict.All(), cookiesText)}, nil
}

// cookiesOptions are the attributes of make_cookie and set_cookie.
type cookiesOptions struct {
	MaxAge    any `json:"max_age"`
	Path      json.RawMessage
	Domain    *string
	Secure    bool
	HTTPOnly  bool `json:"httponly"`
	Comment   *string
	SameSite  *string
	Overwrite *bool
}

// cookie puts them into a cookie; without a value it is one that deletes. Comment
// has no place.
func (o cookiesOptions) cookie(name string, value *string) (*http.Cookie, error) {
	c := &http.Cookie{Name: name, Path: cookiesPath(o.Path), Secure: o.Secure, HttpOnly: o.HTTPOnly, MaxAge: -1}
	if value != nil {
		c.Value = *value
		age, err := responseAge(cookiesSpan(o.MaxAge))
		if err != nil {
			return nil, err
		}
		c.MaxAge = age
	}
	if o.Domain != nil {
		c.Domain = *o.Domain
	}
	if o.SameSite != nil {
		c.SameSite = responseSameSite(*o.SameSite)
	}
	return c, nil
}

// cookiesPath is "/" where none is given, and none where it is null or empty.
func cookiesPath(given json.RawMessage) string {
	if given == nil {
		return "/"
	}
	var path string
	if err := json.Unmarshal(given, &path); err != nil {
		panic(err)
	}
	if path == "" {
		return webob.NoPath
	}
	return path
}

// cookiesSpan turns {"$timedelta"} into a duration.
func cookiesSpan(v any) any {
	if object, ok := v.(map[string]any); ok {
		return typedSpan(object["$timedelta"])
	}
	return v
}

type cookiesMakeIn struct {
	cookiesOptions
	Name  string
	Value *string
	Now   string
}

func (in cookiesMakeIn) field() (string, error) {
	if in.Value != nil {
		value := Raw(*in.Value)
		in.Value = &value
	}
	c, err := in.cookie(in.Name, in.Value)
	if err != nil {
		return "", err
	}
	return webob.FormatCookie(c, cookiesNow(in.Now))
}

func cookiesNow(now string) time.Time {
	if now == "" {
		return time.Unix(0, 0)
	}
	return typedNow(now)
}

func cookiesMake(in cookiesMakeIn) (any, error) { return in.field() }

func cookiesMakeAttributes(in cookiesMakeIn) (any, error) {
	field, err := in.field()
	if err != nil {
		return nil, err
	}
	return cookiesApart(field), nil
}

// cookiesApart takes a Set-Cookie field apart, as the question has it.
func cookiesApart(field string) any {
	parts := strings.Split(field, "; ")
	name, value, _ := strings.Cut(parts[0], "=")
	attributes := map[string]any{}
	for _, part := range parts[1:] {
		key, its, has := strings.Cut(part, "=")
		switch key = strings.ToLower(key); {
		case key == "expires":
			t, err := time.Parse(http.TimeFormat, its)
			if err != nil {
				panic(err)
			}
			attributes[key] = typedMoment(t)
		case has:
			attributes[key] = its
		default:
			attributes[key] = true
		}
	}
	return map[string]any{"name": name, "value": value, "attributes": attributes}
}

func cookiesLoad(in struct{ Header string }) (any, error) {
	c, err := webob.ParseSetCookie(Raw(in.Header))
	if err != nil {
		return map[string]any{"cookies": []any{}, "text": ""}, nil // nothing was read
	}
	entry := map[string]any{"name": Latin(c.Name), "value": Latin(c.Value)}
	for _, name := range []string{"path", "domain", "comment", "max-age", "expires", "secure", "httponly", "samesite"} {
		entry[name] = nil
	}
	cookiesText := func(name, value string) {
		if value != "" {
			entry[name] = Latin(value)
		}
	}
	cookiesText("path", c.Path)
	cookiesText("domain", c.Domain)
	cookiesText("expires", c.RawExpires)
	if c.MaxAge != 0 {
		entry["max-age"] = strconv.Itoa(max(c.MaxAge, 0))
	}
	if c.Secure {
		entry["secure"] = true
	}
	if c.HttpOnly {
		entry["httponly"] = true
	}
	if c.SameSite != 0 {
		entry["samesite"] = map[http.SameSite]string{
			http.SameSiteLaxMode: "Lax", http.SameSiteStrictMode: "Strict", http.SameSiteNoneMode: "None",
		}[c.SameSite]
	}
	if c.Path == "" {
		c.Path = webob.NoPath
	}
	text, err := webob.FormatCookie(c, datesNow)
	return map[string]any{"cookies": []any{entry}, "text": text}, err
}

type cookiesResponseIn struct {
	SetCookie []string `json:"set_cookie"`
	Steps     [][]json.RawMessage
	Now       string
}

func cookiesResponse(in cookiesResponseIn) (any, error) {
	p := cookiesAnswer(in.SetCookie)
	for _, raw := range in.Steps {
		if err := cookiesStep(p, raw, cookiesNow(in.Now)); err != nil {
			return nil, err
		}
	}
	return cookiesSet(p), nil
}

// cookiesAnswer is a response with these Set-Cookie fields.
func cookiesAnswer(fields []string) *webob.Response {
	p := webob.NewResponse(http.StatusOK)
	for _, field := range fields {
		p.Header().Add("Set-Cookie", Raw(field))
	}
	return p
}

func cookiesSet(p *webob.Response) []string {
	return mapStrings(p.Header().Values("Set-Cookie"), Latin[string])
}

func cookiesStep(p *webob.Response, raw []json.RawMessage, now time.Time) error {
	what, name := decodeStrict[string](raw[0]), decodeStrict[string](raw[1])
	switch what {
	case "unset":
		if !p.UnsetCookie(name) && decodeStrict[bool](raw[2]) {
			return webob.ErrNoKey
		}
		return nil
	case "delete":
		o := cookiesOptionsAt(raw, 2)
		domain := ""
		if o.Domain != nil {
			domain = *o.Domain
		}
		return p.DeleteCookie(name, cookiesPath(o.Path), domain)
	}
	o := cookiesOptionsAt(raw, 3)
	c, err := o.cookie(name, decodeStrict[*string](raw[2]))
	if err != nil {
		return err
	}
	field, err := webob.FormatCookie(c, now)
	if err != nil {
		return err
	}
	if o.Overwrite != nil && *o.Overwrite {
		p.UnsetCookie(name)
	}
	p.Header().Add("Set-Cookie", field)
	return nil
}

// cookiesOptionsAt are the options at a place of a step, which may end before it.
func cookiesOptionsAt(raw []json.RawMessage, i int) cookiesOptions {
	if i >= len(raw) {
		return cookiesOptions{}
	}
	return decodeStrict[cookiesOptions](raw[i])
}

func cookiesMerge(in struct{ Mine, Theirs []string }) (any, error) {
	mine, theirs := cookiesAnswer(in.Mine), cookiesAnswer(in.Theirs)
	mine.MergeCookies(theirs)
	return cookiesSet(theirs), nil
}

// cookiesFold takes out what does not count: the order and case of attributes and
// how dates are spelt; blanks and empty pieces in a Cookie field, where the empty
// one is none; and what Expires says beside a Max-Age, which comes before it (RFC
// 6265bis §5.6), where a field is only written again.
func cookiesFold(q Question, answer any) any {
	switch q.Op {
	case "cookies.make":
		if s, ok := answer.(string); ok {
			return responseFoldCookie(s)
		}
	case "cookies.response", "cookies.merge":
		return EditAll(answer, func(v any) any { return responseFoldCookie(v.(string)) })
	case "cookies.profile_headers":
		return EditHeader(answer, "Set-Cookie", func(s string) string { return fmt.Sprint(responseFoldCookie(s)) })
	case "cookies.make_attributes":
		return Edit(answer, "attributes", cookiesFoldAttributes)
	case "cookies.load":
		answer = Edit(answer, "cookies", func(v any) any { return EditAll(v, cookiesFoldAttributes) })
		return Edit(answer, "text", func(v any) any {
			return responseFoldCookie(cookiesExpiresBeside(v.(string)))
		})
	case "cookies.edit":
		return Edit(answer, "header", cookiesFoldField)
	}
	return answer
}

// cookiesExpiresBeside takes Expires out of a field with a Max-Age.
func cookiesExpiresBeside(field string) string {
	parts := strings.Split(field, "; ")
	if !strings.Contains(strings.ToLower(field), "; max-age=") {
		return field
	}
	kept := parts[:0]
	for _, part := range parts {
		if !strings.HasPrefix(strings.ToLower(part), "expires=") {
			kept = append(kept, part)
		}
	}
	return strings.Join(kept, "; ")
}

// cookiesFoldAttributes is responseFoldCookie for attributes already apart.
func cookiesFoldAttributes(v any) any {
	folded := map[string]any{}
	for name, item := range v.(map[string]any) {
		if s, ok := item.(string); ok && name == "samesite" {
			item = strings.ToLower(s)
		}
		if s, ok := item.(string); ok && name == "expires" {
			item = FoldCookieDate("expires=" + s)
		}
		folded[name] = item
	}
	if age, ok := folded["max-age"].(string); ok && (age == "0" || strings.HasPrefix(age, "-")) {
		folded["max-age"] = "0"
		delete(folded, "expires")
	}
	return folded
}

// cookiesFoldField takes blanks and empty pieces out of a Cookie field.
func cookiesFoldField(v any) any {
	field, _ := v.(string)
	var pieces []string
	for _, piece := range strings.Split(field, ";") {
		if piece = strings.Trim(piece, " \t"); piece != "" {
			pieces = append(pieces, piece)
		}
	}
	if pieces == nil {
		return nil
	}
	return strings.Join(pieces, "; ")
}
