package standard

import (
	"log/slog"
	"net/http"
	"os"
	"strings"

	"github.com/gowebob/gowebob/deploy"
	"github.com/gowebob/gowebob/middleware"
)

// transLogger writes lines to standard error, or, without setup_console_handler, to the
// logger that logger_name names.
func (l *library) transLogger(c deploy.Config) (func(http.Handler) http.Handler, error) {
	opts := struct {
		LoggerName          string
		Format              string
		LoggingLevel        string
		SetupConsoleHandler bool
		SetLoggerLevel      string // a logger of slog has no level of its own
	}{LoggerName: "wsgi", LoggingLevel: "INFO", SetupConsoleHandler: true, SetLoggerLevel: "DEBUG"}
	if err := c.Decode(&opts); err != nil {
		return nil, err
	}
	o := middleware.AccessLogOptions{Format: middleware.CombinedLog}
	var err error
	if opts.Format != "" {
		if o.Format, err = middleware.ParseAccessFormat(opts.Format); err != nil {
			return nil, c.Errorf("format", "%w", err)
		}
	}
	if o.Level, err = level(c, "logging_level", opts.LoggingLevel); err != nil {
		return nil, err
	}
	if _, err = level(c, "set_logger_level", opts.SetLoggerLevel); err != nil {
		return nil, err
	}
	if opts.SetupConsoleHandler {
		o.Writer = os.Stderr
	} else {
		o.Logger = l.logger(opts.LoggerName)
	}
	return middleware.AccessLog(o), nil
}

// level reads a level by the names of slog and of Python's logging.
func level(c deploy.Config, key, text string) (slog.Level, error) {
	switch strings.ToUpper(text) {
	case "NOTSET", "DEBUG":
		return slog.LevelDebug, nil
	case "INFO":
		return slog.LevelInfo, nil
	case "WARN", "WARNING":
		return slog.LevelWarn, nil
	case "ERROR":
		return slog.LevelError, nil
	case "CRITICAL", "FATAL":
		return slog.LevelError + 4, nil
	}
	return 0, c.Errorf(key, "%q is none of DEBUG, INFO, WARNING, ERROR and CRITICAL", text)
}

// basicAuth checks passwords with the function that authfunc names, or against passwords,
// a list of name:password.
func (l *library) basicAuth(c deploy.Config) (func(http.Handler) http.Handler, error) {
	var opts struct {
		Realm     string `ini:",required"`
		Authfunc  string
		Passwords []string // a name that plans mask
		Charset   bool
	}
	if err := c.Decode(&opts); err != nil {
		return nil, err
	}
	o := middleware.BasicAuthOptions{Realm: opts.Realm, NoCharset: !opts.Charset}
	switch {
	case opts.Authfunc != "" && opts.Passwords != nil, opts.Authfunc == "" && opts.Passwords == nil:
		return nil, c.Errorf("authfunc", "either authfunc or passwords says who may come in")
	case opts.Authfunc != "":
		check, ok := l.checks[opts.Authfunc]
		if !ok {
			return nil, c.Errorf("authfunc", "no function %q is registered; there are: %s", opts.Authfunc, strings.Join(sorted(l.checks), ", "))
		}
		o.Check = check
	default:
		passwords := map[string]string{}
		for _, entry := range opts.Passwords {
			user, password, ok := strings.Cut(entry, ":")
			if !ok || user == "" || password == "" {
				return nil, c.Errorf("passwords", "an entry is no name:password") // which one would show a password
			}
			passwords[user] = password
		}
		o.Check = middleware.Users(passwords)
	}
	if err := o.Validate(); err != nil {
		return nil, refused(c, err)
	}
	return middleware.BasicAuth(o), nil
}
