package conformance

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// pasteRules are those of the entries of Paste.
func pasteRules() []Rule {
	names := func(entry string, more func(q Question) bool) func(Question) bool {
		return func(q Question) bool {
			return strings.HasPrefix(q.Op, "paste.") && strings.Contains(prefixFiles(q), "egg:Paste#"+entry) && (more == nil || more(q))
		}
	}
	sends := func(field string) func(Question) bool {
		return func(q Question) bool { return strings.Contains(string(q.In), field) }
	}
	refusesFormat := func(q Question) bool { return pasteUnknown(q) != "" }
	return []Rule{
		NothingLeadsOut.On(names("static", nil), pasteEach(pasteInside)),
		LocationStaysRelative.On(names("static", nil), pasteEach(pasteRelative)),
		WrittenReadBack.On(names("static", nil), pasteEach(pasteCharset)),
		GrammarHolds.On(names("static", sends("Range")), pasteEach(pasteNoRange)),
		GrammarHolds.On(names("gzip", nil), pasteEach(pasteGzip)),
		AnswersAreValues.On(names("httpexceptions", nil), pasteEach(pasteTags)),
		RequestsAreNetHTTP.On(names("auth_basic", nil), pasteEach(func(in pasteSpec, r deployRequest, answer map[string]any) {
			if pasteUser(r) == "" && pasteCredentials(r) {
				pasteRefuse(in, answer)
			}
		})),
		LengthsAreTrue.On(names("", func(q Question) bool { return q.Op == "paste.app" }), pasteEach(func(_ pasteSpec, r deployRequest, answer map[string]any) {
			if text, _ := answer["body"].(string); text != "" && (r.Method == "HEAD" || pasteStatus(answer) == "204") {
				answer["body"] = ""
			}
		})),
		LengthsAreTrue.On(names("translogger", func(q Question) bool { return q.Op == "paste.log" }), pasteBytes),
		{
			Name: "static files are those of webob/static",
			Reason: "A file has no slash at its end, and names with a dot in front are not shown. Dates that cannot be read count for nothing, " +
				"those in the future are dates, and ranges are those of RFC 9110 section 14.",
			Applies: names("static", nil), Answer: pasteEach(pasteStatic),
		},
		{
			Name: "an error document is asked for where the filter stands",
			Reason: "It is asked for with GET, and the environ that the filter was given. Paste goes on with the environ as the app has left it, where SCRIPT_NAME " +
				"misleads, with the method of the request; and gives up where the document is an error itself, instead of showing it.",
			Applies: names("errordocument", nil), Answer: pasteEach(pasteDocument),
		},
		{
			Name:    "a request is sent on from where the filter stands",
			Reason:  "Paste goes on with the environ as the app has left it, where SCRIPT_NAME misleads. A loop is answered with 508, not with an exception.",
			Applies: names("recursive", nil), Answer: pasteEach(pasteForwarded),
		},
		{
			Name:    "credentials that cannot be read are wrong ones",
			Reason:  "RFC 7617. Paste stops with an exception.",
			Applies: names("auth_basic", nil),
			Answer: pasteEach(func(in pasteSpec, _ deployRequest, answer map[string]any) {
				if _, raised := answer["raised"]; raised {
					pasteRefuse(in, answer)
				}
			}),
		},
		{
			Name:    "a format with an unknown name is refused",
			Reason:  "Paste breaks every request over it.",
			Applies: names("translogger", refusesFormat),
			Answer: func(q Question, _ Answer) Answer {
				return Says(map[string]any{"error": "ValueError", "mentions": []string{pasteUnknown(q)}})
			},
		},
		{
			Name: "a log line tells what was asked and what was sent",
			Reason: "The path is logged as it came, the address is that of the peer, and failures are logged as well. Paste quotes bytes outside ASCII " +
				"twice, believes X-Forwarded-For of everyone, and logs nothing where the app raises.",
			Applies: names("translogger", func(q Question) bool { return q.Op == "paste.log" && !refusesFormat(q) }),
			Answer:  pasteLinesModel,
		},
	}
}

