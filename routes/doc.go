// Package routes finds the handler for a URL and the URL for a handler. A Mapper holds
// routes with variables, requirements and conditions, and makes URLs by the names of
// routes or by values alone, with an error for whatever is missing or bad. A
// Template does the same for the muxes of other people, a URLMap mounts apps by prefix
// and host, and a Cascade tries apps in turn.
//
//	func main() {
//		m := routes.NewMapper()
//		m.Connect("/", home, routes.Name("home"), routes.Methods("GET"))
//		m.Connect("/v1/{project}/servers/{id:[0-9]+}", server, routes.Name("server"), routes.Methods("GET", "DELETE"))
//		m.Redirect("/servers/{id}", "/v1/default/servers/{id}")
//		if err := m.Err(); err != nil {
//			log.Fatal(err) // every fault of every route
//		}
//		http.ListenAndServe("localhost:8080", m)
//	}
//
// # Templates
//
// A template is a path with variables: {id} is a segment or a part of one, {id:[0-9]+}
// what the expression says, {.format} an optional ending, *path all the rest. The
// notations of Routes, :id and :(id), are understood too; see [Template]. Expressions are
// RE2's, anchored at both ends. A path is matched decoded; an escaped slash is part of its
// segment.
//
// # Matching
//
// The route whose static beginning is longer is tried first, then the one that was
// connected first; a condition that fails means trying on. So /blog/archive goes before
// /blog/{id}, in whatever order they stand. Routes lie in a tree with a level for each
// segment: a request looks at each of its nodes once at most, whatever its path, and
// a route with variables in whole segments costs no regular expression.
//
// What does not match is a 404. A path that matches for other methods is a 405 with the
// field Allow, and GET includes HEAD. Both are pages of package exc, so that a filter
// outside renders them as it likes; [NotFound] takes the place of the first.
//
// # Handlers
//
// A handler that is an app of ours finds the variables in URLVars and by PathValue, and
// the [Match] in [Matched]; any other finds them by http.Request.PathValue, and a
// [Func] is given them. The request's Pattern is the template in http.ServeMux's notation.
// Filters outside see all of it once the app has answered:
//
//	resp := req.GetResponse(app)
//	if match, ok := routes.Matched.Get(req); ok {
//		requests.WithLabelValues(match.Route().Name()).Inc()
//	}
//
// Around an app that dispatches by itself, [Mapper.Middleware] only finds.
//
// # URLs
//
// [Mapper.URL] makes the URL of a named route: values go to the variables, the rest to
// the query. [Mapper.Generate] chooses the route by the values. [Mapper.For] gives a
// [Generator] for a request, whose URLs begin with its SCRIPT_NAME and can be absolute. A
// value with a slash never leaves its segment, one of dots is refused, and no URL begins
// with two slashes. Errors are a *[GenerationError].
//
// # Many routes at once
//
// A [SubMapper] adds routes with options in common, [Mapper.Collection] and
// [Mapper.Resource] those of a resource with its members, [Mapper.Extend] copies those of
// another Mapper.
//
// # Faults, limits and concurrency
//
// A route that cannot be made keeps its error, [Mapper.Err] tells all of them, and a
// Mapper with one answers every request with 500. A template has up to 64 variables; the
// routes of a Mapper name up to 53 methods that are not RFC 9110's or PATCH. Everything
// here is safe for concurrent use, and routes may be added while requests are served.
package routes
