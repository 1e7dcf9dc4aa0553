package contentneg_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/golang/gddo/httputil"

	"github.com/gowebob/gowebob/contentneg"
)

// benchFields are Accept fields as clients send them.
var benchFields = []struct{ name, field string }{
	{"chrome", "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8,application/signed-exchange;v=b3;q=0.7"},
	{"firefox", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"},
	{"axios", "application/json, text/plain, */*"},
	{"any", "*/*"},
	{"one", "application/json"},
}

var benchOffers = []string{"text/html", "application/json", "application/xml", "text/plain"}

// BenchmarkAccept compares with gddo's NegotiateContentType on the same request:
// what it reads differently is told in docs/negotiation.md. "uncached" reads the
// field anew each time, as for a client never seen before.
func BenchmarkAccept(b *testing.B) {
	types := contentneg.MustTypes(benchOffers...)
	for _, f := range benchFields {
		r := &http.Request{Header: http.Header{"Accept": {f.field}}}
		b.Run(f.name+"/gddo", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				httputil.NegotiateContentType(r, benchOffers, "")
			}
		})
		b.Run(f.name+"/uncached", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				types.BestUncached(r.Header)
			}
		})
		b.Run(f.name+"/cached", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				types.Best(r.Header)
			}
		})
	}
}

// BenchmarkAcceptableOffers is the long way, which parses offers and field anew.
func BenchmarkAcceptableOffers(b *testing.B) {
	h := http.Header{"Accept": {benchFields[0].field}}
	b.ReportAllocs()
	for b.Loop() {
		contentneg.ParseAccept(h["Accept"]).AcceptableOffers(benchOffers...)
	}
}

// BenchmarkAcceptMany shows that the time grows with the length and not faster.
func BenchmarkAcceptMany(b *testing.B) {
	types := contentneg.MustTypes(benchOffers...)
	for _, n := range []int{100, 1_000, 10_000} {
		field := ""
		for i := range n {
			field += fmt.Sprintf("a%d/b;q=0.%d, ", i, i%1000)
		}
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(field)))
			for b.Loop() {
				types.BestString(field)
			}
		})
	}
}

// BenchmarkFields are the other three fields as Chrome and old clients send them.
func BenchmarkFields(b *testing.B) {
	h := http.Header{
		"Accept-Encoding": {"gzip, deflate, br, zstd"},
		"Accept-Language": {"de-CH,de;q=0.9,en-US;q=0.8,en;q=0.7"},
		"Accept-Charset":  {"utf-8, iso-8859-1;q=0.5"},
	}
	for name, best := range map[string]func(http.Header) (int, bool){
		"encoding": contentneg.MustEncodings("br", "gzip", "identity").Best,
		"language": contentneg.MustLanguages("en", "de", "fr").Best,
		"charset":  contentneg.MustCharsets("utf-8").Best,
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				best(h)
			}
		})
	}
}
