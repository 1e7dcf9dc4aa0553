package header

import "strings"

// ContentType is the media type of the content, RFC 9110, section 8.3:
//
//	Content-Type = media-type
//	media-type   = type "/" subtype parameters
//
//	Content-Type: text/html; charset=utf-8
//	Content-Type: multipart/form-data; boundary="a b"
//
// WebOb: Request.content_type, Response.content_type, charset and
// content_type_params.
var ContentType = NewField(contentType, parseMediaTypeLines, MediaType.format)

// MediaType is a media type and its parameters.
type MediaType struct {
	// Type is type and subtype, "text/html", in small letters where it has
	// been read.
	Type string
	// Params are the parameters, such as charset. Where one comes twice the
	// first counts.
	Params Params
}

// Charset is the parameter charset in small letters, "" where there is none.
func (m MediaType) Charset() string { return toLower(m.Params.Get("charset")) }

// Is compares type and subtype, without case and parameters.
func (m MediaType) Is(mediaType string) bool { return equalFold(m.Type, mediaType) }

// String is the value as it is sent.
func (m MediaType) String() string {
	if len(m.Params) == 0 {
		return m.Type
	}
	return string(m.Params.appendTo([]byte(m.Type)))
}

// format is String, but refuses what is no media type.
func (m MediaType) format() (string, error) {
	if end, ok := scanMediaType(m.Type, 0); !ok || end < len(m.Type) {
		return "", bad(m.Type, end, errMediaType)
	}
	if err := m.Params.check(); err != nil {
		return "", err
	}
	return m.String(), nil
}

const errMediaType = syntaxError("type/subtype expected")

// scanMediaType is where the type/subtype that starts at i ends.
func scanMediaType(s string, i int) (end int, ok bool) {
	slash := tokenEnd(s, i)
	if slash == i || slash == len(s) || s[slash] != '/' {
		return slash, false
	}
	end = tokenEnd(s, slash+1)
	return end, end > slash+1
}

// ParseMediaType reads a media type with its parameters.
func ParseMediaType(s string) (MediaType, error) {
	end, ok := scanMediaType(s, 0)
	if !ok {
		return MediaType{}, bad(s, end, errMediaType)
	}
	m := MediaType{Type: toLower(s[:end])}
	var err error
	if end < len(s) {
		m.Params, _, err = parseParams(s, end, paramStyle{}, 0)
	}
	if err != nil {
		return MediaType{}, err
	}
	return m, nil
}

// parseMediaTypeLines reads the first line.
func parseMediaTypeLines(lines []string) (MediaType, error) {
	s := trimOWS(lines[0])
	if s == "" {
		return MediaType{}, ErrAbsent
	}
	return ParseMediaType(s)
}

// Split is the main type and the subtype: "text" and "html".
func (m MediaType) Split() (mainType, subtype string) {
	mainType, subtype, _ = strings.Cut(m.Type, "/")
	return mainType, subtype
}
