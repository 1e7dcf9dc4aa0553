package webob

import (
	"time"

	"github.com/gowebob/gowebob/webob/header"
)

// CacheExpires lets the Response be kept for d from now on, or, with a d of 0, says
// in all dialects that it must not be kept; the directives given are set as well.
// header.CacheExpires tells what it writes, and takes another now.
//
//	p.CacheExpires(time.Hour, header.Directive{Name: "private"})
//
// WebOb: Response.cache_expires.
func (p *Response) CacheExpires(d time.Duration, directives ...header.Directive) error {
	return header.CacheExpires(&p.header, d, time.Now(), directives...)
}
