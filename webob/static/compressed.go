package static

import (
	"fmt"
	"io/fs"
	"net/http"

	"github.com/gowebob/gowebob/contentneg"
)

// suffixes are those of the siblings.
var suffixes = map[string]string{"br": ".br", "zstd": ".zst", "gzip": ".gz"}

// variants chooses among the codings of a file. choices has the offers for each set
// of codings that may still be there, by its bits, so that nothing is made for a
// request.
type variants struct {
	codings []string
	choices []*contentneg.Encodings
}

func newVariants(codings []string) (*variants, error) {
	if len(codings) == 0 {
		return nil, nil
	}
	seen := map[string]bool{}
	for _, c := range codings {
		if suffixes[c] == "" || seen[c] {
			return nil, fmt.Errorf("static: precompressed coding %q is none of br, zstd, gzip, or twice there", c)
		}
		seen[c] = true
	}
	v := &variants{codings: codings, choices: make([]*contentneg.Encodings, 1<<len(codings))}
	for set := range v.choices {
		var offers []string
		for i, c := range codings {
			if set>>i&1 == 1 {
				offers = append(offers, c)
			}
		}
		e, err := contentneg.NewEncodings(append(offers, "identity")...)
		if err != nil {
			return nil, fmt.Errorf("static: %w", err)
		}
		v.choices[set] = e
	}
	return v, nil
}

// variant is a sibling that the request likes better than the file itself.
type variant struct {
	fs.File
	info         fs.FileInfo
	name, coding string
}

// find opens the sibling, ok where there is one. A request without the field wants
// the file as it is; nothing acceptable is answered with that as well.
func (v *variants) find(s source, name string, original fs.FileInfo, h http.Header) (found variant, ok bool) {
	if len(h["Accept-Encoding"]) == 0 {
		return variant{}, false
	}
	for set := len(v.choices) - 1; set > 0; {
		at, acceptable := v.choices[set].Best(h)
		coding := v.choices[set].Value(max(at, 0))
		if !acceptable || coding == "identity" {
			return variant{}, false
		}
		sibling := name + suffixes[coding]
		if f, info, err := open(s, sibling); err == nil {
			if info.Mode().IsRegular() && !info.ModTime().Before(original.ModTime()) {
				return variant{f, info, sibling, coding}, true
			}
			f.Close()
		}
		for i, c := range v.codings {
			if c == coding {
				set &^= 1 << i
			}
		}
	}
	return variant{}, false
}
