package wsgi

import "fmt"

// Rule is a rule of PEP 3333 that can be broken. It is an error, so that
// errors.Is finds it in a Violation:
//
//	if errors.Is(err, wsgi.HopByHop) { ... }
type Rule uint8

// The rules. Handler enforces those from StartMissing to LengthShort; Lint reports all.
const (
	_                   Rule = iota
	StartMissing             // start is called before the first chunk, and always
	StartTwice               // start is called again only with excInfo
	StatusForm               // the status is "999 Message"
	StatusInformational      // 1xx is the server's affair
	HeaderName               // a name is a token, not Status, and ends in neither - nor _
	HeaderValue              // a value has no control characters
	HopByHop                 // hop-by-hop fields are the server's
	LengthForm               // Content-Length is one number
	LengthOver               // no more bytes than Content-Length says
	LengthShort              // no fewer either
	NoIterable               // the application returns an iterable
	AfterEnd                 // start and write are not called when the answer has ended
	WriteInIterable          // write is called before the iterable is returned only
	WriteUnsent              // an error of write ends the answer
	ErrorIgnored             // after start has returned excInfo the application stops
	YieldAfterStop           // an iterator that is stopped yields nothing more
	InputClosed              // wsgi.input is not closed by the application
	EnvironMissing           // the environ has all keys that are required
	EnvironType              // and all of the right type
	EnvironValue             // and form
	IterateTwice             // the server runs the iterable once
	NotClosed                // the server runs or closes the iterable
)

var ruleTexts = [...]struct{ section, text string }{
	StartMissing:        {"The start_response() Callable", "start is called before the first chunk"},
	StartTwice:          {"The start_response() Callable", "start is called again only with an error"},
	StatusForm:          {"The start_response() Callable", "the status is three digits, a space and a reason"},
	StatusInformational: {"HTTP 1.1 Expect/Continue", "informational answers are the server's"},
	HeaderName:          {"The start_response() Callable", "a header name is a legal field name"},
	HeaderValue:         {"The start_response() Callable", "a header value has no control characters"},
	HopByHop:            {"Other HTTP Features", "hop-by-hop fields are the server's"},
	LengthForm:          {"Handling the Content-Length Header", "Content-Length is one number"},
	LengthOver:          {"Handling the Content-Length Header", "the body is not longer than Content-Length"},
	LengthShort:         {"Handling the Content-Length Header", "the body is not shorter than Content-Length"},
	NoIterable:          {"The Application/Framework Side", "the application returns an iterable"},
	AfterEnd:            {"Specification Details", "nothing is sent after the answer has ended"},
	WriteInIterable:     {"The write() Callable", "write is not called from within the iterable"},
	WriteUnsent:         {"Error Handling", "an error of write ends the answer"},
	ErrorIgnored:        {"Error Handling", "after start has returned the error the application stops"},
	YieldAfterStop:      {"Specification Details", "an iterator that is stopped yields nothing more"},
	InputClosed:         {"Input and Error Streams", "wsgi.input is not closed by the application"},
	EnvironMissing:      {"environ Variables", "the environ has all keys that are required"},
	EnvironType:         {"environ Variables", "each key of the environ has its type"},
	EnvironValue:        {"environ Variables", "each key of the environ has its form"},
	IterateTwice:        {"The Server/Gateway Side", "the iterable is run once"},
	NotClosed:           {"Specification Details", "the iterable is run, or closed, before the request ends"},
}

// Section is the title of the section of PEP 3333 that the rule stands in, "" for
// no rule.
func (r Rule) Section() string {
	if int(r) >= len(ruleTexts) {
		return ""
	}
	return ruleTexts[r].section
}

// Error is the rule in words.
func (r Rule) Error() string {
	if r.Section() == "" {
		return fmt.Sprintf("wsgi: rule %d", uint8(r))
	}
	return ruleTexts[r].text
}

// Violation is one breach of the PEP.
type Violation struct {
	Rule   Rule
	Detail string // what was found
}

// Error gives the section, the rule and what was found.
func (v *Violation) Error() string {
	s := fmt.Sprintf("wsgi: PEP 3333, %q: %s", v.Rule.Section(), v.Rule.Error())
	if v.Detail != "" {
		s += ": " + v.Detail
	}
	return s
}

// Unwrap is the rule, for errors.Is.
func (v *Violation) Unwrap() error { return v.Rule }

func violation(rule Rule, format string, args ...any) *Violation {
	return &Violation{rule, fmt.Sprintf(format, args...)}
}

// short keeps what a program said within the bounds of a log line.
func short(s string) string {
	if len(s) > 60 {
		return s[:60] + "..."
	}
	return s
}