// pasteEach changes each answer, a copy of it.
func pasteEach(change func(in pasteSpec, r deployRequest, answer map[string]any)) func(Question, Answer) Answer {
	return func(q Question, want Answer) Answer {
		in := In[pasteSpec](q)
		i := -1
		return Says(Edit(want.Value, "responses", func(v any) any {
			return EditAll(v, func(answer any) any {
				i++
				answer = With(answer, "raised", answer.(map[string]any)["raised"])
				object := answer.(map[string]any)
				if object["raised"] == nil {
					delete(object, "raised")
				}
				r := deployRequest{}
				if i < len(in.Requests) {
					r = in.Requests[i]
				}
				change(in, r, object)
				if r.Method == "HEAD" && object["raised"] == nil {
					delete(object, "json")
					object["body"] = ""
					if object["page"] == true {
						delete(object, "page") // there is none to be seen
						object["headers"] = []any{[]any{"Content-Type", "text/plain; charset=utf-8"}, []any{"Vary", "Accept"}}
					}
					if in.Bodies != nil && !*in.Bodies && !strings.HasPrefix(pasteStatus(object), "2") {
						delete(object, "body")
					}
				}
				return object
			})
		}))
	}
}

func pasteStatus(answer map[string]any) string {
	status, _ := answer["status"].(string)
	return status[:min(3, len(status))]
}

func pastePath(r deployRequest) string {
	p, _, _ := strings.Cut(r.target(), "?")
	return p
}

// pasteInside answers for paths that lead out, and for directories without a page.
func pasteInside(in pasteSpec, r deployRequest, answer map[string]any) {
	p := urlmapText(pastePath(r))
	depth := 0
	for segment := range strings.SplitSeq(p, "/") {
		switch segment {
		case "", ".":
		case "..":
			depth--
		default:
			depth++
		}
		if depth < 0 && pasteStatus(answer) == "404" {
			answer["status"] = "403"
		}
	}
	if pasteStatus(answer) != "301" {
		return
	}
	p = strings.TrimPrefix(p, pasteMounted(in))
	root := pasteRoot.FindStringSubmatch(in.Files["main.ini"])[1]
	if _, ok := in.Files[strings.TrimPrefix(path.Join(root, p, "index.html"), "/")]; !ok {
		answer["status"], answer["headers"] = "404", []any{}
	}
}

var pasteRoot = regexp.MustCompile(`(?m)^document_root\s*=\s*%\(here\)s/(\S*)`)

// pasteMounted is the path at which a URL map has the static app, "" for none.
func pasteMounted(in pasteSpec) string {
	for _, section := range pasteSections(in) {
		name, _, _ := strings.Cut(strings.TrimPrefix(section, "app:"), "]")
		if !strings.Contains(section, "#static") {
			continue
		}
		if m := regexp.MustCompile(`(?m)^(/\S+)\s*=\s*` + regexp.QuoteMeta(name) + `\s*$`).FindStringSubmatch(in.Files["main.ini"]); m != nil {
			return m[1]
		}
	}
	return ""
}

func pasteSections(in pasteSpec) []string {
	return strings.Split("\n"+in.Files["main.ini"], "\n[")
}

// pasteAppAt is the section of the app that a URL map has at the first segment of a path.
func pasteAppAt(in pasteSpec, p string) string {
	first, _, _ := strings.Cut(strings.TrimPrefix(p, "/"), "/")
	m := regexp.MustCompile(`(?m)^/` + regexp.QuoteMeta(first) + `\s*=\s*(\S+)`).FindStringSubmatch(in.Files["main.ini"])
	if m == nil {
		return ""
	}
	for _, section := range pasteSections(in) {
		if strings.HasPrefix(section, "app:"+m[1]+"]") {
			return section
		}
	}
	return ""
}

