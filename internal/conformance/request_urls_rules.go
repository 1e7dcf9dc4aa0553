package conformance

import (
	"net"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

var requestUrlsRefused = map[string]any{"err": "refused"}

var requestUrlsHostForm = regexp.MustCompile(`^([A-Za-z0-9._~-]+|\[([0-9A-Fa-f:.]+)\])(:([0-9]{1,5}))?$`)

// requestUrlsIsHost is host[:port], checked in another way than the library does.
func requestUrlsIsHost(s string) bool {
	m := requestUrlsHostForm.FindStringSubmatch(s)
	if m == nil {
		return false
	}
	port, _ := strconv.Atoi(m[4])
	return port <= 65535 && (m[2] == "" || strings.Contains(m[2], ":") && net.ParseIP(m[2]) != nil)
}

// requestUrlsEnv is the environ of a question; a missing key is "".
func requestUrlsEnv(q Question) map[string]string {
	env := map[string]string{}
	for key, v := range In[requestUrlsIn](q).Environ {
		if s, ok := v.(string); ok {
			env[key] = s
		}
	}
	return env
}

// requestUrlsBase is scheme and host for a URL, of an environ that has both.
func requestUrlsBase(env map[string]any) string {
	scheme, _ := env["wsgi.url_scheme"].(string)
	host, ok := env["HTTP_HOST"].(string)
	if !ok {
		name, _ := env["SERVER_NAME"].(string)
		port, _ := env["SERVER_PORT"].(string)
		host = name + ":" + port
	}
	usual := map[string]string{"http": ":80", "https": ":443"}[scheme]
	return scheme + "://" + strings.TrimSuffix(host, usual)
}

// requestUrlsSlash puts the slash between host and path.
func requestUrlsSlash(base string, v any) any {
	s, ok := v.(string)
	rest, found := strings.CutPrefix(s, base)
	if !ok || !found || rest == "" || strings.ContainsAny(rest[:1], "/?") {
		return v
	}
	return base + "/" + rest
}

// requestUrlsGlued tells an environ whose path would run into the host.
func requestUrlsGlued(env map[string]string) bool {
	path := env["SCRIPT_NAME"] + env["PATH_INFO"]
	return path != "" && path[0] != '/'
}

var requestUrlsApart = ReadOneWay.On(
	func(q Question) bool {
		switch q.Op {
		case "request_urls.read":
			return requestUrlsGlued(requestUrlsEnv(q))
		case "request_urls.assign":
			for _, step := range In[requestUrlsIn](q).Steps {
				if s, ok := step[len(step)-1].(string); ok && (step[1] == "script_name" || step[1] == "path_info") && !strings.HasPrefix(s, "/") {
					return true
				}
			}
			return requestUrlsGlued(requestUrlsEnv(q))
		case "request_urls.relative":
			return requestUrlsGlued(requestUrlsEnv(q))
		}
		return false
	},
	func(q Question, want Answer) Answer {
		switch q.Op {
		case "request_urls.assign":
			return Says(requestUrlsApartURL(want.Value))
		case "request_urls.relative":
			return requestUrlsApartRelative(q, want)
		}
		v := want.Value
		base, _ := v.(map[string]any)["host_url"].(string)
		for _, name := range []string{"application_url", "path_url", "url"} {
			v = Edit(v, name, func(v any) any { return requestUrlsSlash(base, v) })
		}
		return Says(v)
	})

// requestUrlsApartURL is the house rule for an answer with an environ and the URL
// made of it.
func requestUrlsApartURL(v any) any {
	env, _ := v.(map[string]any)["environ"].(map[string]any)
	return Edit(v, "url", func(v any) any {
		if host, ok := env["HTTP_HOST"].(string); ok && !requestUrlsIsHost(host) {
			return requestUrlsRefused
		}
		return requestUrlsSlash(requestUrlsBase(env), v)
	})
}

// requestUrlsApartRelative resolves against the path with its slash.
func requestUrlsApartRelative(q Question, want Answer) Answer {
	in := In[requestUrlsIn](q)
	path := requestUrlsEnv(q)["SCRIPT_NAME"]
	if !in.ToApplication {
		path += requestUrlsEnv(q)["PATH_INFO"]
	} else if !strings.HasSuffix(path, "/") {
		path += "/"
	}
	base, err := url.Parse(requestUrlsBase(in.Environ))
	if err != nil {
		return want
	}
	base.Path = "/" + strings.TrimPrefix(path, "/")
	ref, err := url.Parse(in.URL)
	if err != nil {
		return want
	}
	return Says(base.ResolveReference(ref).String())
}

// requestUrlsRefuse refuses some attributes.
func requestUrlsRefuse(want Answer, names ...string) Answer {
	v := want.Value
	for _, name := range names {
		v = With(v, name, requestUrlsRefused)
	}
	return Says(v)
}

var requestUrlsOfHost = []string{"host", "host_port", "host_url", "domain", "application_url", "path_url", "url"}

var requestUrlsBadHost = Rule{
	Name: "a Host that is none is refused",
	Reason: "Everything that is not host[:port] (spaces, @, /, a second colon, commas, an empty port) is refused with 400 by " +
		"CheckHost before a URL is built of it; an empty Host counts as none, and the server's name stands in.",
	Applies: ForOps(func(q Question) bool {
		host, ok := In[requestUrlsIn](q).Environ["HTTP_HOST"].(string)
		return ok && !requestUrlsIsHost(host)
	}, "request_urls.read"),
	Answer: func(q Question, want Answer) Answer {
		env := In[requestUrlsIn](q).Environ
		if env["HTTP_HOST"] != "" {
			return requestUrlsRefuse(want, requestUrlsOfHost...)
		}
		env = Without(any(env), "HTTP_HOST").(map[string]any)
		return requestUrlsAddressed(want, env)
	},
}

// requestUrlsAddressed works the host attributes out anew, for a server name and
// port and no Host.
func requestUrlsAddressed(want Answer, env map[string]any) Answer {
	v, base := want.Value, requestUrlsBase(env)
	members, _ := v.(map[string]any)
	path, _ := members["path"].(string)
	pathQS, _ := members["path_qs"].(string)
	script, _ := members["script_name"].(string)
	port, _ := strconv.Atoi(env["SERVER_PORT"].(string))
	name := env["SERVER_NAME"].(string)
	host, ok := env["HTTP_HOST"].(string)
	domain, hostPort := name, env["SERVER_PORT"]
	if ok {
		m := requestUrlsHostForm.FindStringSubmatch(host)
		domain, hostPort = m[1], m[4]
		if m[4] == "" {
			hostPort = map[string]string{"https": "443"}[env["wsgi.url_scheme"].(string)]
			if hostPort == "" {
				hostPort = "80"
			}
		}
	} else {
		host = name + ":" + env["SERVER_PORT"].(string)
	}
	for member, value := range map[string]any{
		"host": host, "host_port": hostPort, "domain": domain, "host_url": base,
		"application_url": base + (&url.URL{Path: script}).EscapedPath(), "path_url": base + path, "url": base + pathQS,
		"scheme": env["wsgi.url_scheme"], "server_name": name, "server_port": port,
	} {
		v = With(v, member, value)
	}
	return Says(v)
}

var requestUrlsBrackets = Rule{
	Name:   "a bare IPv6 SERVER_NAME gets its brackets",
	Reason: "RFC 3986 section 3.2.2 wants an IPv6 address in brackets; without them the URL is invalid.",
	Applies: ForOps(func(q Question) bool {
		env := requestUrlsEnv(q)
		return env["HTTP_HOST"] == "" && net.ParseIP(env["SERVER_NAME"]) != nil && strings.Contains(env["SERVER_NAME"], ":")
	}, "request_urls.read"),
	Answer: func(q Question, want Answer) Answer {
		v, name := want.Value, requestUrlsEnv(q)["SERVER_NAME"]
		for _, member := range []string{"host", "domain", "host_url", "application_url", "path_url", "url"} {
			v = Edit(v, member, func(v any) any { return strings.Replace(v.(string), name, "["+name+"]", 1) })
		}
		return Says(v)
	},
}

var requestUrlsDigits = regexp.MustCompile(`^[0-9]{1,5}$`)

var requestUrlsBadPort = Rule{
	Name:   "a port is digits",
	Reason: "WebOb reads SERVER_PORT with int(), which takes signs and spaces, and puts any text into URLs. Environ.Set takes digits alone.",
	Applies: ForOps(func(q Question) bool {
		port := requestUrlsEnv(q)["SERVER_PORT"]
		return port != "" && !requestUrlsDigits.MatchString(port)
	}, "request_urls.read"),
	Answer: func(Question, Answer) Answer { return Refused },
}

var requestUrlsMissing = RequestsAreNetHTTP.On(
	ForOps(func(q Question) bool {
		if q.Op == "request_urls.assign" {
			return slices.ContainsFunc(In[requestUrlsIn](q).Steps, func(s []any) bool { return s[0] == "del" && s[1] == "method" })
		}
		env := requestUrlsEnv(q)
		return env["SERVER_NAME"] == "" || env["SERVER_PORT"] == "" || env["wsgi.url_scheme"] == "" || env["SERVER_PROTOCOL"] == "" ||
			env["REQUEST_METHOD"] == ""
	}, "request_urls.read", "request_urls.assign"),
	func(q Question, want Answer) Answer {
		if q.Op == "request_urls.assign" {
			return Says(Edit(want.Value, "environ", func(v any) any {
				if v.(map[string]any)["REQUEST_METHOD"] == nil {
					return With(v, "REQUEST_METHOD", "GET")
				}
				return v
			}))
		}
		if requestUrlsEnv(q)["REQUEST_METHOD"] == "" {
			want = Says(With(want.Value, "method", "GET"))
		}
		env := map[string]any{"wsgi.url_scheme": "http", "SERVER_NAME": "localhost", "SERVER_PORT": "80"}
		if requestUrlsEnv(q)["wsgi.url_scheme"] == "https" {
			env["SERVER_PORT"] = "443"
		}
		if m := requestUrlsHostForm.FindStringSubmatch(requestUrlsEnv(q)["HTTP_HOST"]); m != nil {
			env["SERVER_NAME"] = m[1]
			if m[4] != "" {
				env["SERVER_PORT"] = m[4]
			}
		}
		for key, v := range In[requestUrlsIn](q).Environ {
			if v != "" {
				env[key] = v
			}
		}
		protocol := requestUrlsEnv(q)["SERVER_PROTOCOL"]
		return requestUrlsAddressed(Says(With(want.Value, "http_version", protocol)), env)
	})

var requestUrlsBadPath = Rule{
	Name: "a path that is no text is refused",
	Reason: "WebOb fails while reading it, or decodes it by another character set chosen per request. Paths are UTF-8 (RFC 3986 " +
		"section 2.5): CheckPath refuses anything else with 400; the lenient readers give U+FFFD.",
	Applies: ForOps(func(q Question) bool {
		env := requestUrlsEnv(q)
		path := Raw(env["SCRIPT_NAME"]) + "/" + Raw(env["PATH_INFO"])
		return !utf8.ValidString(path)
	}, "request_urls.read"),
	Answer: func(_ Question, want Answer) Answer {
		return requestUrlsRefuse(want, "path", "path_qs", "script_name", "path_info", "application_url", "path_url", "url")
	},
}

var requestUrlsPeer = Rule{
	Name: "the client is the peer",
	Reason: "Anybody can send X-Forwarded-For. ClientAddr is the address of the connection unless the proxies to trust are named, " +
		"and then the last entries count, not the first.",
	Applies: ForOps(func(q Question) bool {
		_, ok := In[requestUrlsIn](q).Environ["HTTP_X_FORWARDED_FOR"]
		return ok
	}, "request_urls.read"),
	Answer: func(q Question, want Answer) Answer {
		return Says(With(want.Value, "client_addr", In[requestUrlsIn](q).Environ["REMOTE_ADDR"]))
	},
}

var requestUrlsSameSchemeForm = regexp.MustCompile(`(?i)^https?:($|[^/]|/$|/[^/]|///|//$)`)

var requestUrlsSameScheme = Rule{
	Name: "a reference is resolved by RFC 3986",
	Reason: "Section 5.2.2 (strict): http:g stays as it is, even where the base is http as well; browsers differ on it. An empty " +
		"segment is a segment, Python makes one slash of several.",
	Applies: ForOps(func(q Question) bool {
		return requestUrlsSameSchemeForm.MatchString(In[requestUrlsIn](q).URL) || strings.Contains(requestUrlsBasePath(q), "//")
	}, "request_urls.relative"),
	Answer: func(q Question, want Answer) Answer {
		in := In[requestUrlsIn](q)
		if requestUrlsSameSchemeForm.MatchString(in.URL) {
			return Says(in.URL)
		}
		base, err := url.Parse(requestUrlsBase(in.Environ) + requestBlankQuote(Raw(requestUrlsBasePath(q))))
		if err != nil {
			panic(err)
		}
		return Says(requestUrlsPlainRef(base, in.URL))
	},
}

// requestUrlsBasePath is the path that a reference is resolved against.
func requestUrlsBasePath(q Question) string {
	env := requestUrlsEnv(q)
	if !In[requestUrlsIn](q).ToApplication {
		return env["SCRIPT_NAME"] + env["PATH_INFO"]
	}
	return strings.TrimSuffix(env["SCRIPT_NAME"], "/") + "/"
}

// requestUrlsPlainRef resolves a reference by the steps of section 5.2, read
// literally; it knows neither user information nor a base with a query.
func requestUrlsPlainRef(base *url.URL, ref string) string {
	if requestBlankScheme.MatchString(ref) {
		return ref
	}
	if strings.HasPrefix(ref, "//") {
		return base.Scheme + ":" + ref
	}
	head := base.Scheme + "://" + base.Host
	path := requestUrlsRefPath.FindString(ref)
	rest := ref[len(path):]
	if path == "" {
		return head + base.EscapedPath() + rest
	}
	if path[0] != '/' {
		path = base.EscapedPath()[:strings.LastIndex(base.EscapedPath(), "/")+1] + path
	}
	var out []string
	segments := strings.Split(path[1:], "/")
	for i, segment := range segments {
		dots := segment == "." || segment == ".."
		if segment == ".." && len(out) > 0 {
			out = out[:len(out)-1]
		}
		if !dots {
			out = append(out, segment)
		} else if i == len(segments)-1 {
			out = append(out, "")
		}
	}
	return head + "/" + strings.Join(out, "/") + rest
}

var requestUrlsRefPath = regexp.MustCompile(`^[^?#]*`)

var requestUrlsAmbiguousForm = regexp.MustCompile(`[\x00-\x1f\x7f]|^ | $|^(\\[\\/]|/\\)|^([A-Za-z][A-Za-z0-9+.-]*:)?//[^/?#]*\\`)

var requestUrlsAmbiguous = Rule{
	Name: "a reference that readers take for different places is refused",
	Reason: "Browsers drop control characters and outer spaces and read a backslash as a slash, so that /<tab>/host and /\\host lead " +
		"to another host. RelativeURL refuses them.",
	Applies: ForOps(func(q Question) bool { return requestUrlsAmbiguousForm.MatchString(In[requestUrlsIn](q).URL) }, "request_urls.relative"),
	Answer:  func(Question, Answer) Answer { return Refused },
}
