package conformance

// HouseRule is a deliberate difference that holds for the whole library. Each
// family says, through On, which of its questions it touches and how.
type HouseRule struct{ Name, Reason string }

// On makes the rule of one family.
func (h HouseRule) On(applies func(Question) bool, answer func(Question, Answer) Answer) Rule {
	return Rule{Name: h.Name, Reason: h.Reason, House: true, Applies: applies, Answer: answer}
}

// The house rules. A new one needs a reason that holds everywhere.
var (
	NoAccidentalHTML = HouseRule{
		"nothing is text/html by accident",
		"A browser runs what is labelled HTML, so text that was never meant as HTML must not be: " +
			"a returned string is text/plain, bytes are application/octet-stream, template.HTML is text/html, " +
			"and a Response has no type until a setter or the code says one.",
	}
	LocationStaysRelative = HouseRule{
		"a relative Location stays relative",
		"RFC 9110 section 10.2.2 allows a relative reference, and the Host a request names need not be the one " +
			"the browser sees; resolved against the request's URL it is the reference's.",
	}
	NoOwnReasons = HouseRule{
		"reason phrases of one's own are not carried",
		"HTTP/2 and HTTP/3 have no reason phrase and net/http writes the usual one; only the code is compared.",
	}
	AmpersandAlone = HouseRule{
		"variables are separated by & alone",
		"WebOb separates query variables by ; as well, form fields not. Caches, proxies, browsers and net/url know & alone, " +
			"and what two of them read differently can be smuggled past one (CVE-2021-23336).",
	}
	URLPartsApart = HouseRule{
		"the parts of a URL stay apart",
		"A Host that is not host[:port] and a path without its slash would be read as something else in a URL, " +
			"as another host above all. No URL is built of the first, it is a 400; the second gets its slash. An escaped " +
			"slash is part of its segment and stays escaped.",
	}
	NothingMissing = HouseRule{
		"a request lacks nothing that every request has",
		"In Python an environ may lack a method, scheme, server name or port, or have an empty one, and reading it fails. " +
			"An http.Request has no place to lack them, and RFC 3875 section 4.1 takes empty for absent: they are GET, http, " +
			"the name and port of the Host, else localhost and the scheme's port.",
	}
	FieldsDistinct = HouseRule{
		"header fields stay apart and can be sent",
		"A field with an underscore in its name never shows in the environ, where it would pass for the one with a hyphen; " +
			"neither does Proxy. A name that is no token is refused where it is set (RFC 9110 section 5.1).",
	}
	WrittenReadBack = HouseRule{
		"what is written can be read back",
		"WebOb writes multipart bodies with a boundary cut at the first space of the Content-Type, and so with parts that " +
			"no reader finds; of a cookie sent twice it changes the first and reads the last. The boundary is the one that RFC 2046 reads " +
			"in the type, and of such cookies one is left.",
	}
	NamesHaveNoCase = HouseRule{
		"names have no case",
		"RFC 9110 and 9111 compare the names of fields, directives, parameters and schemes without case. WebOb compares " +
			"directives and parameters with case, so that `Max-Age=5` and max-age are two.",
	}
	QuotedIsEscaped = HouseRule{
		"what is written in quotes is escaped",
		"RFC 9110 section 5.6.4 reads a backslash in quotes as an escape. WebOb writes quotes and backslashes as they are, " +
			"so that a value is not read back as it was, or brings others with it.",
	}
	PagesAreText = HouseRule{
		"an error page that is not HTML is text",
		"WebOb's template is HTML: in JSON its <br /> and links stay, in plain text whatever looks like a tag in a detail is " +
			"lost, and a comment for the HTML source is shown. We escape each format for itself and leave the comment out of these.",
	}
	PagesWeighAll = HouseRule{
		"an error page weighs all its formats and says Vary: Accept",
		"WebOb weighs HTML and JSON alone. We offer text/plain and application/problem+json (RFC 9457) as well, and RFC 9110 " +
			"section 12.5.5 asks to name the field that decided.",
	}
	ErrorsNamedToday = HouseRule{
		"statuses are named as RFC 9110 names them",
		"413, 414, 416 and 422 have new names, two explanations were misspelt, and a field the request lacks is \"none\", " +
			"not the name of a variable.",
	}
	RedirectsStayHome = HouseRule{
		"a redirect has a location and stays on the site",
		"A location a browser would read as another site (//host, with backslashes or control characters too) or that is no web " +
			"page is answered 400, an empty one 500, unless the application asked for another site by its full URL.",
	}
	PartsHaveNames = HouseRule{
		"a part without a name is left out",
		"RFC 7578 section 4.2 asks for a name, and WebOb's key for such a part is None, which is no text.",
	}
	TextIsWhole = HouseRule{
		"text that is written anew loses nothing",
		"WebOb can be told to leave out or replace what is not in a character set, though in multipart forms alone: names and values " +
			"become others without anybody noticing. Transcoding such a request is refused with 400.",
	}
	BodyIsAStream = HouseRule{
		"a body is read as it comes",
		"WebOb reads ahead, so that of a body cut short not even what has come can be read. Body is net/http's: it gives what is " +
			"there, and the error at its end.",
	}
	JSONIsUTF8 = HouseRule{
		"JSON is UTF-8",
		"RFC 8259 section 8.1 knows no other character set, and the media type has no charset parameter. WebOb reads JSON by it, so " +
			"that what one reader takes another refuses.",
	}
	LocationIsURI = HouseRule{
		"a Location is a URI",
		"Spaces and what is not ASCII are percent-encoded: clients differ in what they make of raw bytes (RFC 3986 section 2).",
	}
	LengthsAreTold = HouseRule{
		"a length that is known is told, and no other",
		"Content-Length is reckoned when a Response is looked at or sent, not kept: a body in memory always has one, whatever was " +
			"deleted, and a status without content (1xx, 204, 205, 304) never that of a body (RFC 9110 section 8.6); " +
			"a 205 is sent with 0 and no content. To send without one, stream.",
	}
	GrammarHolds = HouseRule{
		"a field's grammar decides",
		"What breaks it is refused where it is set and absent where it is read, and what follows it counts, the empty tag too; an empty Content-Type is none. A media type has a slash and parameters with values, an entity tag no quote in it, an age no sign, a range a byte, a name is a token, " +
			"a cookie's path holds no semicolon and knows no escapes, and its value no control character. WebOb writes and reads such, each reader in its own way.",
	}
	TextHasItsCharset = HouseRule{
		"text is written in the charset that its type names",
		"WebOb encodes text in a charset given beside a type that shows none, so that no reader can know it. We write UTF-8 then, " +
			"also where the charset cannot hold the text, UTF-16 without a byte order mark, and say so in the type.",
	}
	CutNeverWhole = HouseRule{
		"a body of another length than announced never looks whole",
		"Reading it is an error each time it is asked for, the answer of an app that wrote less than it announced is a 500, and " +
			"a connection is aborted. WebOb gives such a body out at the second asking, or at once.",
	}
	CookiesOfToday = HouseRule{
		"cookies have the attributes of RFC 6265bis",
		"Comment is of RFC 2109; no client has heeded it for twenty years, and http.Cookie has no place for it. A cookie that browsers " +
			"drop is refused where it is set: more than 4096 bytes, or a name with __Host- or __Secure- without what it promises.",
	}
	ResponsesAreOwn = HouseRule{
		"each function has a response of its own",
		"WebOb makes req.response anew for every decorated function and keeps it where all of them find it: cookies that a middleware " +
			"has set are lost, and a text it returns after asking the app is put behind what the app has said.",
	}
	NothingIsNoAnswer = HouseRule{
		"a middleware that answers nothing has forgotten to",
		"A function that returns nil answers with the request's own response; a middleware that does has lost the app's answer " +
			"on the way. It is a 500 with a cause in the log.",
	}
	ErrorsAreSeen = HouseRule{
		"a filter sees the error behind every failure",
		"In WebOb an HTTP error of a decorated function is an answer like any other for the filters outside, one of a bare application " +
			"an exception. For us both are a Response whose Err is the error.",
	}
	StaysInside = HouseRule{
		"a path that leaves its root is refused",
		"WebOb serves what comes back into the directory by the directory's own name, and so tells that name, and looks for " +
			"index pages before it checks. What leaves the root is 403, whatever it would lead to.",
	}
	MethodsNamed = HouseRule{
		"a 405 names the methods that there are",
		"RFC 9110 section 15.5.6 demands the field Allow.",
	}
)

// houseRules lists the house rules for docs/deviations.md.
var houseRules = []HouseRule{NoAccidentalHTML, LocationStaysRelative, NoOwnReasons, AmpersandAlone, URLPartsApart, NothingMissing, FieldsDistinct, WrittenReadBack, NamesHaveNoCase, QuotedIsEscaped,
	PagesAreText, PagesWeighAll, ErrorsNamedToday, RedirectsStayHome, LocationIsURI,
	LengthsAreTold, GrammarHolds, TextHasItsCharset, CutNeverWhole, CookiesOfToday, ResponsesAreOwn, NothingIsNoAnswer, ErrorsAreSeen, JSONIsUTF8, PartsHaveNames, BodyIsAStream, TextIsWhole, StaysInside, MethodsNamed}
