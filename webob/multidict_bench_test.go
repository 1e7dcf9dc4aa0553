package webob_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/gowebob/gowebob/webob"
)

const benchQuery = "q=caf%C3%A9+noir&page=2&sort=price&order=desc&tag=a&tag=b&lang=de&debug="

func BenchmarkParseQuery(b *testing.B) {
	many := strings.Repeat("key=value&", 1000)
	for name, raw := range map[string]string{"1": "page=2", "8": benchQuery, "1000": many} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				webob.ParseQuery(raw)
			}
		})
	}
	b.Run("8/net-url", func(b *testing.B) { // for comparison
		b.ReportAllocs()
		for b.Loop() {
			url.ParseQuery(benchQuery)
		}
	})
}

func BenchmarkMultiDictGet(b *testing.B) {
	for _, n := range []int{1, 8, 32, 10_000} {
		d := new(webob.MultiDict)
		for i := range n {
			d.Add(fmt.Sprintf("key%d", i), "v")
		}
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				d.Get("key0")
			}
		})
	}
}

func BenchmarkMultiDictEncode(b *testing.B) {
	d := webob.ParseQuery(benchQuery)
	b.ReportAllocs()
	for b.Loop() {
		d.Encode()
	}
}

func BenchmarkMultiDictSet(b *testing.B) {
	d := webob.ParseQuery(benchQuery)
	b.ReportAllocs()
	for b.Loop() {
		d.Set("page", "3")
	}
}
