package command

import (
	"flag"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/gowebob/gowebob/deploy"
	"github.com/gowebob/gowebob/routes"
)

const routesHelp = `Loads the app, and lists the keys of its URL maps, in the order in which they are tried,
and below them the routes of each app that has a method Routes, as a routes.Mapper has. An
app without one answers all that begins with its path.`

// row is one line of the list.
type row struct {
	Path    string   `json:"path"`              // "http://host/..." where a URL map goes by the host
	Below   bool     `json:"below,omitempty"`   // and all below it: the app has no routes to be told
	Methods []string `json:"methods,omitempty"` // all, if there are none
	Name    string   `json:"name,omitempty"`    // of the route
	Status  int      `json:"redirect,omitempty"`
	App     string   `json:"app"`               // section, or factory
	As      string   `json:"as,omitempty"`      // what the app is to a composite that is no URL map
	Through []string `json:"through,omitempty"` // filters, the outermost first
}

// routing is an app, or a filter, that can tell its routes.
type routing interface {
	Routes() []*routes.Route
}

func (c *call) routes(args []string) int {
	fs := flag.NewFlagSet("routes", flag.ContinueOnError)
	app := fs.String("app", "", "section `NAME` of the app, main if not given")
	p, status, stop := c.parse(fs, args, 1)
	if stop {
		return status
	}
	handler, plan, err := deploy.LoadPlan(uri(p.args[0]), c.reg, c.options(p, *app, c.warn())...)
	if err != nil {
		return c.failed(err)
	}
	if closer, ok := handler.(io.Closer); ok {
		defer closer.Close()
	}
	w := &walk{rows: []row{}, apps: map[http.Handler]bool{}}
	w.note(plan)
	w.plan(plan, spot{})
	if c.json {
		c.writeJSON(struct {
			Routes []row `json:"routes"`
		}{w.rows})
		return exitOK
	}
	writeRows(c.out, w.rows)
	return exitOK
}

// spot is where in the tree a walk is.
type spot struct {
	key     routes.MapKey // of all URL maps so far
	as      string
	through []string
}

// walk lists what it meets in a plan.
type walk struct {
	rows []row
	apps map[http.Handler]bool // those of apps and composites, which filters may hand on as they are
}

func (w *walk) note(p *deploy.Plan) {
	if r, ok := p.App.(routing); ok && p.Kind != "filter" && reflect.TypeOf(r).Comparable() {
		w.apps[p.App] = true
	}
	for _, child := range p.Children {
		w.note(child)
	}
}

func (w *walk) plan(p *deploy.Plan, at spot) {
	switch p.Kind {
	case "pipeline":
		for _, filter := range p.Children[:len(p.Children)-1] {
			at = w.filter(filter, at)
		}
		w.plan(p.Children[len(p.Children)-1], at)
	case "filter":
		w.filter(p, at)
	case "composite":
		w.composite(p, at)
	default:
		w.app(p, p.App, at)
	}
}

// filter lists the routes of a filter that has some, and what stands behind it.
func (w *walk) filter(p *deploy.Plan, at spot) spot {
	if r, ok := p.App.(routing); ok && !(reflect.TypeOf(r).Comparable() && w.apps[p.App]) {
		w.table(r, nameOf(p), at)
	}
	at.through = append(slices.Clone(at.through), nameOf(p))
	for _, behind := range p.Children {
		if behind.Kind == "filter" && behind.Position == "filter-with" {
			at = w.filter(behind, at)
			continue
		}
		w.plan(behind, at)
	}
	return at
}

func (w *walk) composite(p *deploy.Plan, at spot) {
	m, ok := p.App.(*routes.URLMap)
	if !ok {
		if r, ok := p.App.(routing); ok {
			w.table(r, nameOf(p), at)
		}
		for _, child := range p.Children {
			below := at
			below.as = child.Position
			w.plan(child, below)
		}
		return
	}
	byKey := map[routes.MapKey]*deploy.Plan{}
	var others []*deploy.Plan
	for _, child := range p.Children {
		if key, ok := keyOf(child.Position); ok {
			byKey[key] = child
		} else {
			others = append(others, child)
		}
	}
	for key, app := range m.All() {
		if child := byKey[key]; child != nil {
			w.plan(child, at.below(key))
		} else {
			w.app(p, app, at.below(key))
		}
	}
	for _, child := range others { // what answers where no key fits
		below := at
		below.as = child.Position
		w.plan(child, below)
	}
}

// keyOf reads a setting of a URL map.
func keyOf(setting string) (routes.MapKey, bool) {
	text, err := routes.ParseKey(setting)
	if err != nil {
		return routes.MapKey{}, false
	}
	key, err := routes.NewMapKey(text)
	return key, err == nil
}

func (s spot) below(key routes.MapKey) spot {
	s.key.Path += key.Path
	if key.Host != "" {
		s.key.Host = key.Host
	}
	return s
}

// app lists an app: its routes, its keys, or itself.
func (w *walk) app(p *deploy.Plan, app http.Handler, at spot) {
	switch a := app.(type) {
	case routing:
		w.table(a, nameOf(p), at)
	case *routes.URLMap:
		for key, app := range a.All() {
			w.app(p, app, at.below(key))
		}
	default:
		w.rows = append(w.rows, row{Path: at.key.String(), Below: true, App: nameOf(p), As: at.as, Through: at.through})
	}
}

// table lists routes.
func (w *walk) table(r routing, app string, at spot) {
	for _, route := range r.Routes() {
		path := route.Path()
		if !strings.HasPrefix(path, "/") {
			path = "/" + path
		}
		w.rows = append(w.rows, row{
			Path:    strings.TrimSuffix(at.key.String(), "/") + path,
			Methods: route.Methods(), Name: route.Name(), Status: route.Redirect(),
			App: app, As: at.as, Through: at.through,
		})
	}
}

func nameOf(p *deploy.Plan) string {
	if p.Section != "" {
		return p.Section
	}
	return p.Factory
}

// writeRows writes the list as a table.
func writeRows(out io.Writer, rows []row) {
	t := tabwriter.NewWriter(out, 0, 8, 2, ' ', 0)
	fmt.Fprintln(t, "METHODS\tPATH\tNAME\tAPP")
	for _, r := range rows {
		methods, path, app := strings.Join(r.Methods, ","), r.Path, "["+r.App+"]"
		if methods == "" {
			methods = "*"
		}
		if r.Below {
			path = strings.TrimSuffix(path, "/") + "/..."
		}
		name := r.Name
		if name == "" {
			name = "-"
		}
		if r.Status != 0 {
			app += " redirects, " + strconv.Itoa(r.Status)
		}
		if r.As != "" {
			app += " as " + r.As
		}
		if len(r.Through) > 0 {
			app += " through " + strings.Join(r.Through, ", ")
		}
		fmt.Fprintln(t, printable(methods)+"\t"+printable(path)+"\t"+printable(name)+"\t"+printable(app))
	}
	t.Flush()
}
