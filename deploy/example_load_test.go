package deploy_test

import (
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/gowebob/gowebob/dec"
	"github.com/gowebob/gowebob/deploy"
	"github.com/gowebob/gowebob/exc"
	"github.com/gowebob/gowebob/webob"
)

// shop has the factories that the files of testdata name.
func shop() *deploy.Registry {
	r := deploy.NewRegistry()
	r.App("egg:Shop#page", func(c deploy.Config) (http.Handler, error) {
		var opts struct {
			Title string `ini:",required"`
		}
		if err := c.Decode(&opts); err != nil {
			return nil, err
		}
		return webob.Text(opts.Title), nil
	})
	r.Filter("egg:Shop#auth", func(c deploy.Config) (func(http.Handler) http.Handler, error) {
		var opts struct {
			Users []string `ini:",required"`
		}
		if err := c.Decode(&opts); err != nil {
			return nil, err
		}
		return dec.Middleware(func(req *webob.Request, app http.Handler) (*webob.Response, error) {
			if !slices.Contains(opts.Users, req.Environ().String("REMOTE_USER")) {
				return nil, exc.Forbidden
			}
			return req.GetResponse(app), nil
		}), nil
	})
	r.Composite("egg:Shop#by_path", func(l deploy.Loader, c deploy.Config) (http.Handler, error) {
		mux := http.NewServeMux()
		for _, path := range c.Keys() {
			name, _ := c.Get(path)
			app, err := l.App(name, c.Globals())
			if err != nil {
				return nil, err
			}
			mux.Handle(path, app)
		}
		return mux, nil
	})
	r.Server("egg:Shop#server", func(c deploy.Config) (func(http.Handler) error, error) {
		opts := struct{ Port int }{Port: 80}
		if err := c.Decode(&opts); err != nil {
			return nil, err
		}
		return func(http.Handler) error {
			fmt.Println("serving on port", opts.Port) // http.ListenAndServe in earnest
			return nil
		}, nil
	})
	return r
}

func ExampleLoadApp() {
	app, err := deploy.LoadApp("testdata/shop.ini", shop())
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, path := range []string{"/", "/admin"} {
		req := webob.Blank(path)
		resp := req.GetResponse(app)
		text, _ := resp.Text()
		fmt.Println(resp.Status(), strings.SplitN(text, "\n", 2)[0])
	}
	// Output:
	// 200 Catalogue in EUR
	// 403 403 Forbidden
}

// All that is wrong is told at once.
func ExampleLoadApp_faults() {
	_, err := deploy.LoadApp("testdata/broken.ini", shop())
	fmt.Println(err)
	fmt.Println(errors.Is(err, deploy.Interpolation), errors.Is(err, deploy.Circle))
	// Output:
	// testdata/broken.ini:10: [app:page] title: %(titel)s: no setting titel in this section, and no global of that name, did you mean title?
	// testdata/broken.ini:2: [pipeline:main] pipeline: no section "auht" for a filter (filter:) in testdata/broken.ini, did you mean auth?
	// true false
}

func ExampleLoadFilter() {
	auth, err := deploy.LoadFilter("testdata/shop.ini#auth", shop())
	if err != nil {
		fmt.Println(err)
		return
	}
	app := auth(webob.Text("inside"))
	req := webob.Blank("/", webob.WithEnviron("REMOTE_USER", "ann"))
	fmt.Println(req.GetResponse(app).Text())
	// Output: inside <nil>
}

func ExampleLoadServer() {
	serve, err := deploy.LoadServer("testdata/shop.ini", shop())
	if err != nil {
		fmt.Println(err)
		return
	}
	app, err := deploy.LoadApp("testdata/shop.ini", shop())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(serve(app))
	// Output:
	// serving on port 8080
	// <nil>
}

func ExampleAppConfig() {
	c, err := deploy.AppConfig("testdata/shop.ini#desk", shop())
	if err != nil {
		fmt.Println(err)
		return
	}
	title, _ := c.Get("title")
	currency, _ := c.Global("currency")
	fmt.Println(c.Section(), filepath.Base(c.File()), c.Keys(), title, currency)
	// Output: app:desk shop.ini [title] Desk EUR
}

