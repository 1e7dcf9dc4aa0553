package conformance

import (
	"bufio"
	"encoding/base64"
	"io"
	"mime"
	"mime/quotedprintable"
	"net/textproto"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/runes"
	"golang.org/x/text/transform"
)

var requestParamsRules = []Rule{
	requestParamsAmpersand, requestParamsNameless, requestParamsBytes, requestParamsType, requestParamsLength, requestParamsCut,
	requestParamsBlankFile, requestParamsTransfer, requestParamsCharset, requestParamsNested,
}

// requestParamsIf is a predicate on the questions that are made of a query and a
// body.
func requestParamsIf(applies func(requestParamsIn) bool, ops ...string) func(Question) bool {
	return ForOps(func(q Question) bool { return applies(In[requestParamsIn](q)) }, ops...)
}

// requestParamsAnswer is what the standards say: the reading below, put into the
// form of the answer.
func requestParamsAnswer(q Question, want Answer) Answer {
	in := In[requestParamsIn](q)
	query := requestParamsRead(in.QueryString, nil)
	switch q.Op {
	case "request_params.query":
		return Says(query)
	case "request_params.form":
		items, ok := in.form()
		if !ok {
			return Refused
		}
		return Says(map[string]any{"form": true, "items": items, "body_same": true})
	}
	form, ok := in.form()
	if !ok {
		return Refused
	}
	return Says(requestParamsSummary(query, form, in.Keys))
}

func requestParamsSummary(query, form [][]any, keys []string) map[string]any {
	items := append(append([][]any{}, query...), form...)
	lists, mixed, asked := map[string]any{}, map[string]any{}, map[string]any{}
	for _, item := range items {
		key := item[0].(string)
		all := requestParamsOf(items, key)
		lists[key], mixed[key] = all, all
		if len(all) == 1 {
			mixed[key] = all[0]
		}
	}
	missing := map[string]any{"err": "missing"}
	for _, key := range keys {
		all := requestParamsOf(items, key)
		answer := map[string]any{"get": nil, "getitem": missing, "getall": all, "getone": missing, "in": len(all) > 0}
		for _, part := range [][][]any{form, query} { // the last of the query, else of the form
			if values := requestParamsOf(part, key); len(values) > 0 {
				answer["get"], answer["getitem"] = values[len(values)-1], values[len(values)-1]
			}
		}
		if len(all) == 1 {
			answer["getone"] = all[0]
		}
		asked[key] = answer
	}
	return map[string]any{"items": items, "len": len(items), "mixed": mixed, "dict_of_lists": lists, "keys": asked}
}

// requestParamsRead divides latin-1 text at &, undoes + and %XX, and decodes.
func requestParamsRead(latin string, cs encoding.Encoding) [][]any {
	pairs := [][]any{}
	for _, piece := range strings.Split(Raw(latin), "&") {
		if piece == "" {
			continue
		}
		key, value, _ := strings.Cut(piece, "=")
		pairs = append(pairs, []any{requestParamsPlain(key, cs), requestParamsPlain(value, cs)})
	}
	return pairs
}

func requestParamsPlain(s string, cs encoding.Encoding) string {
	return requestParamsDecode(requestBlankUnescape(strings.ReplaceAll(s, "+", " ")), cs)
}

func requestParamsDecode(s string, cs encoding.Encoding) string {
	if cs == nil {
		cs = unicode.UTF8
	}
	text, _ := cs.NewDecoder().String(s)
	return text
}

// requestParamsOddQuery tells a query that has an escape which Python alone takes,
// or bytes that are no UTF-8.
func requestParamsOddQuery(in requestParamsIn) bool {
	text := requestParamsPlain(Raw(in.QueryString), nil)
	return requestBlankOddEscape.MatchString(in.QueryString) || strings.Contains(text, "\uFFFD")
}