// pasteRelative is the last segment of the path, with a slash.
func pasteRelative(_ pasteSpec, r deployRequest, answer map[string]any) {
	if pasteStatus(answer) != "301" {
		return
	}
	script, _ := r.Environ["SCRIPT_NAME"].(string)
	answer["headers"] = EditHeader(answer["headers"], "location", func(string) string {
		_, query, asks := strings.Cut(r.target(), "?")
		if asks && query != "" {
			query = "?" + query
		}
		return "./" + path.Base(script+pastePath(r)) + "/" + query
	})
}

// pasteCharset says UTF-8 of texts.
func pasteCharset(in pasteSpec, r deployRequest, answer map[string]any) {
	if strings.Contains(in.Files["main.ini"], "egg:Kit#") && pastePage(in, r) == "" {
		return // of another app
	}
	answer["headers"] = EditHeader(answer["headers"], "content-type", func(s string) string {
		if (strings.HasPrefix(s, "text/") || s == "image/svg+xml" || strings.HasSuffix(s, "javascript")) && !strings.Contains(s, ";") {
			return s + "; charset=utf-8"
		}
		return s
	})
}

// pasteFile is the content of the file that is asked for.
func pasteFile(in pasteSpec, r deployRequest) string {
	root := pasteRoot.FindStringSubmatch(in.Files["main.ini"])[1]
	return in.Files[path.Join(root, strings.TrimPrefix(urlmapText(pastePath(r)), pasteMounted(in)))]
}

// pastePage is that, or the index page of the directory that is asked for.
func pastePage(in pasteSpec, r deployRequest) string {
	if text := pasteFile(in, r); text != "" {
		return text
	}
	root := pasteRoot.FindStringSubmatch(in.Files["main.ini"])[1]
	return in.Files[path.Join(root, strings.TrimPrefix(urlmapText(pastePath(r)), pasteMounted(in)), "index.html")]
}

// pasteNoRange answers in full where there is no range of bytes.
func pasteNoRange(in pasteSpec, r deployRequest, answer map[string]any) {
	field, _ := prefixField(r, "Range", "").(string)
	status := pasteStatus(answer)
	if field == "" || status != "200" && status != "206" && status != "416" {
		return
	}
	if m := pasteSpan.FindStringSubmatch(field); r.Method != "HEAD" && (m != nil && (m[1] == "" || m[2] == "" || pasteInt(m[1]) <= pasteInt(m[2])) && m[1]+m[2] != "" || strings.Contains(field, ",")) {
		return
	}
	pasteWhole(in, r, answer)
}

func pasteWhole(in pasteSpec, r deployRequest, answer map[string]any) {
	body := pastePage(in, r)
	answer["status"], answer["body"] = "200", body
	answer["headers"] = DropHeader(answer["headers"], "content-range", "content-length")
	if slices.Contains(in.Show, "content-length") {
		answer["headers"] = append(answer["headers"].([]any), []any{"content-length", strconv.Itoa(len(body))})
	}
}

var pasteSpan = regexp.MustCompile(`^bytes=(\d*)-(\d*)$`)

func pasteInt(s string) int {
	n, err := strconv.Atoi(s)
	staticMust(err)
	return n
}

// pasteStatic is what RFC 9110 has for conditions and ranges, and for names.
func pasteStatic(in pasteSpec, r deployRequest, answer map[string]any) {
	p := urlmapText(pastePath(r))
	if strings.HasPrefix(path.Base(p), ".") && (pasteStatus(answer) == "200" || pasteStatus(answer) == "405") || strings.HasSuffix(p, "/") && pasteFile(in, r) != "" {
		delete(answer, "body")
		answer["status"], answer["headers"] = "404", []any{}
		return
	}
	if since, _ := prefixField(r, "If-Modified-Since", "").(string); pasteStatus(answer) == "400" {
		if t, err := http.ParseTime(since); err == nil && t.After(pasteTime) {
			answer["status"], answer["headers"] = "304", []any{}
			return
		}
		pasteWhole(in, r, answer)
		if slices.Contains(in.Show, "content-type") {
			answer["headers"] = []any{[]any{"content-type", "text/plain; charset=utf-8"}}
		}
	}
	if field, _ := prefixField(r, "Range", "").(string); r.Method != "HEAD" && strings.HasPrefix(field, "bytes=") && (pasteStatus(answer) == "206" || pasteStatus(answer) == "416") {
		pasteParts(in, answer, pastePage(in, r), strings.Split(strings.TrimPrefix(field, "bytes="), ","))
	}
}