func ExampleCheck() {
	fmt.Println(deploy.Check("testdata/shop.ini", shop()))
	err := deploy.Check("testdata/broken.ini", shop())
	for _, fault := range err.(deploy.Faults) {
		fmt.Println(fault.Line, fault.Section, fault.Key, "-", string(fault.Kind))
	}
	// Output:
	// <nil>
	// 2 pipeline:main pipeline - not found
	// 4 filter:auth users - refused
	// 6 filter:auth user - refused
	// 10 app:page title - interpolation
}

func ExampleNewPlan() {
	plan, err := deploy.NewPlan("testdata/shop.ini", shop())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(plan)
	// Output:
	// [composite:main] = egg:Shop#by_path {/ = catalogue, /admin = admin}
	// ├─ /: [app:catalogue] = egg:Shop#page {title = Catalogue in EUR}
	// └─ /admin: [pipeline:admin]
	//    ├─ 1: [filter:auth] = egg:Shop#auth {users = ann bob}
	//    └─ 2: [app:desk] = egg:Shop#page {title = Desk}
}

func ExamplePlan_Mermaid() {
	plan, err := deploy.NewPlan("testdata/shop.ini#admin", shop())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(plan.Mermaid())
	// Output:
	// flowchart TD
	//   subgraph g1["pipeline:admin"]
	//   n2(["filter:auth<br/>egg:Shop#35;auth"])
	//   end
	//   n3["app:desk<br/>egg:Shop#35;page"]
	//   n2 --> n3
}

