package command

import (
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/gowebob/gowebob/deploy"
)

// interspersed reads flags wherever they stand, and gives the other arguments. What stands
// behind -- is no flag.
func interspersed(fs *flag.FlagSet, args []string) (rest []string, err error) {
	for {
		if err := fs.Parse(args); err != nil {
			return nil, err
		}
		left := fs.Args()
		read := len(args) - len(left)
		switch {
		case len(left) == 0:
			return rest, nil
		case read > 0 && args[read-1] == "--":
			return append(rest, left...), nil
		}
		rest = append(rest, left[0])
		args = left[1:]
	}
}

var flagErrors = strings.NewReplacer(
	"flag provided but not defined: -", "there is no flag --",
	"flag needs an argument: -", "a value is missing behind --",
)

// flagError is what package flag says of a mistake, in the way in which help writes flags.
func flagError(err error) string { return printable(flagErrors.Replace(err.Error())) }

// list is a flag that may be given several times.
type list []string

func (l *list) String() string { return strings.Join(*l, " ") }

func (l *list) Set(s string) error {
	*l = append(*l, s)
	return nil
}

var schemes = regexp.MustCompile(`^(?i:config|egg|call):`)

// uri is the URI of a FILE argument. A colon or a percent sign in a path is part of it, and
// so is a # where there is a file of that name.
func uri(file string) string {
	if schemes.MatchString(file) {
		return file
	}
	path := strings.ReplaceAll(filepath.ToSlash(file), "%", "%25")
	if strings.Contains(file, "#") {
		if info, err := os.Stat(file); err == nil && info.Mode().IsRegular() {
			path = strings.ReplaceAll(path, "#", "%23")
		}
	}
	return "config:" + path
}

// options are what every command hands to package deploy.
func (c *call) options(p parsed, app string, more ...deploy.Option) []deploy.Option {
	opts := append([]deploy.Option{deploy.Globals(p.globals)}, more...)
	if app != "" {
		opts = append(opts, deploy.Name(app))
	}
	return opts
}
