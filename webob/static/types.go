package static

import "github.com/gowebob/gowebob/internal/filetype"

// unknownType is the type of what has no known extension. It is never guessed from
// the content: a browser must not run what nobody has called HTML.
const unknownType = "application/octet-stream"

// Type is the media type and the content coding that a file's name stands for:
// text/css; charset=utf-8 for a.css, application/x-tar and gzip for a.tar.gz,
// application/octet-stream where the name says nothing. Texts and XML are taken for
// UTF-8. The types of the Web are the same on every system; others are those of
// package mime.
func Type(name string) (mediaType, coding string) {
	mediaType, coding = filetype.Of(name, nil)
	if mediaType == "" {
		mediaType = unknownType
	}
	return mediaType, coding
}
