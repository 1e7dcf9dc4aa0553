package exc

import (
	"fmt"
	"net/http"
	"sync/atomic"
)

// kind is what a sentinel and all its copies have in common.
type kind struct {
	status      int
	title       string
	explanation string
	template    *bodyTemplate
	sentinel    *Error
	ready       [standardFormats]atomic.Pointer[string] // pages without a detail
}

// sentinels are all by status, filled while the variables below are made.
var sentinels [600]*Error

func status(code int, title, explanation string) *Error {
	return withTemplate(code, title, explanation, pageTemplate)
}

func withTemplate(code int, title, explanation string, t *bodyTemplate) *Error {
	k := &kind{status: code, title: title, explanation: explanation, template: t}
	k.sentinel = &Error{kind: k}
	sentinels[code] = k.sentinel
	return k.sentinel
}

// empty says whether answers of this status have no body.
func (k *kind) empty() bool {
	return k.status == http.StatusNoContent || k.status == http.StatusResetContent || k.status == http.StatusNotModified
}

// New makes a sentinel for a status that has none here, or for one of a protocol
// over HTTP. It belongs into a package variable. errors.Is matches it for every
// error of that status. A status outside 200 to 599 is a fault: the answer is a 500
// whose Err says so.
func New(status int, title, explanation string) *Error {
	k := &kind{status: status, title: title, explanation: explanation, template: pageTemplate}
	k.sentinel = &Error{kind: k}
	if status < 200 || status > 599 {
		k.sentinel.more = &more{fault: fmt.Errorf("exc: %d is no status of an answer", status)}
	}
	return k.sentinel
}

// ofStatus is the sentinel of a status, or one made for it.
func ofStatus(code int) *Error {
	if e, ok := ForStatus(code); ok {
		return e
	}
	explanation := serverFault
	if ClientError.MatchesStatus(code) {
		explanation = clientFault
	}
	return New(code, http.StatusText(code), explanation)
}

func redirection(code int, title, explanation string) *Error {
	return withTemplate(code, title, explanation, moveTemplate)
}

// ForStatus is the sentinel of a status code, and false where there is none.
// WebOb: status_map.
func ForStatus(code int) (*Error, bool) {
	if code < 0 || code >= len(sentinels) || sentinels[code] == nil {
		return nil, false
	}
	return sentinels[code], true
}

// Sentinels for answers that are no errors, RFC 9110 §15.3. Returned as a value
// or mounted on a mux they are answers like any other.
var (
	OK                          = status(200, "OK", "")
	Created                     = status(201, "Created", "")
	Accepted                    = status(202, "Accepted", "The request is accepted for processing.")
	NonAuthoritativeInformation = status(203, "Non-Authoritative Information", "")
	NoContent                   = status(204, "No Content", "")
	ResetContent                = status(205, "Reset Content", "")
	PartialContent              = status(206, "Partial Content", "")
)

// Sentinels for redirections, RFC 9110 §15.4. All but NotModified and
// MultipleChoices need a location: To, ToExternal and AddSlash give them one.
// Without it they are answered as a 500.
var (
	MultipleChoices   = redirection(300, "Multiple Choices", "The resource has been moved to")
	MovedPermanently  = redirection(301, "Moved Permanently", "The resource has been moved to")
	Found             = redirection(302, "Found", "The resource was found at")
	SeeOther          = redirection(303, "See Other", "The resource has been moved to")
	NotModified       = status(304, "Not Modified", "")
	UseProxy          = redirection(305, "Use Proxy", "The resource must be accessed through a proxy located at")
	TemporaryRedirect = redirection(307, "Temporary Redirect", "The resource has been moved to")
	PermanentRedirect = redirection(308, "Permanent Redirect", "The resource has been moved to")
)

const (
	clientFault = "The server could not comply with the request since it is either malformed or otherwise incorrect."
	serverFault = "The server has either erred or is incapable of performing the requested operation."
)

