package command

import (
	"context"
	"flag"
	"fmt"
	"net/http"
	"strings"

	"github.com/gowebob/gowebob/deploy"
	"github.com/gowebob/gowebob/server"
)

const serveHelp = `The server is that of the section [server:main]. Without one, or with --listen, it is
package server's with its defaults, on 127.0.0.1:8080. SIGTERM and SIGINT have it finish its
requests and end, SIGHUP has it load the file again: no request notices, and a file with
faults leaves the old app in place. The exit status is 0 after such an end, 78 if the server
refuses its settings when it starts, else 1.`

func (c *call) serve(args []string) int {
	fs := flag.NewFlagSet("serve", flag.ContinueOnError)
	var listen list
	app := fs.String("app", "", "section `NAME` of the app, main if not given")
	name := fs.String("server", "", "section `NAME` of the server, main if not given")
	fs.Var(&listen, "listen", "`ADDRESS` such as :8000 or unix:/run/app.sock, several times if need be; the server section is passed over")
	reload := fs.Bool("reload", false, "load the file again when it, or one that it uses, has changed")
	p, status, stop := c.parse(fs, args, 1)
	if stop {
		return status
	}
	if len(listen) > 0 && *name != "" {
		return c.misused("serve", "--listen and --server do not go together")
	}
	if _, err := server.New(http.NotFoundHandler(), server.Options{Listen: listen}); err != nil {
		return c.misused("serve", "%s", printable(err.Error()))
	}
	s := &service{call: c, log: c.logger(), watch: newWatcher(), quiet: server.InWorker()}
	c.quiet = s.quiet
	run, serverErr := s.choose(p, *name, listen)
	live, err := deploy.NewLive(func() (http.Handler, error) {
		return deploy.LoadApp(uri(p.args[0]), c.reg, c.options(p, *app, c.warn(), deploy.OnFile(s.watch.read))...)
	})
	if faults := together(err, serverErr); faults != nil {
		if err == nil {
			live.Close()
		}
		return c.failed(faults)
	}
	s.Live = live
	defer s.Close()
	s.note()
	return s.serve(run, *reload)
}

// runner serves an app until it is told to stop.
type runner func(http.Handler) error

// choose finds what serves: the server section, or package server's with its defaults. It
// says so where that is not what the file says.
func (s *service) choose(p parsed, name string, listen []string) (runner, error) {
	c := s.call
	plan, why, err := c.serverPlan(p, name)
	switch {
	case len(listen) > 0:
		if plan != nil {
			s.notice = fmt.Sprintf("the section [%s] is passed over: --listen %s", plan.Section, strings.Join(listen, " "))
		}
		return s.standard(server.Options{Listen: listen}), nil
	case err != nil:
		return nil, err
	case plan == nil:
		s.notice = why + "; the defaults of package server are used"
		return s.standard(server.Options{}), nil
	}
	s.section = func() (string, error) {
		plan, err := deploy.NewServerPlan(uri(p.args[0]), c.reg, c.serverOptions(p, name, deploy.OnWarning(func(*deploy.Fault) {}))...)
		if err != nil {
			return "", err
		}
		return plan.String(), nil
	}
	s.settings = plan.String()
	run, err := deploy.LoadServer(uri(p.args[0]), c.reg, c.serverOptions(p, name, c.warn(), deploy.OnFile(s.watch.read))...)
	return run, err
}

// standard is package server's server. With a context that can end it ends by that.
func (s *service) standard(o server.Options) runner {
	o.Logger = s.log
	ctx := s.call.ctx
	if ctx.Done() == nil {
		return func(app http.Handler) error { return server.Run(app, o) }
	}
	return func(app http.Handler) error {
		srv, err := server.New(app, o)
		if err == nil {
			err = srv.Start()
		}
		if err != nil {
			return err
		}
		stop := context.AfterFunc(ctx, func() { srv.Stop(context.Background()) })
		defer stop()
		return srv.Wait()
	}
}

// serve serves, and watches the files if it is told to.
func (s *service) serve(run runner, reload bool) int {
	if reload {
		ctx, cancel := context.WithCancel(s.call.ctx)
		defer cancel()
		go s.watch.run(ctx, pollInterval, func(changed []string) {
			s.reloadChanged(strings.Join(changed, " "))
		})
	}
	err := run(s)
	if err == nil {
		return exitOK
	}
	fmt.Fprintf(s.call.err, "%s serve: %s\n", s.call.name, printable(err.Error()))
	return server.ExitCode(err)
}

// note tells people what they might not expect.
func (s *service) note() {
	switch {
	case s.quiet || s.notice == "":
	case s.call.json:
		s.log.Info(s.notice)
	default:
		fmt.Fprintf(s.call.err, "%s serve: %s\n", s.call.name, printable(s.notice))
	}
}
