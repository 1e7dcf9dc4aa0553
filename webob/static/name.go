package static

import (
	"io/fs"
	"path"
	"runtime"
	"strings"
	"unicode/utf8"

	"github.com/gowebob/gowebob/exc"
)

// strict is a system whose names mean more than they say, see windowsTrap.
const strict = runtime.GOOS == "windows"

// resolve makes the name of a file, relative to the root and in the form of fs.FS,
// of a path that has been decoded. The root is ".". What leaves the root is
// Forbidden, whatever it leads to; what no file is called is NotFound.
func resolve(p string, strict bool) (string, error) {
	if strings.IndexByte(p, 0) >= 0 || strings.IndexByte(p, '\\') >= 0 {
		return "", exc.NotFound
	}
	name := strings.TrimSuffix(strings.TrimPrefix(p, "/"), "/")
	if name == "" {
		return ".", nil
	}
	if !fs.ValidPath(name) {
		clean, err := cleaned(p)
		if err != nil {
			return "", err
		}
		name = clean
	}
	if strict && windowsTrap(name) {
		return "", exc.NotFound
	}
	return name, nil
}

// cleaned resolves empty and dot segments.
func cleaned(p string) (string, error) {
	if !utf8.ValidString(p) {
		return "", exc.NotFound
	}
	depth := 0
	for segment := range strings.SplitSeq(p, "/") {
		switch segment {
		case "", ".":
		case "..":
			if depth--; depth < 0 {
				return "", exc.Forbidden
			}
		default:
			depth++
		}
	}
	if name := path.Clean("/" + p)[1:]; name != "" {
		return name, nil
	}
	return ".", nil
}

// hidden tells names with a segment that begins with a dot. The directory
// .well-known at the top is meant to be seen, RFC 8615.
func hidden(name string) bool {
	if name == "." || name == ".well-known" {
		return false
	}
	name = strings.TrimPrefix(name, ".well-known/")
	return name[0] == '.' || strings.Contains(name, "/.")
}

// windowsTrap tells names that Windows opens as something else: devices (NUL,
// com1.txt), names whose dots and spaces at the end it drops, streams behind a colon,
// short names (GIT~1), patterns.
func windowsTrap(name string) bool {
	for segment := range strings.SplitSeq(name, "/") {
		last := segment[len(segment)-1]
		if segment != "." && (last == '.' || last == ' ') || shortName(segment) || device(segment) {
			return true
		}
		for i := range len(segment) {
			if segment[i] < ' ' || strings.IndexByte(`<>:"|?*`, segment[i]) >= 0 {
				return true
			}
		}
	}
	return false
}

// shortName tells the 8.3 form that Windows makes up for long names.
func shortName(s string) bool {
	base, ext, _ := strings.Cut(s, ".")
	i := strings.LastIndexByte(base, '~')
	return i >= 0 && i < len(base)-1 && strings.Trim(base[i+1:], "0123456789") == "" && len(base) <= 8 && len(ext) <= 3
}

// device tells the names that are devices in every directory, with any extension.
func device(s string) bool {
	base, _, _ := strings.Cut(s, ".")
	base = strings.ToUpper(strings.TrimRight(base, " "))
	switch base {
	case "CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$", "COM¹", "COM²", "COM³", "LPT¹", "LPT²", "LPT³":
		return true
	}
	return len(base) == 4 && (base[:3] == "COM" || base[:3] == "LPT") && base[3] >= '0' && base[3] <= '9'
}