// pasteParts are the parts of a text that the ranges ask for.
func pasteParts(in pasteSpec, answer map[string]any, text string, ranges []string) {
	var parts [][2]int
	for _, span := range ranges {
		from, to, ok := strings.Cut(strings.TrimSpace(span), "-")
		first, last := 0, len(text)-1
		switch {
		case !ok || from+to == "" || strings.Trim(from+to, "0123456789") != "":
			return
		case from == "":
			first = max(0, len(text)-pasteInt(to))
		case to != "":
			last = min(last, pasteInt(to))
			fallthrough
		default:
			first = pasteInt(from)
			if to != "" && first > pasteInt(to) {
				return
			}
		}
		if first < len(text) && first <= last {
			parts = append(parts, [2]int{first, last})
		}
	}
	fields := func(length int, span string) []any {
		list := []any{}
		for _, media := range HeaderValues(answer["headers"], "content-type") {
			list = append(list, []any{"content-type", media})
		}
		if slices.Contains(in.Show, "content-length") {
			list = append(list, []any{"content-length", strconv.Itoa(length)})
		}
		if span != "" && slices.Contains(in.Show, "content-range") {
			list = append(list, []any{"content-range", span})
		}
		return list
	}
	switch len(parts) {
	case 0:
		delete(answer, "body")
		answer["status"], answer["headers"] = "416", fields(0, fmt.Sprintf("bytes */%d", len(text)))
	case 1:
		body := text[parts[0][0] : parts[0][1]+1]
		answer["status"], answer["body"] = "206", body
		answer["headers"] = fields(len(body), fmt.Sprintf("bytes %d-%d/%d", parts[0][0], parts[0][1], len(text)))
	default:
		body := ""
		for _, part := range parts {
			body += fmt.Sprintf("--BOUNDARY\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Range: bytes %d-%d/%d\r\n\r\n%s\r\n",
				part[0], part[1], len(text), text[part[0]:part[1]+1])
		}
		answer["status"], answer["body"], answer["headers"] = "206", body+"--BOUNDARY--\r\n", []any{}
	}
}

// pasteGzip is RFC 9110's negotiation.
func pasteGzip(in pasteSpec, r deployRequest, answer map[string]any) {
	media := strings.Join(HeaderValues(answer["headers"], "content-type"), "")
	own := strings.Contains(in.Files["main.ini"], "\nContent-Encoding")
	packable := (strings.HasPrefix(strings.ToLower(media), "text/") || strings.HasPrefix(strings.ToLower(media), "application/")) && !strings.Contains(media, "zip")
	shown := slices.Contains(in.Show, "content-type")
	if own || pasteStatus(answer) == "204" || shown && !packable || answer["raised"] != nil || answer["status"] == nil {
		if !own {
			answer["headers"] = DropHeader(answer["headers"], "content-encoding")
		}
		return
	}
	headers := DropHeader(answer["headers"], "content-encoding", "vary").([]any)
	accept, asked := prefixField(r, "Accept-Encoding", nil).(string)
	if asked && pasteTakesGzip(accept) {
		headers = append(headers, []any{"content-encoding", "gzip"})
	}
	if slices.Contains(in.Show, "vary") {
		headers = append(headers, []any{"vary", "Accept-Encoding"})
	}
	answer["headers"] = headers
	if r.Method == "HEAD" {
		answer["body"] = ""
	}
}

func pasteTakesGzip(accept string) bool {
	weights := map[string]float64{}
	for item := range strings.SplitSeq(strings.ToLower(accept), ",") {
		name, param, _ := strings.Cut(strings.TrimSpace(item), ";")
		weight := 1.0
		if q, ok := strings.CutPrefix(strings.TrimSpace(param), "q="); ok {
			weight, _ = strconv.ParseFloat(q, 64)
		}
		weights[strings.TrimPrefix(strings.TrimSpace(name), "x-")] = weight
	}
	gzip, named := weights["gzip"]
	if !named {
		gzip = weights["*"]
	}
	return gzip > 0 && gzip >= weights["identity"]
}

