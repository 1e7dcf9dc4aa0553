package benchmarks

import (
	"net/http"
	"strconv"
	"strings"

	gowebob "github.com/gowebob/gowebob/routes"
	"github.com/gowebob/gowebob/webob"

	"github.com/gin-gonic/gin"
	"github.com/go-chi/chi/v5"
	"github.com/gorilla/mux"
	"github.com/julienschmidt/httprouter"
	"github.com/labstack/echo/v5"
)

// Routers gives every router, in column order.
func Routers() []Router {
	return []Router{
		{"servemux", servemuxRouter},
		{"gowebob", gowebobRouter},
		{"gowebob-pathvalue", gowebobPathValueRouter},
		{"gowebob-app", gowebobAppRouter},
		{"chi", chiRouter},
		{"gin", ginRouter},
		{"echo", echoRouter},
		{"gorilla-mux", gorillaRouter},
		{"httprouter", httprouterRouter},
	}
}

// colon turns {x} into :x.
func colon(p string) string { return strings.NewReplacer("{", ":", "}", "").Replace(p) }

func servemuxRouter(read *int) http.Handler {
	m := http.NewServeMux()
	for _, rt := range routes() {
		m.HandleFunc(rt.method+" "+rt.pattern, func(_ http.ResponseWriter, r *http.Request) {
			for _, p := range rt.params {
				*read += len(r.PathValue(p))
			}
		})
	}
	return m
}

// gowebobRouter has handlers that are given their variables.
func gowebobRouter(read *int) http.Handler {
	m := gowebob.NewMapper()
	for _, rt := range routes() {
		m.Connect(rt.pattern, gowebob.Func(func(_ http.ResponseWriter, _ *http.Request, v gowebob.Vars) {
			for _, p := range rt.params {
				*read += len(v.Get(p))
			}
		}), gowebob.Methods(rt.method))
	}
	return m
}

// gowebobPathValueRouter has the handlers of ServeMux.
func gowebobPathValueRouter(read *int) http.Handler {
	m := gowebob.NewMapper()
	for _, rt := range routes() {
		m.Connect(rt.pattern, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			for _, p := range rt.params {
				*read += len(r.PathValue(p))
			}
		}), gowebob.Methods(rt.method))
	}
	return m
}

// gowebobAppRouter has apps of gowebob, which answer with a Response.
func gowebobAppRouter(read *int) http.Handler {
	m := gowebob.NewMapper()
	for _, rt := range routes() {
		m.Connect(rt.pattern, nativeRoute{rt, read}, gowebob.Methods(rt.method))
	}
	return m
}

type nativeRoute struct {
	route
	read *int
}

func (n nativeRoute) ServeHTTP(w http.ResponseWriter, r *http.Request) { webob.Serve(n, w, r) }

func (n nativeRoute) Respond(req *webob.Request) *webob.Response {
	for _, p := range n.params {
		*n.read += len(req.PathValue(p))
	}
	return webob.NewResponse(http.StatusNoContent)
}

func chiRouter(read *int) http.Handler {
	m := chi.NewRouter()
	for _, rt := range routes() {
		m.MethodFunc(rt.method, rt.pattern, func(_ http.ResponseWriter, r *http.Request) {
			for _, p := range rt.params {
				*read += len(chi.URLParam(r, p))
			}
		})
	}
	return m
}

func ginRouter(read *int) http.Handler {
	gin.SetMode(gin.ReleaseMode)
	m := gin.New()
	for _, rt := range routes() {
		m.Handle(rt.method, colon(rt.pattern), func(c *gin.Context) {
			for _, p := range rt.params {
				*read += len(c.Param(p))
			}
		})
	}
	return m
}

func echoRouter(read *int) http.Handler {
	m := echo.New()
	for _, rt := range routes() {
		m.Add(rt.method, colon(rt.pattern), func(c *echo.Context) error {
			for _, p := range rt.params {
				*read += len(c.Param(p))
			}
			return nil
		})
	}
	return m
}

func gorillaRouter(read *int) http.Handler {
	m := mux.NewRouter()
	for _, rt := range routes() {
		m.HandleFunc(rt.pattern, func(_ http.ResponseWriter, r *http.Request) {
			vars := mux.Vars(r)
			for _, p := range rt.params {
				*read += len(vars[p])
			}
		}).Methods(rt.method)
	}
	return m
}

// httprouterRouter names the parameters by their place: httprouter wants one
// name per place.
func httprouterRouter(read *int) http.Handler {
	m := httprouter.New()
	for _, rt := range routes() {
		var names []string
		segs := strings.Split(rt.pattern, "/")
		for i, seg := range segs {
			if strings.HasPrefix(seg, "{") {
				name := "p" + strconv.Itoa(len(names))
				segs[i] = ":" + name
				names = append(names, name)
			}
		}
		m.Handle(rt.method, strings.Join(segs, "/"), func(_ http.ResponseWriter, _ *http.Request, ps httprouter.Params) {
			for _, p := range names {
				*read += len(ps.ByName(p))
			}
		})
	}
	return m
}
