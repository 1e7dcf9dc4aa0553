package wsgi

import (
	"io"
	"iter"
	"strconv"
	"strings"

	"github.com/gowebob/gowebob/webob"
)

// requiredKeys are those that must be there, of CGI and of the PEP's own table.
var requiredKeys = [...]string{
	"REQUEST_METHOD", "SERVER_NAME", "SERVER_PORT", "SERVER_PROTOCOL",
	"wsgi.version", "wsgi.url_scheme", "wsgi.input", "wsgi.errors",
	"wsgi.multithread", "wsgi.multiprocess", "wsgi.run_once",
}

// checkEnviron gives every breach of the section "environ Variables".
func checkEnviron(env webob.Environ) iter.Seq[*Violation] {
	return func(yield func(*Violation) bool) {
		for _, key := range requiredKeys {
			if !env.Has(key) && !yield(violation(EnvironMissing, "%s", key)) {
				return
			}
		}
		for key, value := range env.All() {
			if v := checkKey(env, key, value); v != nil && !yield(v) {
				return
			}
		}
		if pathless(env) {
			yield(violation(EnvironMissing, "both SCRIPT_NAME and PATH_INFO"))
		}
	}
}

// pathless tells an environ that says of no path at all, which only a request
// without one may have.
func pathless(env webob.Environ) bool {
	if env.Has("SCRIPT_NAME") || env.Has("PATH_INFO") {
		return false
	}
	method := env.String("REQUEST_METHOD")
	return method != "OPTIONS" && method != "CONNECT"
}

// checkKey looks at one key. Names with a dot are the application's or the
// server's own, and of any type.
func checkKey(env webob.Environ, key string, value any) *Violation {
	if key == "HTTP_CONTENT_TYPE" || key == "HTTP_CONTENT_LENGTH" {
		return violation(EnvironValue, "%s instead of %s", key, key[len("HTTP_"):])
	}
	ok := true
	switch key {
	case "wsgi.version":
		_, ok = value.([2]int)
	case "wsgi.input":
		_, ok = value.(io.Reader)
	case "wsgi.errors":
		_, ok = value.(io.Writer)
	case "wsgi.multithread", "wsgi.multiprocess", "wsgi.run_once":
		_, ok = value.(bool)
	default:
		if strings.Contains(key, ".") && key != "wsgi.url_scheme" {
			return nil
		}
		text, isText := value.(string)
		if isText && !legalVariable(env, key, text) {
			return violation(EnvironValue, "%s is %q", key, short(text))
		}
		ok = isText
	}
	if !ok {
		return violation(EnvironType, "%s is a %T", key, value)
	}
	return nil
}

func legalVariable(env webob.Environ, key, s string) bool {
	switch key {
	case "SCRIPT_NAME":
		return strings.HasPrefix(s, "/") && s != "/"
	case "PATH_INFO":
		return strings.HasPrefix(s, "/")
	case "CONTENT_LENGTH":
		_, err := strconv.ParseUint(s, 10, 63)
		return err == nil
	case "SERVER_PORT":
		_, err := strconv.ParseUint(s, 10, 16)
		return err == nil
	case "wsgi.url_scheme":
		return s == "http" || s == "https"
	}
	return true
}
