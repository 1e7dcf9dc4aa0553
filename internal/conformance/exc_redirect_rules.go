package conformance

import (
	"fmt"
	"html"
	"net/url"
	"regexp"
	"strconv"
	"strings"
)

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
	answer = Edit(answer, "headers", func(h any) any { return DropHeader(h, append(p.fields(), "Location")...) })
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

// fields are the names of header fields that were given for the page.
func (p excPage) fields() (names []string) {
	list, _ := p.Kw["headers"].([]any)
	for _, item := range list {
		name, _, _ := pair(item)
		names = append(names, name)
	}
	return names
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
