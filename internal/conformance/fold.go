package conformance

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Edit returns a copy of an object with one member changed; anything else, and
// an object without that member, is returned as it is.
func Edit(v any, member string, change func(any) any) any {
	object, ok := v.(map[string]any)
	if !ok {
		return v
	}
	old, ok := object[member]
	if !ok {
		return v
	}
	return With(object, member, change(old))
}

// With returns a copy of an object with one member set.
func With(v any, member string, value any) any {
	changed := map[string]any{}
	if object, ok := v.(map[string]any); ok {
		for k, old := range object {
			changed[k] = old
		}
	}
	changed[member] = plain(value)
	return changed
}

// Without returns a copy of an object without some members.
func Without(v any, members ...string) any {
	object, ok := v.(map[string]any)
	if !ok {
		return v
	}
	changed := map[string]any{}
	for k, old := range object {
		if !slices.Contains(members, k) {
			changed[k] = old
		}
	}
	return changed
}

// EditAll changes every element of a list.
func EditAll(v any, change func(any) any) any {
	list, ok := v.([]any)
	if !ok {
		return v
	}
	changed := make([]any, len(list))
	for i, item := range list {
		changed[i] = change(item)
	}
	return changed
}

// pair takes [name, value] apart.
func pair(v any) (name, value string, ok bool) {
	list, _ := v.([]any)
	if len(list) != 2 {
		return "", "", false
	}
	name, ok1 := list[0].(string)
	value, ok2 := list[1].(string)
	return name, value, ok1 && ok2
}

// FoldHeaders takes a list of [name, value]: names become lower case and are
// sorted, those of equal name keep their order, dates in cookies become instants.
func FoldHeaders(v any) any {
	folded, ok := EditAll(v, func(item any) any {
		name, value, ok := pair(item)
		if !ok {
			return item
		}
		name = strings.ToLower(name)
		if name == "set-cookie" {
			value = FoldCookieDate(value)
		}
		return []any{name, value}
	}).([]any)
	if !ok {
		return v
	}
	slices.SortStableFunc(folded, func(a, b any) int {
		x, _, _ := pair(a)
		y, _, _ := pair(b)
		return strings.Compare(x, y)
	})
	return folded
}

// HeaderValues are the values of one name in a list of [name, value].
func HeaderValues(v any, name string) []string {
	var values []string
	list, _ := v.([]any)
	for _, item := range list {
		if n, value, ok := pair(item); ok && strings.EqualFold(n, name) {
			values = append(values, value)
		}
	}
	return values
}

// DropHeader returns a list of [name, value] without the fields of some names.
func DropHeader(v any, names ...string) any {
	list, ok := v.([]any)
	if !ok {
		return v
	}
	return slices.DeleteFunc(slices.Clone(list), func(item any) bool {
		n, _, ok := pair(item)
		return ok && slices.ContainsFunc(names, func(name string) bool { return strings.EqualFold(n, name) })
	})
}

// EditHeader changes every value of one name in a list of [name, value].
func EditHeader(v any, name string, change func(string) string) any {
	return EditAll(v, func(item any) any {
		if n, value, ok := pair(item); ok && strings.EqualFold(n, name) {
			return []any{n, change(value)}
		}
		return item
	})
}

// SetHeader returns a list of [name, value] with one field of that name.
func SetHeader(v any, name, value string) any {
	list, _ := DropHeader(v, name).([]any)
	return append(slices.Clone(list), []any{name, value})
}

var cookieDate = regexp.MustCompile(`(?i)(expires=)([A-Za-z]{3}, ?[^;]*)`)

// FoldCookieDate writes the date of a Set-Cookie value in RFC 3339, whether it
// had hyphens or spaces.
func FoldCookieDate(value string) string {
	return cookieDate.ReplaceAllStringFunc(value, func(part string) string {
		name, date, _ := strings.Cut(part, "=")
		for _, layout := range []string{http.TimeFormat, "Mon, 02-Jan-2006 15:04:05 GMT"} {
			if t, err := time.Parse(layout, date); err == nil {
				return name + "=" + t.Format(time.RFC3339)
			}
		}
		return part
	})
}

// FoldSpace makes one space of every run of white space, and takes it off the
// ends: for plain error pages.
func FoldSpace(s string) string { return strings.Join(strings.Fields(s), " ") }

// FoldBody gives a text that is JSON (an object or a list) as its value, and any
// other as it is.
func FoldBody(v any) any {
	s, ok := v.(string)
	if !ok || !strings.HasPrefix(s, "{") && !strings.HasPrefix(s, "[") {
		return v
	}
	value, err := decodeJSON([]byte(s))
	if err != nil {
		return v
	}
	return value
}

// Gunzip decompresses latin-1 text that is a gzip file, and returns any other
// as it is.
func Gunzip(s string) string {
	b, err := LatinBytes(s)
	if err != nil {
		return s
	}
	zr, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		return s
	}
	b, err = io.ReadAll(zr)
	if err != nil {
		return s
	}
	return Latin(b)
}
