// Package filetype tells media types and content codings by the names of files, for
// webob.File and webob/static alike. The types of the Web are the same on every system;
// others are those of package mime.
package filetype

import (
	"mime"
	"path"
	"strings"
)

// Of is the media type and the content coding that a file's name stands for, with types
// of the caller's own, by the extension in lower case, before all others. The type is ""
// where the name says nothing.
func Of(name string, own map[string]string) (mediaType, coding string) {
	base := path.Base(name)
	ext := extension(base)
	if long, ok := archives[strings.ToLower(ext)]; ok && own[strings.ToLower(ext)] == "" {
		base = strings.TrimSuffix(base, ext) + long
		ext = extension(base)
	}
	if c, ok := codings[ext]; ok && own[ext] == "" {
		coding = c
		ext = extension(strings.TrimSuffix(base, ext))
	}
	ext = strings.ToLower(ext)
	if t := own[ext]; t != "" {
		return t, coding
	}
	if t := webTypes[ext]; t != "" {
		return inUTF8(t), coding
	}
	if t := mime.TypeByExtension(ext); ext != "" && t != "" {
		return inUTF8(t), coding
	}
	return "", coding
}

// extension is that of a base name. A name that is only dots and an extension, like
// .profile, has none.
func extension(base string) string {
	ext := path.Ext(base)
	if strings.Trim(base[:len(base)-len(ext)], ".") == "" {
		return ""
	}
	return ext
}

// inUTF8 adds the charset to texts and XML.
func inUTF8(t string) string {
	if strings.IndexByte(t, ';') < 0 && (strings.HasPrefix(t, "text/") || t == "application/xml" || strings.HasSuffix(t, "+xml")) {
		return t + "; charset=utf-8"
	}
	return t
}

// codings are the content codings of extensions, which have case: .Z is one.
var codings = map[string]string{".gz": "gzip", ".br": "br", ".Z": "compress", ".bz2": "bzip2", ".xz": "xz"}

// archives are short for a type and a coding.
var archives = map[string]string{
	".tgz": ".tar.gz", ".taz": ".tar.gz", ".tz": ".tar.gz", ".tbz2": ".tar.bz2", ".txz": ".tar.xz", ".svgz": ".svg.gz",
}

// unknown is the type of what is only bytes.
const unknown = "application/octet-stream"

// webTypes are the types of the Web, as IANA and WHATWG name them.
var webTypes = map[string]string{
	".html": "text/html", ".htm": "text/html", ".xhtml": "application/xhtml+xml", ".css": "text/css",
	".js": "text/javascript", ".mjs": "text/javascript", ".json": "application/json", ".map": "application/json",
	".jsonld": "application/ld+json", ".geojson": "application/geo+json", ".webmanifest": "application/manifest+json",
	".wasm": "application/wasm", ".xml": "application/xml", ".xsl": "application/xslt+xml", ".xslt": "application/xslt+xml",
	".atom": "application/atom+xml", ".rss": "application/rss+xml",

	".txt": "text/plain", ".text": "text/plain", ".log": "text/plain", ".md": "text/markdown", ".csv": "text/csv",
	".tsv": "text/tab-separated-values", ".ics": "text/calendar", ".vcf": "text/vcard", ".vtt": "text/vtt",
	".yaml": "application/yaml", ".yml": "application/yaml", ".toml": "application/toml",

	".png": "image/png", ".apng": "image/apng", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".gif": "image/gif",
	".svg": "image/svg+xml", ".webp": "image/webp", ".avif": "image/avif", ".jxl": "image/jxl", ".heic": "image/heic",
	".bmp": "image/bmp", ".tif": "image/tiff", ".tiff": "image/tiff", ".ico": "image/x-icon",

	".mp3": "audio/mpeg", ".m4a": "audio/mp4", ".aac": "audio/aac", ".ogg": "audio/ogg", ".oga": "audio/ogg",
	".opus": "audio/ogg", ".flac": "audio/flac", ".wav": "audio/x-wav", ".weba": "audio/webm",
	".mp4": "video/mp4", ".m4v": "video/mp4", ".webm": "video/webm", ".ogv": "video/ogg", ".mov": "video/quicktime",
	".mpeg": "video/mpeg", ".mpg": "video/mpeg", ".avi": "video/x-msvideo", ".mkv": "video/x-matroska",
	".m3u8": "application/vnd.apple.mpegurl",

	".woff": "font/woff", ".woff2": "font/woff2", ".ttf": "font/ttf", ".otf": "font/otf",
	".eot": "application/vnd.ms-fontobject",

	".pdf": "application/pdf", ".zip": "application/zip", ".tar": "application/x-tar", ".7z": "application/x-7z-compressed",
	".zst": "application/zstd", ".jar": "application/java-archive", ".epub": "application/epub+zip", ".rtf": "application/rtf",
	".doc": "application/msword", ".xls": "application/vnd.ms-excel", ".ppt": "application/vnd.ms-powerpoint",
	".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
	".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
	".odt":  "application/vnd.oasis.opendocument.text", ".ods": "application/vnd.oasis.opendocument.spreadsheet",
	".bin": unknown, ".exe": unknown, ".iso": unknown, ".dmg": unknown,
}
