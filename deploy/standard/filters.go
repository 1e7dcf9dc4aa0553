package standard

import (
	"net/http"
	"os"
	"slices"
	"strconv"

	"github.com/gowebob/gowebob/deploy"
	"github.com/gowebob/gowebob/exc"
	"github.com/gowebob/gowebob/middleware"
)

// filters registers those of package middleware.
func (l *library) filters(r *deploy.Registry) {
	filter(r, errorPage, ours+"errorpage")
	filter(r, httpExceptions, ours+"httpexceptions", paste+"httpexceptions")
	filter(r, recoverPanics, ours+"recover")
	filter(r, errorDocument, ours+"errordocument", paste+"errordocument")
	filter(r, recursive, ours+"recursive", paste+"recursive")
	filter(r, gzip, ours+"gzip")
	filter(r, pasteGzip, paste+"gzip")
	filter(r, config, ours+"config", paste+"config", pasteDeploy+"config")
	filter(r, printDebug, ours+"printdebug", paste+"printdebug")
	filter(r, catcher, paste+"cgitb", paste+"error_catcher")
	filter(r, requestID, ours+"requestid")
	filter(r, prefix, ours+"prefix", pasteDeploy+"prefix")
	filter(r, forwarded, ours+"forwarded")
	filter(r, accessLog, ours+"accesslog")
	filter(r, l.transLogger, ours+"translogger", paste+"translogger")
	filter(r, l.basicAuth, ours+"auth_basic", paste+"auth_basic")
}

// pages reads the formats of error pages, the dearest first; none is nil.
func pages(c deploy.Config, names []string) (*exc.Pages, error) {
	if len(names) == 0 {
		return nil, nil
	}
	known := map[string]exc.Format{"html": exc.HTML, "text": exc.Text, "json": exc.JSON, "problem": exc.Problem}
	var formats []exc.Format
	for _, name := range names {
		f, ok := known[name]
		if !ok {
			return nil, c.Errorf("formats", "%q is none of html, text, json and problem", name)
		}
		formats = append(formats, f)
	}
	return exc.NewPages(formats...), nil
}

// formats decodes the one setting of filters that render errors.
func formats(c deploy.Config) (*exc.Pages, error) {
	var opts struct{ Formats []string }
	if err := c.Decode(&opts); err != nil {
		return nil, err
	}
	return pages(c, opts.Formats)
}

func errorPage(c deploy.Config) (func(http.Handler) http.Handler, error) {
	ps, err := formats(c)
	if err != nil {
		return nil, err
	}
	return middleware.ErrorPage(middleware.ErrorPageOptions{Pages: ps}), nil
}

func httpExceptions(c deploy.Config) (func(http.Handler) http.Handler, error) {
	ps, err := formats(c)
	if err != nil {
		return nil, err
	}
	return middleware.HTTPExceptions(middleware.HTTPExceptionsOptions{Pages: ps}), nil
}

func recoverPanics(c deploy.Config) (func(http.Handler) http.Handler, error) {
	ps, err := formats(c)
	if err != nil {
		return nil, err
	}
	return middleware.Recover(middleware.RecoverOptions{Pages: ps}), nil
}

// errorDocument has a path for each status: 404 = /sorry.html.
func errorDocument(c deploy.Config) (func(http.Handler) http.Handler, error) {
	o := middleware.ErrorDocumentOptions{Paths: map[int]string{}}
	for _, key := range c.Keys() {
		status, err := strconv.Atoi(key)
		if err != nil {
			return nil, c.Errorf(key, "%q is no status code", key)
		}
		o.Paths[status], _ = c.Get(key)
		if err := (middleware.ErrorDocumentOptions{Paths: map[int]string{status: o.Paths[status]}}).Validate(); err != nil {
			return nil, c.Errorf(key, "%w", err)
		}
	}
	return middleware.ErrorDocument(o), nil
}

