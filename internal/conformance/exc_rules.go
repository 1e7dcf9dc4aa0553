package conformance

import (
	"cmp"
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"regexp"
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
		ErrorsNamedToday.On(func(q Question) bool { return q.Op == "exc.describe" }, excDescribedToday),
		PagesWeighAll.On(excServes(excNegotiated), excEach(excChosenAnew)),
		RedirectsStayHome.On(excServes(excLeadsAstray), func(q Question, want Answer) Answer {
			if want.Refused && q.Op == "exc.call" {
				want = Says(excBlankPage(excPages(q)[0]))
			}
			return excEach(excRefusedRedirect)(q, want)
		}),
		PagesAreText.On(excServes(excNegotiated), excEach(excTextPage)),
		ErrorsNamedToday.On(excServes(excNegotiated), excEach(excNamedToday)),
		LocationStaysRelative.On(excServes(excHasLocation), excEach(excRelative)),
		LocationIsURI.On(excServes(excHasLocation), excEach(excASCII)),
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

// Locations.

// location is what we send: what was given, in ASCII, or the last segment of the
// request's path with a slash.
func (p excPage) location() string {
	if _, ok := p.arg("add_slash"); ok {
		u := p.url()
		path := u.EscapedPath()
		to := "./" + path[strings.LastIndex(path, "/")+1:] + "/"
		if u.RawQuery != "" {
			to += "?" + u.RawQuery
		}
		return to
	}
	return strings.ReplaceAll(excBeyondASCII.ReplaceAllStringFunc(p.text("location"), url.QueryEscape), " ", "%20")
}

var excBeyondASCII = regexp.MustCompile(`[^\x00-\x7f]+`)

// url is the request's.
func (p excPage) url() *url.URL {
	base := p.req.BaseURL
	if base == "" {
		base = "http://localhost"
	}
	path, query, _ := strings.Cut(p.req.Path, "?")
	u, err := url.Parse(base)
	if err != nil {
		panic(err)
	}
	u.Path += path
	u.RawQuery = query
	return u
}

func excHasLocation(p excPage) bool {
	_, slash := p.arg("add_slash")
	return slash || p.text("location") != ""
}

// excRelative takes the request's own URL off the Location, and off the text of a
// page, after making sure that ours leads where the reference's does.
func excRelative(p excPage, answer any) any {
	object := answer.(map[string]any)
	were := HeaderValues(object["headers"], "Location")
	if len(were) != 1 {
		return answer
	}
	given := p.location()
	if _, slash := p.arg("add_slash"); !slash {
		given = p.text("location")
	}
	// WebOb's base has no query, which counts for a fragment alone: RFC 3986 section
	// 5.2.2 keeps the query there.
	// A value of WebOb's that has been served keeps the location of the first request.
	first := p
	if !p.given("add_slash") {
		first.req = *p.first
	}
	base := first.url()
	base.RawQuery = ""
	ours, err := url.Parse(first.location())
	if err != nil {
		panic(err)
	}
	theirs, err := url.Parse(were[0])
	if err != nil {
		panic(err)
	}
	if a, b := base.ResolveReference(ours).String(), theirs.String(); a != b {
		panic(fmt.Sprintf("Location %s leads to %s, not to %s", given, a, b))
	}
	answer = Edit(answer, "headers", func(h any) any { return SetHeader(h, "Location", given) })
	return excRelocate(answer, were[0], given)
}

// excRelocate changes the location in an HTML page; other pages are written anew.
func excRelocate(answer any, old, now string) any {
	if excMedia(answer) != "text/html" {
		return answer
	}
	body := answer.(map[string]any)["body"].(string)
	return excWithBody(answer, strings.ReplaceAll(body, excEscaped(old), excEscaped(now)))
}

var excPointy = strings.NewReplacer("&#34;", "&quot;", "&#39;", "&#x27;")

// excEscaped is text as the pages have it.
func excEscaped(s string) string {
	return excBeyondASCII.ReplaceAllStringFunc(excPointy.Replace(html.EscapeString(s)), func(s string) string {
		var b strings.Builder
		for _, r := range s {
			fmt.Fprintf(&b, "&#%d;", r)
		}
		return b.String()
	})
}

func excASCII(p excPage, answer any) any {
	were := HeaderValues(answer.(map[string]any)["headers"], "Location")
	if len(were) != 1 || were[0] == p.location() {
		return answer
	}
	answer = Edit(answer, "headers", func(h any) any { return SetHeader(h, "Location", p.location()) })
	return excRelocate(answer, were[0], p.location())
}

// excLeadsAstray holds for redirects without a location, and for those whose
// location a browser takes to another site, or that is no web page.
func excLeadsAstray(p excPage) bool {
	if !p.redirects() {
		return false
	}
	if _, slash := p.arg("add_slash"); slash {
		return false
	}
	return excAstray(p) != 0
}

var (
	excWeb    = regexp.MustCompile(`(?i)^https?://[^/?#\\]+([/?#]|$)`)
	excScheme = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9+.-]*:`)
)

// excAstray is the status of the page that is answered instead.
func excAstray(p excPage) int {
	to := p.text("location")
	bare := strings.Trim(strings.NewReplacer("\t", "", "\n", "", "\r", "").Replace(to), "\x00\x01\x02\x03\x04\x05\x06\x07\x08\x0b\x0c\x0e\x0f \x1f")
	switch {
	case to == "" && p.Name == "HTTPMultipleChoices" && !p.given("location"):
		return 0
	case to == "":
		return 500
	case bare != to, strings.ContainsFunc(to, func(r rune) bool { return r < ' ' }):
		return 400
	case strings.HasPrefix(strings.ReplaceAll(bare, `\`, "/"), "//"):
		return 400
	case excScheme.MatchString(bare) && !excWeb.MatchString(bare):
		return 400
	}
	return 0
}

func (p excPage) given(name string) bool {
	_, ok := p.arg(name)
	return ok
}

// excRefusedRedirect is a page of 400 or 500 instead of the redirect.
func excRefusedRedirect(p excPage, answer any) any {
	code := excAstray(p)
	title, said := "Bad Request", excTitles()["HTTPBadRequest"].explanation
	if code == 500 {
		title, said = "Internal Server Error", excTitles()["HTTPInternalServerError"].explanation
	}
	if code == 0 {
		return answer
	}
	status := strconv.Itoa(code) + " " + title
	media := excMedia(answer)
	answer = With(answer, "status", status)
	answer = Edit(answer, "headers", func(h any) any { return DropHeader(h, "Location") })
	switch media {
	case "text/plain":
		return excWithBody(answer, status+"\n\n"+said)
	case "application/json":
		return excWithBody(answer, jsonText(plain(map[string]string{"message": said, "code": status, "title": title})))
	case "application/problem+json":
		problem := map[string]any{"type": "about:blank", "title": title, "status": code, "detail": said}
		return excWithBody(answer, jsonText(plain(problem)))
	}
	return excWithBody(answer, "<html>\n <head>\n  <title>"+status+"</title>\n </head>\n <body>\n  <h1>"+status+
		"</h1>\n  "+excEscaped(said)+"<br /><br />\n\n\n\n </body>\n</html>")
}

// excBlankPage is an answer to fill in, in the format the request likes best.
func excBlankPage(p excPage) any {
	return map[string]any{"status": "", "body": "", "headers": [][2]string{{"Content-Type", excTypeFor(p)}, {"Vary", "Accept"}}}
}

// excTypeFor is the type of the page for a request.
func excTypeFor(p excPage) string {
	switch chosen := excChoose(p, "text/html", "text/plain", "application/json", "application/problem+json"); chosen {
	case "text/html":
		return chosen + "; charset=utf-8"
	case "application/json", "application/problem+json":
		return chosen
	}
	return "text/plain; charset=utf-8"
}

// HEAD.

var excHead = Rule{
	Name: "HEAD of an error page has the header of GET",
	Reason: "WebOb sends an empty text/html for HEAD, whatever GET would have got. RFC 9110 section 9.3.2 asks for " +
		"the fields of GET.",
	Applies: excServes(func(p excPage) bool { return p.method() == "HEAD" && excNegotiated(p) }),
	Answer: excEach(func(p excPage, answer any) any {
		return excTyped(answer, excTypeFor(p))
	}),
}

// Templates.

var excTemplate = Rule{
	Name: "a body template sees no environ",
	Reason: "WebOb offers a template every environ key and response header, and with them cookies and credentials. " +
		"We offer explanation, detail, comment, location, and method, media type and Accept of the request; other names stay as " +
		"they are written. In plain text and JSON the markup of the template becomes text, and comments are left out.",
	Applies: excServes(func(p excPage) bool { return p.text("body_template") != "" }),
	Answer: excEach(func(p excPage, answer any) any {
		object := answer.(map[string]any)
		status := object["status"].(string)
		_, title, _ := strings.Cut(status, " ")
		fragment := p.text("body_template")
		switch excMedia(answer) {
		case "text/html":
			said := excSubstitute(fragment, func(name string) string {
				if comment := p.text("comment"); name == "html_comment" && comment != "" {
					return "<!-- " + excEscaped(comment) + " -->"
				} else if name == "comment" {
					return excEscaped(comment)
				}
				return excEscaped(p.offered(name))
			})
			return excWithBody(answer, Latin("<html>\n <head>\n  <title>"+status+"</title>\n </head>\n <body>\n  <h1>"+
				status+"</h1>\n  "+said+"\n </body>\n</html>"))
		case "text/plain":
			return excWithBody(answer, Latin(status+"\n\n"+excSubstitute(excBare(fragment), p.offered)))
		case "application/json":
			said := excSubstitute(excBare(fragment), p.offered)
			return excWithBody(answer, Latin(jsonText(plain(map[string]string{"message": said, "code": status, "title": title}))))
		}
		return answer
	}),
}

// offered is a variable of a template, as text.
func (p excPage) offered(name string) string {
	switch name {
	case "explanation":
		return p.explanation()
	case "detail":
		return p.text("detail")
	case "REQUEST_METHOD":
		return p.method()
	case "CONTENT_TYPE":
		return cmp.Or(p.field("Content-Type"), "none")
	case "HTTP_ACCEPT":
		return cmp.Or(p.field("Accept"), "none")
	}
	return ""
}

var (
	excVariable = regexp.MustCompile(`\$\$|\$\{?([A-Za-z_]+)\b\}?`)
	excMarkup   = regexp.MustCompile(`<[^>]*>`)
)

// excBare is a template without its markup.
func excBare(fragment string) string { return excMarkup.ReplaceAllString(fragment, " ") }

func excSubstitute(fragment string, value func(string) string) string {
	return excVariable.ReplaceAllStringFunc(fragment, func(found string) string {
		name := strings.Trim(found, "${}")
		switch name {
		case "":
			return "$"
		case "explanation", "detail", "comment", "html_comment", "location", "REQUEST_METHOD", "CONTENT_TYPE", "HTTP_ACCEPT":
			if strings.HasPrefix(found, "${") == strings.HasSuffix(found, "}") {
				return value(name)
			}
		}
		return found
	})
}
