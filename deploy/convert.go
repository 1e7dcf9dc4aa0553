package deploy

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// ParseBool reads a switch: true, yes, on, y, t and 1, or false, no, off, n, f and 0, in any
// case. PasteDeploy: converters.asbool.
func ParseBool(s string) (bool, error) {
	switch strings.ToLower(strings.TrimFunc(s, isSpace)) {
	case "true", "yes", "on", "y", "t", "1":
		return true, nil
	case "false", "no", "off", "n", "f", "0":
		return false, nil
	}
	return false, fmt.Errorf("%s is neither true (yes, on, 1) nor false (no, off, 0)", quote(s))
}

// ParseInt reads a decimal number of ASCII digits, with or without a sign. What Python
// reads beside, digits of other scripts and 1_000, is refused. PasteDeploy: converters.asint.
func ParseInt(s string) (int, error) {
	t := strings.TrimFunc(s, isSpace)
	n, err := strconv.Atoi(t)
	switch {
	case err == nil:
		return n, nil
	case strings.Trim(strings.TrimLeft(t, "+-"), "0123456789") == "" && t != "" && strings.ContainsAny(t, "0123456789"):
		return 0, fmt.Errorf("%s is too large", quote(s))
	}
	return 0, fmt.Errorf("%s is no whole number", quote(s))
}

// SplitList splits a list at white space, or at sep if that is not "". Elements are then
// trimmed; between two separators is an empty one. PasteDeploy: converters.aslist.
func SplitList(s, sep string) []string {
	if sep == "" {
		return strings.FieldsFunc(s, isSpace)
	}
	list := strings.Split(s, sep)
	for i, e := range list {
		list[i] = strings.TrimFunc(e, isSpace)
	}
	return list
}

// Size is a number of bytes, written as "512", "64 KiB", "1.5 MiB" or "2 GB".
type Size int64

var sizes = []struct {
	unit string
	n    float64
}{
	{"", 1}, {"B", 1}, {"kB", 1e3}, {"MB", 1e6}, {"GB", 1e9}, {"TB", 1e12},
	{"KiB", 1 << 10}, {"MiB", 1 << 20}, {"GiB", 1 << 30}, {"TiB", 1 << 40},
	{"K", 1 << 10}, {"M", 1 << 20}, {"G", 1 << 30}, {"T", 1 << 40},
}

// ParseSize reads a size: a number, white space or none, a unit. B, kB, MB, GB and TB go by
// 1000, KiB, MiB, GiB and TiB by 1024, and so do K, M, G and T alone. Case does not
// count. Without a unit it is bytes.
func ParseSize(s string) (Size, error) {
	t := strings.TrimFunc(s, isSpace)
	i := strings.IndexFunc(t, func(c rune) bool { return (c < '0' || c > '9') && c != '.' })
	if i < 0 {
		i = len(t)
	}
	number, unit := t[:i], strings.TrimFunc(t[i:], isSpace)
	n, err := strconv.ParseFloat(number, 64)
	for _, u := range sizes {
		if err != nil || !strings.EqualFold(u.unit, unit) {
			continue
		}
		if n *= u.n; n >= math.MaxInt64 {
			return 0, fmt.Errorf("%s is too large", quote(s))
		}
		return Size(n), nil
	}
	return 0, fmt.Errorf("%s is no size, as 512, 64 KiB or 10 MB", quote(s))
}

// UnmarshalText is ParseSize, for Config.Decode.
func (z *Size) UnmarshalText(text []byte) error {
	n, err := ParseSize(string(text))
	if err == nil {
		*z = n
	}
	return err
}

// String writes the size with the largest unit that divides it.
func (z Size) String() string {
	for _, u := range []string{"TiB", "GiB", "MiB", "KiB"} {
		for _, known := range sizes {
			if n := Size(known.n); known.unit == u && z != 0 && z%n == 0 {
				return fmt.Sprintf("%d %s", z/n, u)
			}
		}
	}
	return fmt.Sprintf("%d", int64(z))
}
