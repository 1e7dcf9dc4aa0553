package conformance

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

func clientRules() []Rule {
	always := func(Question) bool { return true }
	return []Rule{
		RequestsAreNetHTTP.On(func(q Question) bool {
			without := In[clientIn](q).Request.Without
			return slices.ContainsFunc(without, func(key string) bool {
				return slices.Contains([]string{"SERVER_PORT", "REQUEST_METHOD", "wsgi.url_scheme"}, key)
			}) || slices.Contains(without, "SERVER_NAME") && slices.Contains(without, "HTTP_HOST")
		}, func(q Question, _ Answer) Answer { return clientModel(q) }),
		PagesOfToday.On(always, func(q Question, want Answer) Answer {
			object, _ := want.Value.(map[string]any)
			status, _ := object["status"].(string)
			if !strings.HasPrefix(status, "502 ") && !strings.HasPrefix(status, "504 ") || In[clientIn](q).Server.Reply != nil {
				return want
			}
			body := FoldBody(object["body"])
			body = Edit(body, "message", func(text any) any { // no HTML in JSON, see PagesOfToday
				return FoldSpace(strings.ReplaceAll(text.(string), "<br />", ""))
			})
			if _, isText := body.(string); !isText {
				body = jsonText(body)
			}
			want = Says(With(want.Value, "body", body))
			return Says(Edit(want.Value, "headers", func(h any) any { return SetHeader(h, "Vary", "Accept") }))
		}),
		LengthsAreTrue.On(clientCut, func(Question, Answer) Answer { return Refused }),
		{
			Name:    "what is no HTTP is a 502",
			Reason:  "WebOb fails, or takes what it can read of it. Network errors of any kind are a 502 as well.",
			Applies: func(q Question) bool { return clientBroken(In[clientIn](q)) },
			Answer:  func(q Question, _ Answer) Answer { return clientModel(q) },
		},
		{
			Name: "hop-by-hop fields stay behind",
			Reason: "RFC 9110 section 7.6.1: Connection and what it names, Keep-Alive, Proxy-*, TE, Trailer and Upgrade are not passed " +
				"on, in either direction; TE: trailers is sent anew, as trailers are passed on. What an answer names beside close cannot " +
				"be known, as net/http takes such a Connection away.",
			Applies: func(q Question) bool {
				in := In[clientIn](q)
				return len(clientHops(in.Request.Headers)) > 0 || in.Server.Reply != nil && len(clientHops(clientReply(*in.Server.Reply).headers)) > 0
			},
			Answer: func(q Question, _ Answer) Answer { return clientModel(q) },
		},
		{
			Name: "path and query are sent as they came",
			Reason: "WebOb decodes and encodes a path again, so that %2F becomes a slash, and writes bytes that are no ASCII twice or " +
				"fails. What is no character of a path, or no ASCII in a query, is escaped, all else stays.",
			Applies: func(q Question) bool { return In[clientIn](q).Server.Reply != nil },
			Answer: func(q Question, want Answer) Answer {
				if want.Refused && clientWide.MatchString(clientTarget(In[clientIn](q))) {
					return clientModel(q)
				}
				if want.Refused {
					return want
				}
				return Says(Edit(want.Value, "seen", func(seen any) any { return With(seen, "line", clientLine(In[clientIn](q))) }))
			},
		},
		{
			Name:   "folded lines are joined with a space",
			Reason: "RFC 9112 section 5.2. WebOb puts a comma there, which makes a list of a text.",
			Applies: func(q Question) bool {
				in := In[clientIn](q)
				return in.Server.Reply != nil && clientFolded.MatchString(*in.Server.Reply)
			},
			Answer: func(q Question, _ Answer) Answer { return clientModel(q) },
		},
	}
}

// clientMessage is an answer taken apart.
type clientMessage struct {
	status  string
	headers [][2]string
	body    string
	broken  bool // no HTTP
	cut     bool
}

