// Package exc has every HTTP status as an error, a value and an app in one. A
// function returns one and the client gets a page in the format it asked for; the
// cause stays in the log. A sentinel can be mounted on a mux as it is.
//
//	func show(req *webob.Request) (*webob.Response, error) {
//		server, err := db.Server(req.PathValue("id"))
//		switch {
//		case errors.Is(err, sql.ErrNoRows):
//			return nil, exc.NotFound.Withf("no server %q", req.PathValue("id"))
//		case err != nil:
//			return nil, exc.BadGateway.Wrap(err)
//		}
//		return webob.JSON(server)
//	}
//
//	mux.Handle("/old/", exc.Gone)
//	mux.Handle("/home", exc.Found.To("/"))
//
// # Making one
//
// The sentinels never change. With and Withf make a copy with a public detail,
// Wrap one with a cause, WithHeader, Allow, Challenge and RetryAfter one with more
// fields, Member and WithMember one with extension members. To, ToExternal and
// AddSlash make a Redirect of a redirection.
//
// # Telling them apart
//
// errors.Is(err, exc.NotFound) holds for the sentinel and for whatever was made
// of it, wrapped or not, and for a *webob.InputError of that status;
// errors.Is(err, exc.ClientError) for the whole class. A copy is no target: only
// sentinels and classes match.
//
// # Pages
//
// Page makes the Response of any error. HTML, plain text, JSON and
// application/problem+json are offered; the Accept field decides, and Vary says
// so. NewPages offers others, or in another order. What the client is told and
// what went wrong are never mixed: an error that is no HTTP error is a plain 500,
// and the text of a cause is on no page.
//
// From gives a status to errors of the standard library, where it is asked to.
//
// # Redirects
//
// A location that a browser would read as another site is answered 400 unless
// ToExternal was said, one without a location 500.
package exc
