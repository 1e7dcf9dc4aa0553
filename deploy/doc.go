// Package deploy puts apps, filters and servers together as an INI file says, in the
// format of Python's PasteDeploy. The program registers factories by name; the file says which
// of them make up the service, with which settings, one behind the other. What is wrong with a
// file is told all at once, with file, section and line.
//
//	[pipeline:main]
//	pipeline = auth hello
//
//	[filter:auth]
//	use = egg:Shop#auth
//	users = ann bob
//
//	[app:hello]
//	use = egg:Shop#hello
//	greeting = Good morning
//
// and the program:
//
//	r := deploy.NewRegistry()
//	r.App("egg:Shop#hello", func(c deploy.Config) (http.Handler, error) {
//		opts := struct{ Greeting string }{"Hello"}
//		if err := c.Decode(&opts); err != nil {
//			return nil, err
//		}
//		return webob.Text(opts.Greeting), nil
//	})
//	r.Filter("egg:Shop#auth", newAuth)
//	app, err := deploy.LoadApp("shop.ini", r)
//
// # Loading
//
// LoadApp gives an http.Handler, LoadFilter middleware, LoadServer a function that serves an
// app; AppConfig gives the settings of an app without making it. Check looks at every section,
// NewPlan tells what would be made, for people to look at, and Live is an app that can be loaded
// anew while it serves. docs/deploy.md of this module teaches the format.
//
// # Factories
//
// A Registry is a value and the only place where names lead to code: a file can name nothing
// that the program has not registered, and reads nothing but the files it names by config:. A
// factory gets a Config, whose Decode fills a struct and refuses what it does not know; a
// composite gets a Loader as well, for the apps that its settings name. What a factory says of
// a setting by Config.Errorf is told with the line of that setting. What it makes is
// closed with the app if it has a method Close.
//
// # Faults
//
// An error of a load is Faults, each a *Fault with its Kind: errors.Is(err, deploy.Circle).
// Circles, however they come about, are named with their sections. Files of more than 1 MiB,
// values that references make longer than that, more than 100 files or levels, 10,000
// objects or 64 MiB of settings are refused, so that no file can keep a program busy or fill its memory. Values of
// settings that look like secrets are shown neither in faults about references nor in plans.
//
// Where PasteDeploy does not do what its documentation says, or drops what a file says without
// a word, this package does or tells it: docs/deviations.md has the list.
package deploy
