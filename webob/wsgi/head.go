package wsgi

import (
	"strconv"
	"strings"
)

// parseStatus reads "200 OK": three digits, one space and a reason without
// control characters or space around it.
func parseStatus(status string) (int, *Violation) {
	digits, reason, spaced := strings.Cut(status, " ")
	code, err := strconv.ParseUint(digits, 10, 16)
	switch {
	case err != nil, len(digits) != 3, code < 100, !spaced, reason == "", strings.TrimSpace(reason) != reason, !plain(reason):
		return 0, violation(StatusForm, "%q", short(status))
	case code < 200:
		return 0, violation(StatusInformational, "%q", short(status))
	}
	return int(code), nil
}

// checkHeaders gives every breach of the rules for header fields.
func checkHeaders(headers Headers, yield func(*Violation) bool) {
	for _, h := range headers {
		if v := checkField(h[0], h[1]); v != nil && !yield(v) {
			return
		}
	}
	if _, v := contentLength(headers); v != nil {
		yield(v)
	}
}

func checkField(name, value string) *Violation {
	switch {
	case !legalName(name):
		return violation(HeaderName, "%q", short(name))
	case hopByHop(name):
		return violation(HopByHop, "%s", name)
	case !plain(value):
		return violation(HeaderValue, "%s: %q", name, short(value))
	}
	return nil
}

// legalName tells a field name that survives CGI: a token (RFC 9110 §5.6.2), not
// Status, and with neither a hyphen nor an underscore at its end.
func legalName(name string) bool {
	for i := range len(name) {
		c := name[i]
		if (c|0x20 < 'a' || c|0x20 > 'z') && (c < '0' || c > '9') && strings.IndexByte("!#$%&'*+-.^_`|~", c) < 0 {
			return false
		}
	}
	return name != "" && !strings.HasSuffix(name, "-") && !strings.HasSuffix(name, "_") && !strings.EqualFold(name, "Status")
}

// plain tells text without control characters. The PEP forbids TAB as well.
func plain(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] == 0x7F {
			return false
		}
	}
	return true
}

// hopByHop tells the fields that RFC 2616 §13.5.1 calls so, to which the PEP
// refers, and RFC 9110's Trailer.
func hopByHop(name string) bool {
	switch len(name) {
	case len("TE"), len("Upgrade"), len("Trailers"), len("Connection"), len("Transfer-Encoding"), len("Proxy-Authenticate"), len("Proxy-Authorization"):
	default:
		return false // Trailer is as long as Upgrade, Keep-Alive as Connection
	}
	switch strings.ToLower(name) {
	case "connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "te", "trailer", "trailers", "transfer-encoding", "upgrade":
		return true
	}
	return false
}

// contentLength is what Content-Length says, or -1.
func contentLength(headers Headers) (int64, *Violation) {
	length, found := int64(-1), false
	for _, h := range headers {
		if !strings.EqualFold(h[0], "Content-Length") {
			continue
		}
		n, err := strconv.ParseUint(h[1], 10, 63)
		if err != nil || found {
			return -1, violation(LengthForm, "%q", short(h[1]))
		}
		length, found = int64(n), true
	}
	return length, nil
}

// bodyless tells the answers that have no body whatever the application yields.
func bodyless(method string, status int) bool {
	return method == "HEAD" || status == 204 || status == 304
}