// pasteTags are the tags of filters between, which see the answer.
func pasteTags(in pasteSpec, _ deployRequest, answer map[string]any) {
	if !slices.Contains(in.Show, "x-tag") {
		return
	}
	tags := []any{}
	for _, m := range pasteTag.FindAllStringSubmatch(in.Files["main.ini"], -1) {
		tags = append([]any{[]any{"x-tag", m[1]}}, tags...)
	}
	answer["headers"] = append(DropHeader(answer["headers"], "x-tag").([]any), tags...)
}

var (
	pasteTag    = regexp.MustCompile(`(?m)^tag\s*=\s*(\S+)`)
	pasteMapped = regexp.MustCompile(`(?m)^(\d{3})\s*=\s*(/\S*)`)
	pasteSent   = regexp.MustCompile(`(?m)^to\s*=\s*(/\S*)`)
)

// pasteUnknown is a name in a format that Paste does not have.
func pasteUnknown(q Question) string {
	known := []string{"REMOTE_ADDR", "REMOTE_USER", "REQUEST_METHOD", "REQUEST_URI", "HTTP_VERSION", "time", "status", "bytes", "HTTP_REFERER", "HTTP_USER_AGENT"}
	for _, m := range pasteNamed.FindAllStringSubmatch(prefixFiles(q), -1) {
		if !slices.Contains(known, m[1]) {
			return m[1]
		}
	}
	return ""
}

var pasteNamed = regexp.MustCompile(`%%\((\w+)\)s`)

// pasteDocument is the place of an error document, whose first segment is mounted.
func pasteDocument(in pasteSpec, r deployRequest, answer map[string]any) {
	for _, m := range pasteMapped.FindAllStringSubmatch(in.Files["main.ini"], -1) {
		if m[1] != pasteStatus(answer) {
			continue
		}
		pastePlace(answer, m[2])
		answer["json"] = Edit(answer["json"], "show", func(show any) any {
			if said, ok := show.(map[string]any); ok && r.Method != "HEAD" && said["REQUEST_METHOD"] != nil {
				return With(show, "REQUEST_METHOD", "GET")
			}
			return show
		})
		if answer["json"] == nil {
			delete(answer, "json")
		}
		if text, _ := answer["body"].(string); strings.HasPrefix(text, "Error: ") {
			answer["body"] = pasteBody(in, m[2])
		}
	}
}

// pastePlace says where an app of a URL map is asked for a path.
func pastePlace(answer map[string]any, target string) {
	p, _, _ := strings.Cut(target, "?")
	if said, ok := answer["json"].(map[string]any); ok {
		first, rest, more := strings.Cut(p[1:], "/")
		said = With(said, "SCRIPT_NAME", "/"+first).(map[string]any)
		if said["PATH_INFO"] = ""; more {
			said["PATH_INFO"] = "/" + rest
		}
		answer["json"] = said
	}
}

// pasteBody is what the status app says that is mounted at a path.
func pasteBody(in pasteSpec, target string) string {
	if m := pasteSays.FindStringSubmatch(pasteAppAt(in, target)); m != nil {
		return m[1]
	}
	return ""
}

var pasteSays = regexp.MustCompile(`(?m)^body\s*=\s*(.*)$`)

// pasteForwarded is the place of a path that a request is sent on to.
func pasteForwarded(in pasteSpec, r deployRequest, answer map[string]any) {
	if answer["raised"] == "RecursionLoop" {
		delete(answer, "raised")
		answer["status"], answer["headers"], answer["page"] = "508", []any{}, true
		return
	}
	if m := pasteSent.FindStringSubmatch(pasteAppAt(in, pastePath(r))); m != nil {
		pastePlace(answer, m[1])
	}
}