// Sentinels for what the client got wrong: RFC 9110 §15.5 and the registry of
// statuses (RFC 4918, 6585, 7725, 8470).
var (
	BadRequest   = status(400, "Bad Request", clientFault)
	Unauthorized = status(401, "Unauthorized", "This server could not verify that you are authorized to access the "+
		"document you requested. Either you supplied the wrong credentials (e.g., bad password), or your browser does "+
		"not understand how to supply the credentials required.") // send Challenge with it
	PaymentRequired              = status(402, "Payment Required", "Access was denied for financial reasons.")
	Forbidden                    = status(403, "Forbidden", "Access was denied to this resource.")
	NotFound                     = status(404, "Not Found", "The resource could not be found.")
	MethodNotAllowed             = withTemplate(405, "Method Not Allowed", clientFault, methodTemplate) // send Allow with it
	NotAcceptable                = withTemplate(406, "Not Acceptable", clientFault, acceptTemplate)
	ProxyAuthenticationRequired  = status(407, "Proxy Authentication Required", "Authentication with a local proxy is needed.")
	RequestTimeout               = status(408, "Request Timeout", "The server has waited too long for the request to be sent by the client.")
	Conflict                     = status(409, "Conflict", "There was a conflict when trying to complete your request.")
	Gone                         = status(410, "Gone", "This resource is no longer available. No forwarding address is given.")
	LengthRequired               = status(411, "Length Required", "Content-Length header required.")
	PreconditionFailed           = status(412, "Precondition Failed", "Request precondition failed.")
	RequestEntityTooLarge        = status(413, "Content Too Large", "The body of your request was too large for this server.")
	RequestURITooLong            = status(414, "URI Too Long", "The request URI was too long for this server.")
	UnsupportedMediaType         = withTemplate(415, "Unsupported Media Type", clientFault, mediaTypeTemplate)
	RequestedRangeNotSatisfiable = status(416, "Range Not Satisfiable", "The Range requested is not available.")
	ExpectationFailed            = status(417, "Expectation Failed", "Expectation failed.")
	MisdirectedRequest           = status(421, "Misdirected Request", "This server does not answer for the host of the request.")
	UnprocessableEntity          = status(422, "Unprocessable Content", "Unable to process the contained instructions")
	Locked                       = status(423, "Locked", "The resource is locked")
	FailedDependency             = status(424, "Failed Dependency", "The method could not be performed because the requested "+
		"action depended on another action and that action failed")
	TooEarly                    = status(425, "Too Early", "The request might be a replay and was not processed.")
	UpgradeRequired             = status(426, "Upgrade Required", "The request has to be made with another protocol.") // send Upgrade with it
	PreconditionRequired        = status(428, "Precondition Required", "This request is required to be conditional")
	TooManyRequests             = status(429, "Too Many Requests", "The client has sent too many requests in a given amount of time")
	RequestHeaderFieldsTooLarge = status(431, "Request Header Fields Too Large", "The request header fields were too large")
	UnavailableForLegalReasons  = status(451, "Unavailable For Legal Reasons", "The resource is not available due to legal reasons.")

	// ClientClosedRequest is not registered and nobody sees it: it is what logs
	// show for a request whose client has left. From gives it.
	ClientClosedRequest = status(499, "Client Closed Request", "The request was given up.")
)

// Sentinels for what the server could not do: RFC 9110 §15.6 and the registry of
// statuses (RFC 2295, 2774, 4918, 5842, 6585).
var (
	InternalServerError           = status(500, "Internal Server Error", serverFault)
	NotImplemented                = withTemplate(501, "Not Implemented", serverFault, implementedTemplate)
	BadGateway                    = status(502, "Bad Gateway", "Bad gateway.")
	ServiceUnavailable            = status(503, "Service Unavailable", "The server is currently unavailable. Please try again at a later time.")
	GatewayTimeout                = status(504, "Gateway Timeout", "The gateway has timed out.")
	HTTPVersionNotSupported       = status(505, "HTTP Version Not Supported", "The HTTP version is not supported.")
	VariantAlsoNegotiates         = status(506, "Variant Also Negotiates", "The server's negotiation is misconfigured.")
	InsufficientStorage           = status(507, "Insufficient Storage", "There was not enough space to save the resource")
	LoopDetected                  = status(508, "Loop Detected", "The operation led in a circle and was given up.")
	NotExtended                   = status(510, "Not Extended", "The request lacks an extension that is needed.")
	NetworkAuthenticationRequired = status(511, "Network Authentication Required", "Network authentication is required")
)

// The names RFC 9110 has given to statuses that net/http and WebOb know by older
// ones. They are the same sentinels.
var (
	ContentTooLarge      = RequestEntityTooLarge
	URITooLong           = RequestURITooLong
	RangeNotSatisfiable  = RequestedRangeNotSatisfiable
	UnprocessableContent = UnprocessableEntity
)
