package header

// Fields of cross-origin requests, Fetch standard, section 3.3 (CORS):
//
//	Origin: https://example.org
//	Access-Control-Request-Method: PUT
//	Access-Control-Allow-Origin: https://example.org
//	Access-Control-Allow-Methods: GET, PUT
//	Access-Control-Max-Age: 600
var (
	// Origin is where a request comes from, RFC 6454, section 7:
	// "https://example.org", or "null".
	Origin = NewText("Origin")
	// AccessControlRequestMethod is the method a preflight asks for.
	AccessControlRequestMethod = NewText("Access-Control-Request-Method")
	// AccessControlRequestHeaders are the names of fields a preflight asks for.
	AccessControlRequestHeaders = NewList("Access-Control-Request-Headers")
	// AccessControlAllowOrigin is the one origin that may read the response,
	// or "*".
	AccessControlAllowOrigin = NewText("Access-Control-Allow-Origin")
	// AccessControlAllowCredentials is "true" where cookies may be sent along.
	AccessControlAllowCredentials = NewText("Access-Control-Allow-Credentials")
	// AccessControlAllowMethods are the methods allowed.
	AccessControlAllowMethods = NewList("Access-Control-Allow-Methods")
	// AccessControlAllowHeaders are the names of fields a request may have.
	AccessControlAllowHeaders = NewList("Access-Control-Allow-Headers")
	// AccessControlExposeHeaders are the names of fields a script may read.
	AccessControlExposeHeaders = NewList("Access-Control-Expose-Headers")
	// AccessControlMaxAge is for how many seconds the answer to a preflight
	// may be kept.
	AccessControlMaxAge = NewNumber("Access-Control-Max-Age")
)