var (
	clientFolded = regexp.MustCompile(`\r\n[ \t]+`)
	clientStatus = regexp.MustCompile(`^HTTP/1\.[01] ([1-9][0-9][0-9])( .*)?$`)
	clientField  = regexp.MustCompile("^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*(.*?)[ \t]*$")
	clientWide   = regexp.MustCompile(`[\x{80}-\x{ff}]`)
	clientDigits = regexp.MustCompile(`^[0-9]+$`)
)

// clientReply reads an answer, the interim ones before it left out.
func clientReply(reply string) clientMessage {
	head, body, whole := strings.Cut(reply, "\r\n\r\n")
	if !whole {
		return clientMessage{broken: true}
	}
	lines := strings.Split(clientFolded.ReplaceAllString(head, " "), "\r\n")
	status := clientStatus.FindStringSubmatch(lines[0])
	if status == nil {
		return clientMessage{broken: true}
	}
	if status[1][0] == '1' {
		return clientReply(body)
	}
	m := clientMessage{status: status[1], body: body}
	length, chunked := "", false
	for _, line := range lines[1:] {
		field := clientField.FindStringSubmatch(line)
		if field == nil {
			return clientMessage{broken: true}
		}
		switch strings.ToLower(field[1]) {
		case "content-length":
			if !clientDigits.MatchString(field[2]) || length != "" && length != field[2] {
				return clientMessage{broken: true}
			}
			if length != "" {
				continue
			}
			length = field[2]
		case "transfer-encoding":
			chunked = true
			continue
		}
		m.headers = append(m.headers, [2]string{field[1], field[2]})
	}
	switch n, err := strconv.Atoi(length); {
	case chunked:
		m.body, m.cut = clientChunks(body)
	case length == "":
	case err != nil:
		m.broken = true
	default:
		m.cut = len([]rune(body)) < n
		m.body = string([]rune(body)[:min(n, len([]rune(body)))])
	}
	return m
}

func clientChunks(s string) (body string, cut bool) {
	for {
		line, rest, ok := strings.Cut(s, "\r\n")
		line, _, _ = strings.Cut(line, ";")
		n, err := strconv.ParseInt(strings.TrimSpace(line), 16, 32)
		if !ok || err != nil || int64(len(rest)) < n+2 {
			return body, true
		}
		if n == 0 {
			return body, false
		}
		body, s = body+rest[:n], rest[n+2:]
	}
}

func clientBroken(in clientIn) bool {
	if in.Server.Fails != "" {
		return in.Server.Fails == "reset" || in.Server.Fails == "unreachable"
	}
	return in.Server.Reply != nil && clientReply(*in.Server.Reply).broken
}

func clientCut(q Question) bool {
	in := In[clientIn](q)
	if in.Server.Reply == nil || in.Request.Method == "HEAD" {
		return false
	}
	m := clientReply(*in.Server.Reply)
	return !m.broken && m.cut && m.status != "204" && m.status != "304"
}

// clientHops are the names, in lower case, of the fields that stay behind.
func clientHops(headers [][2]string) (names []string) {
	hops := []string{"connection", "proxy-connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "te", "trailer",
		"transfer-encoding", "upgrade"}
	for _, h := range headers {
		name := strings.ToLower(h[0])
		if slices.Contains(hops, name) {
			names = append(names, name)
		}
		if name == "connection" {
			for named := range strings.SplitSeq(h[1], ",") {
				names = append(names, strings.ToLower(strings.TrimSpace(named)))
			}
		}
	}
	return names
}

func clientWithout(headers [][2]string, names []string) [][2]string {
	return slices.DeleteFunc(slices.Clone(headers), func(h [2]string) bool { return slices.Contains(names, strings.ToLower(h[0])) })
}

