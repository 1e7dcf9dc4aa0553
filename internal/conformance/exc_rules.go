package conformance

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// excRules are the rules of the family exc. Those of the house hold for error
// pages wherever they are made.
func excRules() []Rule {
	return []Rule{
		NoOwnReasons.On(excAnyAnswer, excNetHTTPReasons),
		NoAccidentalHTML.On(func(q Question) bool { return q.Op == "exc.message" && !excOwnBody(In[excIn](q).Exc) }, excNoType),
		PagesOfToday.On(func(q Question) bool { return q.Op == "exc.describe" }, excDescribedToday),
		PagesOfToday.On(excServes(excNegotiated), excEach(excChosenAnew)),
		NothingLeadsOut.On(excServes(excLeadsAstray), func(q Question, want Answer) Answer {
			if want.Refused && q.Op == "exc.call" {
				want = Says(excBlankPage(excPages(q)[0]))
			}
			return excEach(excRefusedRedirect)(q, want)
		}),
		PagesOfToday.On(excServes(excNegotiated), excEach(excTextPage)),
		PagesOfToday.On(excServes(excNegotiated), excEach(excNamedToday)),
		LocationStaysRelative.On(excServes(excHasLocation), excEach(excRelative)),
		GrammarHolds.On(excServes(excHasLocation), excEach(excASCII)),
		excHead, excTemplate,
	}
}

// excIn is the input of all operations on exceptions.
type excIn struct {
	Name     string
	Exc      excSpec
	Request  excRequest
	Requests []excRequest
	App      struct{ Raises json.RawMessage }
}

// excPage is one page that is served.
type excPage struct {
	excSpec
	req   excRequest
	first *excRequest // where the same value has been served before
}

// excPages are the pages a question asks for.
func excPages(q Question) (pages []excPage) {
	in := In[excIn](q)
	switch q.Op {
	case "exc.call":
		return []excPage{{in.Exc, in.Request, &in.Request}}
	case "exc.call_twice":
		for _, r := range in.Requests {
			pages = append(pages, excPage{in.Exc, r, &in.Requests[0]})
		}
	case "exc.middleware":
		var s excSpec
		if json.Unmarshal(in.App.Raises, &s) == nil {
			return []excPage{{s, in.Request, &in.Request}}
		}
	}
	return pages
}

func excAnyAnswer(q Question) bool {
	return len(excPages(q)) > 0 || q.Op == "exc.message" || q.Op == "exc.middleware"
}

// excServes holds where a page of some kind is served.
func excServes(kind func(excPage) bool) func(Question) bool {
	return func(q Question) bool { return slices.ContainsFunc(excPages(q), kind) }
}

// excEach changes each answer of a question.
func excEach(change func(p excPage, answer any) any) func(Question, Answer) Answer {
	return func(q Question, want Answer) Answer {
		if want.Refused {
			return want
		}
		pages := excPages(q)
		list, ok := want.Value.([]any)
		if !ok {
			return Says(change(pages[0], want.Value))
		}
		changed := []any{}
		for i, p := range pages {
			changed = append(changed, change(p, list[i]))
		}
		return Says(changed)
	}
}

// excFold takes out what does not count: the length of a page whose white space
// does not, the case of a charset.
func excFold(_ Question, answer any) any {
	if list, ok := answer.([]any); ok {
		return EditAll(list, func(item any) any { return excFold(Question{}, item) })
	}
	object, ok := answer.(map[string]any)
	if !ok || object["headers"] == nil {
		return answer
	}
	headers := EditHeader(object["headers"], "Content-Type", strings.ToLower)
	body, _ := object["body"].(string)
	if t := excMedia(object); t != "text/html" || body == "" {
		headers = DropHeader(headers, "Content-Length")
		switch value := FoldBody(body).(type) {
		case map[string]any:
			for name, member := range value {
				if s, ok := member.(string); ok {
					value[name] = FoldSpace(s)
				}
			}
			answer = With(answer, "body", value)
		case string:
			answer = With(answer, "body", FoldSpace(value))
		}
	}
	return With(answer, "headers", FoldHeaders(headers))
}

// excMedia is the media type of an answer.
func excMedia(answer any) string {
	object, _ := answer.(map[string]any)
	for _, t := range HeaderValues(object["headers"], "Content-Type") {
		media, _, _ := strings.Cut(t, ";")
		return strings.TrimSpace(media)
	}
	return ""
}

// excWithBody gives an answer another body, and the length of that.
func excWithBody(answer any, body string) any {
	answer = With(answer, "body", body)
	length := strconv.Itoa(len(Raw(body)))
	return Edit(answer, "headers", func(h any) any { return SetHeader(h, "Content-Length", length) })
}

func excOwnBody(s excSpec) bool {
	for _, name := range []string{"body", "text", "json_body", "app_iter"} {
		v, ok := s.arg(name)
		if b, isBytes := Value(v).([]byte); ok && (!isBytes || len(b) > 0) {
			return true
		}
	}
	return false
}