func ExampleNewLive() {
	title := "one"
	live, err := deploy.NewLive(func() (http.Handler, error) {
		if title == "" {
			return nil, errors.New("no title")
		}
		return webob.Text(title), nil // deploy.LoadApp in earnest
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(webob.Blank("/").GetResponse(live).Text())
	title = "two"
	fmt.Println(live.Reload())
	title = ""
	fmt.Println(live.Reload())
	fmt.Println(webob.Blank("/").GetResponse(live).Text())
	// Output:
	// one <nil>
	// <nil>
	// no title
	// two <nil>
}

func ExampleConfig_Decode() {
	c := deploy.NewConfig(nil, map[string]string{"timeout": "1m30s", "hosts": "a.example, b.example", "max_body": "10 MiB", "debug": "yes"})
	opts := struct {
		Timeout time.Duration
		Hosts   []string `sep:","`
		MaxBody deploy.Size
		Debug   bool
		Retries int
	}{Retries: 3} // a default
	fmt.Println(c.Decode(&opts))
	fmt.Println(opts.Timeout, opts.Hosts, opts.MaxBody, opts.Debug, opts.Retries)

	c = deploy.NewConfig(nil, map[string]string{"tiemout": "5"})
	fmt.Println(c.Decode(&opts))
	// Output:
	// <nil>
	// 1m30s [a.example b.example] 10 MiB true 3
	// tiemout: there is no setting tiemout, did you mean timeout?
}

func ExampleConfig_Errorf() {
	r := deploy.NewRegistry()
	r.App("egg:Shop#page", func(c deploy.Config) (http.Handler, error) {
		return nil, c.Errorf("title", "no title may be that long")
	})
	_, err := deploy.LoadApp("testdata/shop.ini#catalogue", r)
	fmt.Println(err)
	// Output: testdata/shop.ini:11: [app:catalogue] title: no title may be that long
}

func ExampleRegistry_Indirect() {
	r := deploy.NewRegistry()
	r.Indirect("senlin.api.common.wsgi:app_factory", "senlin.app_factory")
	r.App("senlin.api.openstack.v1.router:API", func(deploy.Config) (http.Handler, error) {
		return webob.Text("the API"), nil
	})
	app, err := deploy.LoadApp("testdata/api-paste.ini#apiv1app", r)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(webob.Blank("/").GetResponse(app).Text())
	// Output: the API <nil>
}

func ExampleRegistry_FilterApp() {
	r := deploy.NewRegistry()
	r.FilterApp("egg:Shop#closed", func(c deploy.Config, app http.Handler) (http.Handler, error) {
		return exc.ServiceUnavailable, nil
	})
	closed, err := deploy.LoadFilter("egg:Shop#closed", r)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(webob.Blank("/").GetResponse(closed(webob.Text("open"))).Status())
	// Output: 503
}

func ExampleRegistry_ServerRunner() {
	r := deploy.NewRegistry()
	r.ServerRunner("egg:Shop#run", func(app http.Handler, c deploy.Config) error {
		fmt.Println(webob.Blank("/").GetResponse(app).Text())
		return nil
	})
	serve, err := deploy.LoadServer("egg:Shop#run", r)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(serve(webob.Text("served")))
	// Output:
	// served <nil>
	// <nil>
}

// Globals of the program, and warnings of lines without effect.
func ExampleGlobals() {
	app, err := deploy.LoadApp("testdata/shop.ini#catalogue", shop(),
		deploy.Globals(map[string]string{"title": "over"}),
		deploy.OnWarning(func(f *deploy.Fault) { fmt.Println(f) }))
	fmt.Println(app != nil, err)
	// Output:
	// testdata/shop.ini:11: [app:catalogue] title: title is a global as well, and so this line has no effect: write "set title = ..." to change it here
	// false testdata/shop.ini:9: [app:catalogue] title: the setting title is required
}

func ExampleParseSize() {
	size, err := deploy.ParseSize("1.5 MiB")
	fmt.Println(int64(size), size, err)
	_, err = deploy.ParseSize("many")
	fmt.Println(err)
	// Output:
	// 1572864 1536 KiB <nil>
	// "many" is no size, as 512, 64 KiB or 10 MB
}

func ExampleParseBool() {
	fmt.Println(deploy.ParseBool("Yes"))
	fmt.Println(deploy.ParseBool("maybe"))
	// Output:
	// true <nil>
	// false "maybe" is neither true (yes, on, 1) nor false (no, off, 0)
}

func ExampleParseInt() {
	fmt.Println(deploy.ParseInt(" +12 "))
	fmt.Println(deploy.ParseInt("1_000"))
	// Output:
	// 12 <nil>
	// 0 "1_000" is no whole number
}

func ExampleSplitList() {
	fmt.Printf("%q\n", deploy.SplitList("a b\n  c", ""))
	fmt.Printf("%q\n", deploy.SplitList("a, b,,c", ","))
	// Output:
	// ["a" "b" "c"]
	// ["a" "b" "" "c"]
}

func ExampleLoadPlan() {
	app, plan, err := deploy.LoadPlan("testdata/shop.ini", shop())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(app == plan.App)
	for _, part := range plan.Children {
		fmt.Printf("%s %s %T\n", part.Position, part.Section, part.App)
	}
	// Output:
	// true
	// / app:catalogue *webob.Response
	// /admin pipeline:admin <nil>
}

func ExampleNewServerPlan() {
	plan, err := deploy.NewServerPlan("testdata/shop.ini", shop())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(plan)
	// Output: [server:main] = egg:Shop#server {port = 8080}
}

func ExampleOnFile() {
	_, err := deploy.LoadApp("testdata/shop.ini", shop(), deploy.OnFile(func(path string) { fmt.Println("reads", path) }))
	fmt.Println(err)
	// Output:
	// reads testdata/shop.ini
	// <nil>
}

func ExampleName() {
	c, err := deploy.AppConfig("shop.ini", shop(), deploy.Name("desk"), deploy.RelativeTo("testdata"))
	fmt.Println(c.Section(), err)
	// Output: app:desk <nil>
}

func ExampleRegistry_Names() {
	for _, name := range shop().Names() {
		fmt.Println(name)
	}
	// Output:
	// egg:Shop#auth
	// egg:Shop#by_path
	// egg:Shop#page
	// egg:Shop#server
}
