package webob

import (
	"iter"
	"log/slog"
	"strconv"
	"strings"
)

// secretMask stands for a secret in logs, whatever its length.
const secretMask = "******"

// secretWords are parts of keys whose values are no log's business.
var secretWords = [...]string{"password", "passwd", "pwd", "token", "secret"}

// Masked ranges over keys and values as they may be shown: the value is ****** if
// the key has password, passwd, pwd, token or secret in it, in capitals or not.
func (d *MultiDict) Masked() iter.Seq2[string, string] {
	return func(yield func(string, string) bool) {
		for key, value := range d.All() {
			if isSecret(key) {
				value = secretMask
			}
			if !yield(key, value) {
				return
			}
		}
	}
}

func isSecret(key string) bool {
	key = strings.ToLower(key)
	for _, word := range secretWords {
		if strings.Contains(key, word) {
			return true
		}
	}
	return false
}

// String shows the pairs, masked and quoted, for logs: {"a": "1", "pwd": "******"}.
func (d *MultiDict) String() string {
	b := []byte{'{'}
	for key, value := range d.Masked() {
		if len(b) > 1 {
			b = append(b, ", "...)
		}
		b = strconv.AppendQuote(b, key)
		b = append(b, ": "...)
		b = strconv.AppendQuote(b, value)
	}
	return string(append(b, '}'))
}

// GoString is String, so that %#v shows no secrets either.
func (d *MultiDict) GoString() string { return d.String() }

// LogValue makes log/slog write String.
func (d *MultiDict) LogValue() slog.Value { return slog.StringValue(d.String()) }