func recursive(c deploy.Config) (func(http.Handler) http.Handler, error) {
	if err := c.Decode(&struct{}{}); err != nil {
		return nil, err
	}
	return middleware.Recursive(), nil
}

func gzip(c deploy.Config) (func(http.Handler) http.Handler, error) {
	var opts struct {
		Level          int
		MinSize        deploy.Size
		Types, Codings []string
	}
	if err := c.Decode(&opts); err != nil {
		return nil, err
	}
	o := middleware.GzipOptions{Level: opts.Level, MinSize: int64(opts.MinSize), Types: opts.Types, Codings: opts.Codings}
	if err := o.Validate(); err != nil {
		return nil, refused(c, err)
	}
	return middleware.Gzip(o), nil
}

// pasteGzip compresses whatever its size, as Paste's does. A level of 0 would store.
func pasteGzip(c deploy.Config) (func(http.Handler) http.Handler, error) {
	opts := struct{ CompressLevel int }{6}
	if err := c.Decode(&opts); err != nil {
		return nil, err
	}
	o := middleware.GzipOptions{Level: max(opts.CompressLevel, 1), MinSize: -1}
	if opts.CompressLevel < 0 {
		o.Level = opts.CompressLevel
	}
	if err := o.Validate(); err != nil {
		return nil, c.Errorf("compress_level", "%w", err)
	}
	return middleware.Gzip(o), nil
}

func config(c deploy.Config) (func(http.Handler) http.Handler, error) {
	return middleware.Config(c.Merged()), nil
}

// printDebug takes the settings that Paste's has, and needs none of them: what Go programs
// print is no business of a request.
func printDebug(c deploy.Config) (func(http.Handler) http.Handler, error) {
	var opts struct {
		Secrets                                          []string
		Limit                                            deploy.Size
		ForceContentType, PrintWsgiErrors, ReplaceStdout bool
	}
	if err := c.Decode(&opts); err != nil {
		return nil, err
	}
	return middleware.PrintDebug(middleware.PrintDebugOptions{Secrets: opts.Secrets, Limit: int(opts.Limit)}), nil
}

// catcher stands for Paste's filters that show what went wrong: panics too, and to clients
// on this machine alone. Their settings are about mails, files and HTML, and not heeded.
func catcher(deploy.Config) (func(http.Handler) http.Handler, error) {
	show, catch := middleware.PrintDebug(middleware.PrintDebugOptions{}), middleware.Recover(middleware.RecoverOptions{})
	return func(app http.Handler) http.Handler { return show(catch(app)) }, nil
}

func requestID(c deploy.Config) (func(http.Handler) http.Handler, error) {
	var opts struct {
		Trust bool
		Field string
	}
	if err := c.Decode(&opts); err != nil {
		return nil, err
	}
	return middleware.RequestID(middleware.RequestIDOptions{Trust: opts.Trust, Field: opts.Field}), nil
}

// accessLog writes records or lines: to = log, stderr or stdout.
func accessLog(c deploy.Config) (func(http.Handler) http.Handler, error) {
	opts := struct{ To, Format, Level string }{To: "log", Level: "info"}
	if err := c.Decode(&opts); err != nil {
		return nil, err
	}
	o := middleware.AccessLogOptions{}
	switch opts.To {
	case "log":
	case "stderr":
		o.Writer = os.Stderr
	case "stdout":
		o.Writer = os.Stdout
	default:
		return nil, c.Errorf("to", "%q is none of log, stderr and stdout", opts.To)
	}
	var err error
	if o.Level, err = level(c, "level", opts.Level); err != nil {
		return nil, err
	}
	if opts.Format != "" && opts.Format != "combined" {
		if o.Format, err = middleware.ParseAccessFormat(opts.Format); err != nil {
			return nil, c.Errorf("format", "%w", err)
		}
	} else if opts.Format == "combined" {
		o.Format = middleware.CombinedLog
	}
	return middleware.AccessLog(o), nil
}

// sorted are the names of something to be listed in an error.
func sorted[V any](m map[string]V) []string {
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
