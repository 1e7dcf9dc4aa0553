package routes

import "strings"

// What a key is compared to is the path that the client wrote, made clean: slashes in a
// row are one, and each segment is unescaped for itself. A slash that was escaped is no
// separator; it becomes NUL, which no key has.

// cleanPath makes an escaped path clean; plain says that it was clean as it stood, so
// that lengths in both are the same.
func cleanPath(path string) (clean string, plain bool) {
	if strings.IndexByte(path, '%') < 0 && !strings.Contains(path, "//") {
		return path, true
	}
	b := make([]byte, 0, len(path))
	for i := 0; i < len(path); {
		c, size := cleanByte(path, i)
		b = append(b, c)
		i += size
	}
	return string(b), false
}

// rawPrefix is how many bytes of an escaped path the first n bytes of the clean one take.
func rawPrefix(path string, n int) int {
	i := 0
	for range n {
		_, size := cleanByte(path, i)
		i += size
	}
	return i
}

// cleanByte is the byte that stands at path[i], and how many bytes it takes there.
func cleanByte(path string, i int) (c byte, size int) {
	switch c = path[i]; {
	case c == '/':
		rest := strings.TrimLeft(path[i:], "/")
		return c, len(path) - i - len(rest)
	case c == '%' && i+2 < len(path) && isHex(path[i+1]) && isHex(path[i+2]):
		if c = unhex(path[i+1])<<4 | unhex(path[i+2]); c == '/' {
			c = 0
		}
		return c, 3
	}
	return c, 1
}

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'f'
}

func unhex(c byte) byte {
	if c <= '9' {
		return c - '0'
	}
	return c | 0x20 - 'a' + 10
}

// singleSlashes makes slashes in a row one.
func singleSlashes(path string) string {
	for strings.Contains(path, "//") {
		path = strings.ReplaceAll(path, "//", "/")
	}
	return path
}
