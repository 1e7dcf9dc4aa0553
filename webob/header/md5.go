package header

import (
	"crypto/md5"
	"encoding/base64"
)

// ContentMD5 is a checksum of the content that HTTP has given up, RFC 1864 and
// RFC 7231, appendix B; ContentDigest is its successor:
//
//	Content-MD5 = base64 of 16 bytes
//
//	Content-MD5: XUFAKrxLKna5cZ2REBfFkg==
//
// WebOb: Response.content_md5.
var ContentMD5 = NewField("Content-Md5", parseMD5, formatMD5)

// MD5Tag makes a strong tag of content: base64 of its MD5, without padding. It
// is a fingerprint of one's own content and protects from nobody. WebOb:
// Response.md5_etag.
func MD5Tag(content []byte) EntityTag {
	sum := md5.Sum(content)
	return EntityTag{Tag: base64.RawStdEncoding.EncodeToString(sum[:])}
}

// parseMD5 reads the first line.
func parseMD5(lines []string) (sum [md5.Size]byte, err error) {
	s := trimOWS(lines[0])
	if s == "" {
		return sum, ErrAbsent
	}
	b, err := base64.StdEncoding.Strict().DecodeString(s)
	if err != nil || len(b) != md5.Size {
		return sum, bad(lines[0], -1, syntaxError("base64 of 16 bytes expected"))
	}
	return [md5.Size]byte(b), nil
}

// formatMD5 writes base64 with padding.
func formatMD5(sum [md5.Size]byte) (string, error) {
	return base64.StdEncoding.EncodeToString(sum[:]), nil
}
