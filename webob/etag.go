package webob

import (
	"crypto/md5"
	"encoding/base64"

	"github.com/gowebob/gowebob/webob/header"
)

// MD5ETag gives the Response the strong entity tag that header.MD5Tag makes of its
// body, gathering a stream first. Set it before a content coding, or the tag tells
// coded and plain body apart no more. To hash something else, say
// header.ETag.Set(p.Header(), header.MD5Tag(content)). WebOb: Response.md5_etag.
func (p *Response) MD5ETag() error {
	b, err := p.Bytes()
	if err != nil {
		return err
	}
	sum := md5.Sum(b)
	var tag [24]byte // MD5Tag with its quotes, in one piece
	tag[0], tag[len(tag)-1] = '"', '"'
	base64.RawStdEncoding.Encode(tag[1:len(tag)-1], sum[:])
	p.header.Set("Etag", string(tag[:]))
	return nil
}

// weakenETag says that the body stands for the same thing in other bytes.
func (p *Response) weakenETag() {
	if tag, ok := header.ETag.Get(&p.header); ok && !tag.Weak {
		tag.Weak = true
		p.header.Set("ETag", tag.String())
	}
}