// clientModel is what a client ought to send, and to make of the answer.
func clientModel(q Question) Answer {
	in := In[clientIn](q)
	if in.Server.Reply == nil {
		return clientBadGateway(in, nil)
	}
	m := clientReply(*in.Server.Reply)
	seen := clientSees(in)
	if m.broken {
		return clientBadGateway(in, seen)
	}
	hops := clientHops(m.headers)
	if slices.Contains(hops, "close") { // net/http takes the line away
		hops = clientHops(slices.DeleteFunc(slices.Clone(m.headers), func(h [2]string) bool { return strings.EqualFold(h[0], "Connection") }))
		hops = append(hops, "connection")
	}
	if in.Request.Method == "HEAD" {
		m.body = ""
	}
	return Says(map[string]any{"status": m.status, "headers": append([][2]string{}, clientWithout(m.headers, hops)...), "body": m.body, "seen": seen})
}

func clientBadGateway(in clientIn, seen any) Answer {
	for _, h := range in.Request.Headers {
		if strings.EqualFold(h[0], "Accept") {
			panic("a page by Accept: " + h[1])
		}
	}
	return Says(map[string]any{
		"status": "502", "seen": seen, "body": "502 Bad Gateway\n\nBad gateway.",
		"headers": [][2]string{{"Content-Type", "text/plain; charset=utf-8"}, {"Vary", "Accept"}},
	})
}

// clientSees is the request as it goes out.
func clientSees(in clientIn) any {
	headers := [][2]string{}
	host := "127.0.0.1:PORT"
	for _, h := range in.Request.Headers {
		if strings.EqualFold(h[0], "Host") {
			host = h[1]
			continue
		}
		headers = append(headers, h)
	}
	if slices.Contains(in.Request.Without, "HTTP_HOST") && slices.Contains(in.Request.Without, "SERVER_NAME") {
		host = "localhost:PORT"
	}
	headers = clientWithout(headers, clientHops(headers))
	for _, h := range in.Request.Headers {
		if strings.EqualFold(h[0], "TE") && strings.Contains(strings.ToLower(h[1]), "trailers") {
			headers = append(headers, [2]string{"TE", "trailers"})
		}
	}
	headers = append(headers, [2]string{"Host", host})
	body := ""
	if in.Request.Body != nil && *in.Request.Body != "" {
		body = *in.Request.Body
		headers = append(headers, [2]string{"Content-Length", fmt.Sprint(len([]rune(body)))})
	}
	return map[string]any{"line": clientLine(in), "headers": headers, "body": body}
}

// clientTarget are path and query, in latin-1, as they are given.
func clientTarget(in clientIn) string {
	target := in.Request.Path
	for _, key := range []string{"SCRIPT_NAME", "PATH_INFO", "QUERY_STRING"} {
		s, _ := in.Request.Environ[key].(string)
		target += s
	}
	return target
}

// clientLine is the request line.
func clientLine(in clientIn) string {
	method := in.Request.Method
	if method == "" {
		method = "GET"
	}
	target, query, _ := strings.Cut(Raw(in.Request.Path), "?")
	script, _ := in.Request.Environ["SCRIPT_NAME"].(string)
	target = clientEscape(target, true)
	if info, ok := in.Request.Environ["PATH_INFO"].(string); ok {
		target = clientEscape(Raw(info), false)
	}
	if q, ok := in.Request.Environ["QUERY_STRING"].(string); ok {
		query = Raw(q)
	}
	target = clientEscape(Raw(script), false) + target
	if !strings.HasPrefix(target, "/") {
		target = "/" + target
	}
	if query != "" {
		target += "?" + clientWide.ReplaceAllStringFunc(Latin(query), func(s string) string { return fmt.Sprintf("%%%02X", []rune(s)[0]) })
	}
	return method + " " + target + " HTTP/1.1"
}

// clientEscape writes a path; escapes stay where it is one that has them.
func clientEscape(s string, escaped bool) string {
	const plain = "/-._~!$&'()*+,;=:@"
	var b strings.Builder
	for i := range len(s) {
		c := s[i]
		letter := c|0x20 >= 'a' && c|0x20 <= 'z' || c >= '0' && c <= '9'
		if letter || strings.IndexByte(plain, c) >= 0 || c == '%' && escaped && staticEscape.MatchString(s[i:min(i+3, len(s))]) {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}
