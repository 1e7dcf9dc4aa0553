package webob

import (
	"crypto/md5"
	"crypto/sha256"
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

// ETagFromBody gives the Response the entity tag that its body comes to: the same bytes,
// the same tag. It is for answers that are made while they are sent: a body of at
// most limit bytes is gathered and hashed (SHA-256, cut to 128 bits); of a longer one no
// more is read than that, and of one that is flushed no more than up to there: it has no
// tag, and tagged is false. A weak tag says "the same for the reader" and not "the same bytes":
// choose it where something later may change bytes without meaning; no ranges are joined by
// it, and no If-Match holds. A tag that is there stays.
//
// Conditional(true) then answers 304. The body is made all the same: what is spared is
// its way to the client. Request.Precondition spares both where a tag is known
// before. ETag could be sent as a trailer, but no client is known that heeds it.
func (p *Response) ETagFromBody(limit int, weak bool) (tagged bool, err error) {
	if p.header.Has("ETag") {
		return true, nil
	}
	b, whole, err := p.look(limit, false)
	if err != nil || !whole {
		return false, err
	}
	sum := sha256.Sum256(b)
	tag := header.EntityTag{Tag: base64.RawURLEncoding.EncodeToString(sum[:16]), Weak: weak}
	p.header.Set("ETag", tag.String())
	return true, nil
}

// codeETag gives the tag of the body in a coding.
func (p *Response) codeETag(coding string) {
	if tag, ok := header.ETag.Get(&p.header); ok && !tag.Weak {
		p.header.Set("ETag", tag.ForCoding(coding).String())
	}
}

// uncodeETag takes that back. A tag that does not know of the coding stands for other
// bytes now, and becomes weak.
func (p *Response) uncodeETag(coding string) {
	tag, ok := header.ETag.Get(&p.header)
	if !ok || tag.Weak {
		return
	}
	plain, of := tag.WithoutCoding()
	if plain.Weak = of != coding; plain.Weak {
		plain.Tag = tag.Tag
	}
	p.header.Set("ETag", plain.String())
}