// arg is an argument or an attribute set later.
func (s excSpec) arg(name string) (any, bool) {
	for _, step := range s.Set {
		if step[0] == name {
			return step[1], true
		}
	}
	v, ok := s.Kw[name]
	return v, ok && v != nil
}

func (s excSpec) text(name string) string {
	v, _ := s.arg(name)
	text, _ := v.(string)
	return text
}

func (p excPage) method() string {
	if p.req.Method == "" {
		return "GET"
	}
	return p.req.Method
}

func (p excPage) field(name string) string {
	for _, h := range slices.Backward(p.req.Headers) {
		if strings.EqualFold(h[0], name) {
			return h[1]
		}
	}
	return ""
}

var excBodyless = []string{"HTTPNoContent", "HTTPResetContent", "HTTPNotModified"}

// excNegotiated holds for pages that are made for the request.
func excNegotiated(p excPage) bool {
	return !excOwnBody(p.excSpec) && !slices.Contains(excBodyless, p.Name)
}

func (p excPage) redirects() bool {
	return slices.Contains([]string{
		"HTTPMultipleChoices", "HTTPMovedPermanently", "HTTPFound", "HTTPSeeOther",
		"HTTPUseProxy", "HTTPTemporaryRedirect", "HTTPPermanentRedirect",
	}, p.Name)
}

// Reasons.

func excNetHTTPReasons(_ Question, want Answer) Answer {
	change := func(answer any) any {
		return Edit(answer, "status", func(s any) any {
			code, _, _ := strings.Cut(s.(string), " ")
			n, err := strconv.Atoi(code)
			if err != nil {
				panic(err)
			}
			return code + " " + http.StatusText(n)
		})
	}
	if list, ok := want.Value.([]any); ok {
		return Says(EditAll(list, change))
	}
	if want.Refused {
		return want
	}
	return Says(change(want.Value))
}

func excNoType(_ Question, want Answer) Answer {
	return Says(Edit(want.Value, "headers", func(h any) any { return DropHeader(h, "Content-Type", "Content-Length") }))
}

// Names and explanations that have changed.
var excToday = []struct{ class, old, now string }{
	{"HTTPRequestEntityTooLarge", "Request Entity Too Large", "Content Too Large"},
	{"HTTPRequestURITooLong", "Request-URI Too Long", "URI Too Long"},
	{"HTTPRequestRangeNotSatisfiable", "Request Range Not Satisfiable", "Range Not Satisfiable"},
	{"HTTPUnprocessableEntity", "Unprocessable Entity", "Unprocessable Content"},
	{"HTTPFailedDependency", "dependended", "depended"},
}

func excDescribedToday(q Question, want Answer) Answer {
	change := func(v any) any { return excReplaceToday(In[excIn](q).Name, v.(string)) }
	return Says(Edit(Edit(want.Value, "title", change), "explanation", change))
}

func excReplaceToday(class, s string) string {
	for _, row := range excToday {
		if row.class == class {
			s = strings.ReplaceAll(s, row.old, row.now)
		}
	}
	return s
}

func excNamedToday(p excPage, answer any) any {
	body := answer.(map[string]any)["body"].(string)
	changed := excReplaceToday(p.Name, body)
	if p.Name == "HTTPNotAcceptable" && excMedia(answer) == "text/html" {
		changed = strings.Replace(changed, ". <br", "). <br", 1)
	}
	changed = strings.NewReplacer("type ${HTTP_ACCEPT}", "type none", "type ${CONTENT_TYPE}", "type none").Replace(changed)
	if changed == body {
		return answer
	}
	return excWithBody(answer, changed)
}

// Formats.

// excChoose is what a request likes best of some types: a plain reading of the
// Accept field that is enough for one without parameters but q.
func excChoose(p excPage, offers ...string) string {
	accept := p.field("Accept")
	if accept == "" || !slices.ContainsFunc(p.req.Headers, func(h [2]string) bool { return strings.EqualFold(h[0], "Accept") }) {
		return ""
	}
	best, bestQ := "", 0.0
	for _, offer := range offers {
		q, closeness := 0.0, 0
		for element := range strings.SplitSeq(accept, ",") {
			media, params, _ := strings.Cut(strings.ReplaceAll(element, " ", ""), ";")
			weight := 1.0
			if v, ok := strings.CutPrefix(params, "q="); ok {
				weight, _ = strconv.ParseFloat(v, 64)
			} else if params != "" {
				continue
			}
			kind, _, _ := strings.Cut(offer, "/")
			for i, pattern := range []string{"*/*", kind + "/*", offer} {
				if strings.EqualFold(media, pattern) && i+1 > closeness {
					q, closeness = weight, i+1
				}
			}
		}
		if q > bestQ {
			best, bestQ = offer, q
		}
	}
	return best
}