var (
	requestParamsAmpersand = ReadOneWay.On(
		requestParamsIf(func(in requestParamsIn) bool { return strings.Contains(in.QueryString, ";") },
			"request_params.query", "request_params.params"), requestParamsAnswer)

	requestParamsBytes = Rule{
		Name: "a query is read as a form is",
		Reason: "In Python a query that is no UTF-8 fails where a form has U+FFFD, and an escape of its may be % with a sign, a space " +
			"or a single digit. An escape is % and two hex digits, and no reading fails.",
		Applies: requestParamsIf(requestParamsOddQuery, "request_params.query", "request_params.params"),
		Answer:  requestParamsAnswer,
	}
	requestParamsType = Rule{
		Name: "a form is known by its media type",
		Reason: "RFC 9110 section 8.3.1 compares types without case and allows space around them, and an empty Content-Type is none. A " +
			"form in another character set is decoded by it, where WebOb wants to be told to transcode.",
		Applies: requestParamsIf(func(in requestParamsIn) bool {
			if in.ContentType == nil {
				return false
			}
			kind, cs := in.kind()
			known := kind == "" && in.Method == "POST" || kind == requestParamsURL || kind == requestParamsMultipart
			written, _, _ := strings.Cut(*in.ContentType, ";")
			return known && (written != kind || kind == "" || cs != "")
		}, "request_params.form", "request_params.params"),
		Answer: requestParamsAnswer,
	}
	requestParamsLength = Rule{
		Name: "a Content-Length that is no number is refused",
		Reason: "RFC 9112 section 6.3 asks for 400: what two readers take for different lengths is a hole. WebOb takes it for absent or, " +
			"with a sign, for a number.",
		Applies: requestParamsIf(func(in requestParamsIn) bool {
			return in.ContentLength != nil && !regexp.MustCompile(`^[ \t]*[0-9]*[ \t]*$`).MatchString(*in.ContentLength)
		}, "request_params.form"),
		Answer: func(Question, Answer) Answer { return Refused },
	}
	requestParamsCut = Rule{
		Name: "a multipart form that is cut short or malformed is refused",
		Reason: "WebOb gives what came before the damage, and a form that was cut passes for a whole one. It is a 400; a body " +
			"without any delimiter has no parts.",
		Applies: requestParamsIf(func(in requestParamsIn) bool { _, ok := in.form(); return !ok }, "request_params.form"),
		Answer:  requestParamsAnswer,
	}
	requestParamsBlankFile = requestParamsPart("a file input left blank is an empty text",
		"An empty file name says that no file was chosen. WebOb has a byte string there, where a text or an upload stands else.",
		regexp.MustCompile(`(?i)filename=(""|[;\s])`))
	requestParamsTransfer = requestParamsPart("a transfer encoding is known whatever its case",
		"RFC 2045 section 6.1 compares them without case. One that is not what it says it is is a 400, one not known is passed over.",
		regexp.MustCompile(`(?i)content-transfer-encoding`))
	requestParamsCharset = requestParamsPart("a text field is decoded once",
		"WebOb decodes a part as UTF-8, encodes it again and decodes that by the part's own character set, which garbles most. A "+
			"character set without a label in the WHATWG's list is refused.",
		regexp.MustCompile(`(?i)charset=`))
	requestParamsNested = requestParamsPart("every part is one field",
		"WebOb takes parts apart that are multipart or forms themselves. RFC 7578 section 4.3 has done away with them.",
		regexp.MustCompile(`(?i)content-type:\s*(multipart/|application/x-www-form-urlencoded)`))
	requestParamsNameless = GrammarHolds.On(requestParamsIf(requestParamsIn.nameless, "request_params.form"), requestParamsAnswer)
)

// nameless tells a form with a part that has no name.
func (in requestParamsIn) nameless() bool {
	return slices.ContainsFunc(in.parts(), func(part []string) bool { return !requestParamsName.MatchString(part[0]) })
}

var requestParamsName = regexp.MustCompile(`(?i);\s*name=`)

// requestParamsPart is a rule for multipart forms with a part whose header matches.
func requestParamsPart(name, reason string, header *regexp.Regexp) Rule {
	return Rule{Name: name, Reason: reason, Answer: requestParamsAnswer,
		Applies: requestParamsIf(func(in requestParamsIn) bool {
			for _, part := range in.parts() {
				if header.MatchString(part[0]) {
					return true
				}
			}
			return false
		}, "request_params.form")}
}

const (
	requestParamsURL       = "application/x-www-form-urlencoded"
	requestParamsMultipart = "multipart/form-data"
)

// kind is the media type, and a character set that is not UTF-8.
func (in requestParamsIn) kind() (media, charset string) {
	if in.ContentType == nil {
		return "", ""
	}
	media, params, _ := mime.ParseMediaType(*in.ContentType)
	if cs := strings.ToLower(params["charset"]); cs != "utf-8" && cs != "utf8" {
		charset = cs
	}
	return media, charset
}