// pasteUser is the name in the credentials, "" where there is none.
func pasteUser(r deployRequest) string {
	field, _ := prefixField(r, "Authorization", "").(string)
	_, text, _ := strings.Cut(field, " ")
	b, err := base64.StdEncoding.DecodeString(strings.TrimSpace(text))
	user, _, ok := strings.Cut(string(b), ":")
	if err != nil || !ok || !utf8.Valid(b) {
		return ""
	}
	return user
}

func pasteCredentials(r deployRequest) bool {
	return prefixField(r, "Authorization", "") != "" && r.Environ["REMOTE_USER"] == nil
}

var pasteRealm = regexp.MustCompile(`(?m)^realm\s*=\s*(.*)$`)

// pasteRefuse is the 401.
func pasteRefuse(in pasteSpec, answer map[string]any) {
	delete(answer, "raised")
	delete(answer, "json")
	answer["status"] = "401"
	answer["headers"] = []any{[]any{"www-authenticate", `Basic realm="` + pasteRealm.FindStringSubmatch(in.Files["main.ini"])[1] + `"`}}
}

// pasteLength is how long the answer of the app is.
func pasteLength(in pasteSpec) string {
	file := in.Files["main.ini"]
	if m := regexp.MustCompile(`(?m)^greeting\s*=\s*(.*)$`).FindStringSubmatch(file); m != nil {
		return strconv.Itoa(len(m[1]) + len(", world!"))
	}
	if m := regexp.MustCompile(`(?m)^body\s*=\s*(.*)$`).FindStringSubmatch(file); m != nil {
		return strconv.Itoa(len(m[1]))
	}
	return "0"
}

var pasteNumbers = regexp.MustCompile(`\b([1-5]\d\d) (-|\d+)( "|$)`)

// pasteBytes puts the true length into each line.
func pasteBytes(q Question, want Answer) Answer {
	in := In[pasteSpec](q)
	return Says(Edit(want.Value, "lines", func(v any) any {
		i := -1
		return EditAll(v, func(line any) any {
			i++
			length := pasteLength(in)
			if in.Requests[i].Method == "HEAD" {
				length = "0"
			}
			return pasteNumbers.ReplaceAllString(line.(string), "$1 "+length+"$3")
		})
	}))
}

// pasteLinesModel writes the lines of the usual format.
func pasteLinesModel(q Question, want Answer) Answer {
	in := In[pasteSpec](q)
	if strings.Contains(in.Files["main.ini"], "\nformat") {
		return want
	}
	status, length := "200", pasteLength(in)
	if m := regexp.MustCompile(`(?m)^(?:status|code)\s*=\s*(\d{3})`).FindStringSubmatch(in.Files["main.ini"]); m != nil {
		status = m[1]
	}
	if strings.Contains(in.Files["main.ini"], "#raising") {
		code, _ := strconv.Atoi(status)
		length = strconv.Itoa(pasteErrorLength(code))
	}
	lines := []any{}
	for _, r := range in.Requests {
		text := func(key, missing string) string {
			if s, ok := r.Environ[key].(string); ok && s != "" {
				return s
			}
			return missing
		}
		method := r.Method
		if method == "" {
			method = "GET"
		}
		n := length
		if method == "HEAD" {
			n = "0"
		}
		lines = append(lines, fmt.Sprintf(`%s - %s [@TIME@] "%s %s %s" %s %s "%v" "%v"`, text("REMOTE_ADDR", "-"), text("REMOTE_USER", "-"), method,
			text("SCRIPT_NAME", "")+r.target(), text("SERVER_PROTOCOL", "HTTP/1.0"), status, n,
			prefixField(r, "Referer", "-"), prefixField(r, "User-Agent", "-")))
	}
	return Says(map[string]any{"lines": lines})
}

// pasteErrorLength is that of the text page of a status.
func pasteErrorLength(code int) int {
	for class, title := range excTitles() {
		if excCode(class) == code {
			return len(fmt.Sprintf("%d %s\n\n%s\n", code, title.title, title.explanation))
		}
	}
	return 0
}