// excChosenAnew is the page in the format the request likes best of ours, with
// Vary. Where text/plain and problems are not liked best the reference's choice
// stands.
func excChosenAnew(p excPage, answer any) any {
	answer = Edit(answer, "headers", func(h any) any {
		if slices.Contains(HeaderValues(h, "Vary"), "Accept") {
			return h
		}
		return SetHeader(h, "Vary", "Accept")
	})
	object := answer.(map[string]any)
	switch chosen := excChoose(p, "text/html", "text/plain", "application/json", "application/problem+json"); chosen {
	case "text/plain":
		if excMedia(answer) != "text/plain" {
			answer = excTyped(answer, "text/plain; charset=utf-8")
		}
	case "application/problem+json":
		status := object["status"].(string)
		code, _, _ := strings.Cut(status, " ")
		n, _ := strconv.Atoi(code)
		detail := p.text("detail")
		if detail == "" {
			detail = strings.TrimSpace(p.message())
		}
		problem := map[string]any{"type": "about:blank", "title": excReplaceToday(p.Name, excTitles()[p.Name].title), "status": n, "detail": detail}
		if detail == "" {
			delete(problem, "detail")
		}
		answer = excWithBody(excTyped(answer, chosen), Latin(jsonText(plain(problem))))
	}
	return answer
}

func excTyped(answer any, contentType string) any {
	return Edit(answer, "headers", func(h any) any { return SetHeader(h, "Content-Type", contentType) })
}

// Text.

// excTitles are the reference's titles and explanations, as it has told them.
var excTitles = sync.OnceValue(func() map[string]excTitle {
	titles := map[string]excTitle{}
	vectors, err := readFile("testdata/exc.jsonl")
	if err != nil {
		panic(err)
	}
	for _, v := range vectors {
		if v.Op == "exc.describe" {
			object := mustDecode(v.Out).(map[string]any)
			titles[In[excIn](v.question()).Name] = excTitle{object["title"].(string), object["explanation"].(string)}
		}
	}
	return titles
})

type excTitle struct{ title, explanation string }

func (p excPage) explanation() string {
	if v, ok := p.arg("explanation"); ok {
		return v.(string)
	}
	return excReplaceToday(p.Name, excTitles()[p.Name].explanation)
}

// message is what a page says besides the status, as text.
func (p excPage) message() string {
	said := p.explanation()
	switch {
	case p.Name == "HTTPMethodNotAllowed":
		said = fmt.Sprintf("The method %s is not allowed for this resource.", p.method())
	case p.Name == "HTTPNotImplemented":
		said = fmt.Sprintf("The request method %s is not implemented for this server.", p.method())
	case p.Name == "HTTPNotAcceptable":
		said = fmt.Sprintf("The resource could not be generated that was acceptable to your browser (content of type %s).", cmp.Or(p.field("Accept"), "none"))
	case p.Name == "HTTPUnsupportedMediaType":
		said = fmt.Sprintf("The request media type %s is not supported by this server.", cmp.Or(p.field("Content-Type"), "none"))
	case p.redirects():
		said += " " + p.location() + "; you should be redirected automatically."
	}
	return said + "\n\n" + p.text("detail")
}

// excTextPage writes plain text and JSON anew.
func excTextPage(p excPage, answer any) any {
	object := answer.(map[string]any)
	if body := object["body"]; body == "" || p.text("body_template") != "" || p.redirects() && p.location() == "" {
		return answer
	}
	if !strings.HasPrefix(object["status"].(string), strconv.Itoa(excCode(p.Name))) {
		return answer // another page has been put in its place
	}
	status := strconv.Itoa(excCode(p.Name)) + " " + excReplaceToday(p.Name, excTitles()[p.Name].title)
	switch excMedia(answer) {
	case "text/plain":
		return excWithBody(answer, Latin(status+"\n\n"+p.message()))
	case "application/json":
		title := p.text("title")
		if title == "" {
			title = excReplaceToday(p.Name, excTitles()[p.Name].title)
		}
		source := map[string]string{"body": p.message(), "status": status, "title": title}
		fields := p.JSONFields
		if fields == nil {
			fields = map[string]string{"message": "body", "code": "status", "title": "title"}
		}
		members := map[string]string{}
		for member, name := range fields {
			members[member] = source[name]
		}
		return excWithBody(answer, Latin(jsonText(plain(members))))
	}
	return answer
}

func excCode(class string) int {
	for _, v := range excCodes() {
		if v.class == class {
			return v.code
		}
	}
	panic("no class " + class)
}

var excCodes = sync.OnceValue(func() (codes []struct {
	class string
	code  int
}) {
	vectors, err := readFile("testdata/exc.jsonl")
	if err != nil {
		panic(err)
	}
	for _, v := range vectors {
		if v.Op == "exc.describe" {
			n := mustDecode(v.Out).(map[string]any)["code"]
			codes = append(codes, struct {
				class string
				code  int
			}{In[excIn](v.question()).Name, int(number(n))})
		}
	}
	return codes
})

// HEAD.

var excHead = Rule{
	Name: "HEAD of an error page has the header of GET",
	Reason: "WebOb sends an empty text/html for HEAD, whatever GET would have got. RFC 9110 section 9.3.2 asks for " +
		"the fields of GET.",
	Applies: excServes(func(p excPage) bool { return p.method() == "HEAD" && excNegotiated(p) }),
	Answer: excEach(func(p excPage, answer any) any {
		return With(excTyped(answer, excTypeFor(p)), "body", "")
	}),
}