// form reads the form; false says that it is refused.
func (in requestParamsIn) form() (items [][]any, ok bool) {
	kind, charset := in.kind()
	var cs encoding.Encoding
	if charset != "" {
		var err error
		if cs, err = requestParamsLabel(charset); err != nil {
			return nil, false
		}
	}
	items = [][]any{}
	switch {
	case in.Method == "GET" || in.Method == "HEAD":
		return items, true
	case kind != requestParamsMultipart:
		return requestParamsRead(in.Body, cs), true
	}
	parts := in.parts()
	for _, part := range parts {
		if len(part) < 2 {
			return nil, false
		}
		item, ok := requestParamsField(part[0], part[1], cs)
		if !ok {
			return nil, false
		}
		if item != nil {
			items = append(items, item)
		}
	}
	return items, true
}

// requestParamsLabel finds a character set by the WHATWG's labels, and latin-1.
func requestParamsLabel(label string) (encoding.Encoding, error) {
	switch label {
	case "latin-1":
		label = "latin1"
	case "ascii", "us-ascii":
		return requestParamsASCII{}, nil
	}
	return htmlindex.Get(label)
}

// requestParamsASCII has U+FFFD for every byte beyond.
type requestParamsASCII struct{ encoding.Encoding }

func (requestParamsASCII) NewDecoder() *encoding.Decoder {
	return &encoding.Decoder{Transformer: transform.Chain(charmap.ISO8859_1.NewDecoder(), runes.Map(func(r rune) rune {
		if r > 0x7f {
			return 0xfffd
		}
		return r
	}))}
}

// parts divides a multipart body at its delimiters into header and content. A part
// that is cut has no content.
func (in requestParamsIn) parts() (parts [][]string) {
	if in.ContentType == nil {
		return nil
	}
	_, params, _ := mime.ParseMediaType(*in.ContentType)
	if params["boundary"] == "" {
		return nil
	}
	delimiter := regexp.MustCompile(`^--` + regexp.QuoteMeta(params["boundary"]) + `(--)?[ \t]*\r?\n?$`)
	var content []string
	inside := false
	finish := func(cut bool) {
		head, body, found := regexpCut(regexp.MustCompile(`(?:^|\r?\n)\r?\n`), strings.Join(content, ""))
		part := []string{head}
		if found && !cut {
			part = append(part, regexp.MustCompile(`\r?\n$`).ReplaceAllString(body, ""))
		}
		parts = append(parts, part)
	}
	for _, line := range strings.SplitAfter(Raw(in.Body), "\n") {
		m := delimiter.FindStringSubmatch(line)
		if m == nil {
			content = append(content, line)
			continue
		}
		if inside {
			finish(false)
		}
		if m[1] != "" {
			return parts
		}
		inside, content = true, nil
	}
	if inside {
		finish(true)
	}
	return parts
}

func regexpCut(sep *regexp.Regexp, s string) (before, after string, found bool) {
	at := sep.FindStringIndex(s)
	if at == nil {
		return s, "", false
	}
	return s[:at[0]], s[at[1]:], true
}

// requestParamsField is one part as a pair, nil for one without a name.
func requestParamsField(head, content string, cs encoding.Encoding) (item []any, ok bool) {
	h, err := textproto.NewReader(bufio.NewReader(strings.NewReader(head + "\r\n\r\n"))).ReadMIMEHeader()
	if err != nil && head != "" {
		return nil, false
	}
	_, params, _ := mime.ParseMediaType(h.Get("Content-Disposition"))
	name, named := params["name"]
	if !named {
		return nil, true
	}
	name = requestParamsDecode(name, cs)
	_, own, _ := mime.ParseMediaType(h.Get("Content-Type"))
	if filename := params["filename"]; filename != "" {
		media, _, _ := strings.Cut(h.Get("Content-Type"), ";")
		if h["Content-Type"] == nil {
			media = "text/plain"
		}
		return []any{name, map[string]any{"name": name, "filename": requestParamsDecode(filename, cs), "type": media, "content": Latin(content)}}, true
	}
	switch strings.ToLower(h.Get("Content-Transfer-Encoding")) {
	case "base64":
		b, err := base64.StdEncoding.DecodeString(content)
		if err != nil {
			return nil, false
		}
		content = string(b)
	case "quoted-printable":
		b, err := io.ReadAll(quotedprintable.NewReader(strings.NewReader(content)))
		if err != nil {
			return nil, false
		}
		content = string(b)
	}
	if own["charset"] != "" {
		if cs, err = requestParamsLabel(own["charset"]); err != nil {
			return nil, false
		}
	}
	return []any{name, requestParamsDecode(content, cs)}, true
}
