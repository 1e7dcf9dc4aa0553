package conformance

// HouseRule is a deliberate difference that holds for the whole library. Each
// family says, through On, which of its questions it touches and how.
type HouseRule struct{ Name, Reason string }

// On makes the rule of one family.
func (h HouseRule) On(applies func(Question) bool, answer func(Question, Answer) Answer) Rule {
	return Rule{Name: h.Name, Reason: h.Reason, House: true, Applies: applies, Answer: answer}
}

// The house rules: one for each idea. A new one needs a reason that holds everywhere.
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
	RequestsAreNetHTTP = HouseRule{
		"a request is one of net/http",
		"In Python an environ may lack a method, scheme, server name or port, or have an empty one, and reading it fails. " +
			"An http.Request has no place to lack them, and RFC 3875 section 4.1 takes empty for absent: they are GET, http, " +
			"the name and port of the Host, else localhost and the scheme's port. WebOb reads ahead in a body, so that of one " +
			"cut short not even what has come can be read; Body gives what is there, and the error at its end.",
	}
	ReadOneWay = HouseRule{
		"what two readers could take for two things is not",
		"What caches, proxies and apps read differently can be smuggled past one of them. Variables are separated by & alone, " +
			"as browsers and net/url have it; WebOb separates those of a query by ; too (CVE-2021-23336). A Host that is " +
			"not host[:port] is in no URL but a 400, a path without its slash gets it, and an escaped slash stays part of its " +
			"segment. A field with an underscore in its name never shows in the environ, where it would pass for the one with " +
			"a hyphen, and neither does Proxy; a name that is no token is refused where it is set. JSON is UTF-8 " +
			"(RFC 8259 section 8.1), whatever charset its type claims. The name of a route that is not known is an error, and no " +
			"URL that happens to look like one.",
	}
	GrammarHolds = HouseRule{
		"the grammar of today's RFCs decides",
		"What breaks a field's grammar is refused where it is set and absent where it is read, and what follows it counts, the " +
			"empty tag too; an empty Content-Type is none. Names of fields, directives, parameters and schemes have no case. A " +
			"media type has a slash and parameters with values, an entity tag no quote in it, an age no sign, a range a byte, a " +
			"name is a token, a Location a URI whose spaces and non-ASCII are escaped (RFC 3986), a part of a form has a name " +
			"(RFC 7578). Cookies have the attributes of RFC 6265bis, so no Comment, no semicolon or escape in a path and no control " +
			"character in a value, and one that browsers drop is refused. WebOb writes and reads such, each reader in its own way.",
	}
	WrittenReadBack = HouseRule{
		"what is written can be read back as it was",
		"Quotes and backslashes in quotes are escaped (RFC 9110 section 5.6.4). A URL that is made for a route is matched by it " +
			"with the same values: it is UTF-8, its values meet their requirements as a whole, those given to a resource too, and no value is " +
			"never the text None. Text is written in the charset that its type " +
			"names, else in UTF-8, which the type then says, also where the charset cannot hold the text; UTF-16 has no " +
			"byte order mark. Transcoding never leaves out or replaces what a charset lacks: it is refused with 400. The boundary of " +
			"a multipart body is the one that RFC 2046 reads in its type, and of a cookie sent twice, one is left when it is " +
			"changed. WebOb and Routes write each of these so that readers find something else, or nothing.",
	}
	LengthsAreTrue = HouseRule{
		"a length that is known is told, and no other",
		"Content-Length is reckoned when a Response is looked at or sent, not kept: a body in memory always has one, whatever was " +
			"deleted, and a status without content (1xx, 204, 205, 304) never that of a body (RFC 9110 section 8.6); " +
			"a 205 is sent with 0 and no content. A body of another length than announced never looks whole: reading it is an error " +
			"each time, the answer of an app that wrote less than it announced is a 500, and a connection is aborted. " +
			"To send without a length, stream.",
	}
	PagesOfToday = HouseRule{
		"an error page is that of RFC 9110 and 9457",
		"WebOb weighs HTML and JSON alone. We offer text/plain and application/problem+json as well, and name Accept in Vary " +
			"(RFC 9110 section 12.5.5). Each format is escaped for itself, where WebOb's JSON keeps <br /> and links, " +
			"and its text loses whatever looks like a tag; a comment for the HTML source stays there. 413, 414, 416 and 422 have " +
			"new names, two explanations were misspelt, a field the request lacks is \"none\", not the name of a variable, and " +
			"a 405 has the field Allow that section 15.5.6 demands.",
	}
	NothingLeadsOut = HouseRule{
		"nothing leads out unasked",
		"A redirect without a location is a 500, one to what a browser would read as another site (//host, with backslashes or control " +
			"characters too), or to no web page, is a 400, unless the application asked for another site by its full URL. A path " +
			"that leaves its root is 403, whatever it would lead to: WebOb serves what comes back by the directory's own name, " +
			"and so tells that name, and looks for index pages before it checks. A directory that has no page to show is a 404, with " +
			"its slash and without.",
	}
	AnswersAreValues = HouseRule{
		"each function answers with a value of its own",
		"WebOb makes req.response anew for every decorated function and keeps it where all of them find it: cookies that a middleware " +
			"has set are lost, and a text it returns after asking the app is put behind what the app has said. Here each has " +
			"its own. A middleware that returns nil has lost the app's answer on the way: a 500 with a cause in the log. " +
			"And a filter sees the error behind every failure, be it of a function or of a bare application, where WebOb " +
			"shows an answer for the one and an exception for the other.",
	}
)

// houseRules lists the house rules for docs/deviations.md.
var houseRules = []HouseRule{
	NoAccidentalHTML, LocationStaysRelative, NoOwnReasons, RequestsAreNetHTTP, ReadOneWay, GrammarHolds, WrittenReadBack,
	LengthsAreTrue, PagesOfToday, NothingLeadsOut, AnswersAreValues,
}
