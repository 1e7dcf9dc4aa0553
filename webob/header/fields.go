package header

// Fields that hold text, or a list of tokens, and need no page of their own.
// Text is read and written as it is; see NewText and NewList.
var (
	// Allow are the methods a resource knows, RFC 9110, section 10.2.1:
	// "GET, HEAD". Methods are compared with case. WebOb: Response.allow.
	Allow = NewList("Allow")
	// ContentEncoding are the codings applied to the content, in the order of
	// application, RFC 9110, section 8.4: "gzip". WebOb:
	// Response.content_encoding.
	ContentEncoding = NewList("Content-Encoding")
	// ContentLanguage are the languages of the intended audience, RFC 9110,
	// section 8.5: "mi, en". WebOb: Response.content_language.
	ContentLanguage = NewList("Content-Language")
	// ContentLocation is a URI reference of just this representation, RFC
	// 9110, section 8.7. WebOb: Response.content_location.
	ContentLocation = NewText("Content-Location")
	// Connection are options for the next hop, RFC 9110, section 7.6.1: "close".
	Connection = NewList("Connection")
)

// Text fields of requests.
var (
	// Host is the host and port a request is for, RFC 9110, section 7.2;
	// net/http keeps it in Request.Host and not among the fields. WebOb:
	// Request.host.
	Host = NewText("Host")
	// Referer is the page a request was made from, RFC 9110, section 10.1.3.
	// WebOb: Request.referer.
	Referer = NewText("Referer")
	// UserAgent is the client's name, RFC 9110, section 10.1.5. WebOb:
	// Request.user_agent.
	UserAgent = NewText("User-Agent")
	// TE are the transfer codings a client takes, and whether it takes
	// trailers, RFC 9110, section 10.1.4.
	TE = NewList("Te")
	// XForwardedFor are the addresses a request has come through, the client
	// first, as proxies have written them. Anybody can send it: believe the
	// last ones only, which your own proxies have added. Forwarded is the
	// standard's way.
	XForwardedFor = NewList("X-Forwarded-For")
	// XRequestedWith is "XMLHttpRequest" from scripts that say so. WebOb:
	// Request.is_xhr.
	XRequestedWith = NewText("X-Requested-With")
)

// Text fields of responses and of both.
var (
	// Location is where to go instead, a URI reference, RFC 9110, section
	// 10.2.2. It stays as it is, relative or not. WebOb: Response.location.
	Location = NewText("Location")
	// Pragma is what HTTP/1.0 had for Cache-Control, RFC 9111, section 5.4:
	// "no-cache". WebOb: Request.pragma, Response.pragma.
	Pragma = NewText("Pragma")
	// Server is the server's name, RFC 9110, section 10.2.4. WebOb:
	// Response.server.
	Server = NewText("Server")
	// Trailer are the names of fields that follow the content, RFC 9110,
	// section 6.6.2.
	Trailer = NewList("Trailer")
	// Upgrade are protocols to change to, RFC 9110, section 7.8.
	Upgrade = NewList("Upgrade")
	// Via are the proxies on the way, RFC 9110, section 7.6.3. Comments with
	// commas in them are divided like everything else.
	Via = NewList("Via")
)
