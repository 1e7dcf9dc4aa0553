package conformance

import (
	"encoding/json"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/gowebob/gowebob/webob/header"
)

// Dates asks header.ParseDateAt, header.ParseDelay and their way back.
func (adapters) Dates() Family {
	return Family{
		Name: "dates",
		Done: true,
		Ops: map[string]Op{
			"dates.parse":           Ask(datesParse),
			"dates.parse_delta":     Ask(datesParseDelta),
			"dates.serialize":       Ask(datesSerialize),
			"dates.serialize_delta": Ask(datesSerializeDelta),
		},
		Rules: []Rule{datesGrammar, datesOffset},
	}
}

// datesNow is a moment at which two-digit years are read, lest the answers
// change with the calendar.
var datesNow = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

type datesIn struct {
	Value any    `json:"value"`
	Now   string `json:"now"`
}

func datesParse(in struct {
	Value *string `json:"value"`
}) (any, error) {
	if in.Value == nil {
		return nil, nil
	}
	t, err := header.ParseDateAt(Raw(*in.Value), datesNow)
	if err != nil {
		return nil, nil
	}
	return typedMoment(t), nil
}

func datesParseDelta(in struct {
	Value *string `json:"value"`
	Now   string  `json:"now"`
}) (any, error) {
	if in.Value == nil {
		return nil, nil
	}
	d, err := header.ParseDelay(Raw(*in.Value))
	if err != nil {
		return nil, nil
	}
	return typedMoment(d.Time(typedNow(in.Now))), nil
}

func datesSerialize(in datesIn) (any, error) {
	if n, ok := in.Value.(json.Number); ok {
		return header.FormatDate(typedUnix(n)), nil
	}
	return datesText(in)
}

func datesSerializeDelta(in datesIn) (any, error) {
	if n, ok := in.Value.(json.Number); ok {
		return header.Delay{Seconds: typedWhole(n)}.String(), nil
	}
	return datesText(in)
}

func datesText(in datesIn) (any, error) {
	if s, ok := in.Value.(string); ok {
		h := http.Header{}
		err := header.NewText("Date").Set(h, Raw(s))
		return Latin(h.Get("Date")), err
	}
	if t, ok := typedTime(in.Value, in.Now); ok {
		return header.FormatDate(t), nil
	}
	return nil, errNoDate
}

var datesGrammar = Rule{
	Name: "dates are read in the three forms of RFC 9110 alone",
	Reason: "WebOb reads the dates of e-mail: named and numbered zones, missing parts, days that a month has not got, and " +
		"fails on years of five digits. What is none of the three forms is no date here, nor is a number of seconds with a sign, " +
		"spaces or underscores, or beyond the year 9999. A year of four digits means itself, one of two digits is read by " +
		"section 5.6.7.",
	Applies: func(q Question) bool { return strings.HasPrefix(q.Op, "dates.parse") },
	Answer: func(q Question, _ Answer) Answer {
		in := In[struct {
			Value string `json:"value"`
			Now   string `json:"now"`
		}](q)
		t, ok := datesModel(in.Value)
		if seconds, isNumber := datesSeconds(in.Value); q.Op == "dates.parse_delta" && isNumber {
			t, ok = typedNow(in.Now).Add(time.Duration(seconds)*time.Second), true
			if seconds > 9e9 { // more than a Duration
				t = time.Unix(typedNow(in.Now).Unix()+seconds, 0)
			}
		}
		if !ok {
			return Says(nil)
		}
		return Says(typedMoment(t))
	},
}

// datesSeconds reads digits, as many as a date can be away.
func datesSeconds(s string) (int64, bool) {
	if strings.Trim(s, "0123456789") != "" {
		return 0, false
	}
	n, err := strconv.ParseInt(s, 10, 64)
	return n, err == nil && n < 253402300800
}

const (
	datesMonths = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
	datesDays   = "(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)"
	datesLong   = "(?:Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)"
)

var (
	datesFixdate = regexp.MustCompile(`^` + datesDays + `, (\d\d ` + datesMonths + `) (\d{4}) (\d\d:\d\d:\d\d) GMT$`)
	datesRFC850  = regexp.MustCompile(`^` + datesLong + `, (\d\d)-(` + datesMonths + `)-(\d\d) (\d\d:\d\d:\d\d) GMT$`)
	datesAsctime = regexp.MustCompile(`^` + datesDays + ` (` + datesMonths + `) (\d\d| \d) (\d\d:\d\d:\d\d) (\d{4})$`)
)

// datesModel reads a date by regular expressions and package time.
func datesModel(s string) (time.Time, bool) {
	var day, year, clock string
	if m := datesFixdate.FindStringSubmatch(s); m != nil {
		day, year, clock = m[1], m[2], m[3]
	} else if m := datesAsctime.FindStringSubmatch(s); m != nil {
		day, clock, year = strings.ReplaceAll(m[2], " ", "0")+" "+m[1], m[3], m[4]
	} else if m := datesRFC850.FindStringSubmatch(s); m != nil {
		day, year, clock = m[1]+" "+m[2], "20"+m[3], m[4]
	} else {
		return time.Time{}, false
	}
	if year == "0000" {
		year = "2000"
	}
	leap := time.Duration(0)
	if clock == "23:59:60" {
		clock, leap = "23:59:59", time.Second
	}
	t, err := time.Parse("02 Jan 2006 15:04:05", day+" "+year+" "+clock)
	if datesRFC850.MatchString(s) && t.After(datesNow.AddDate(50, 0, 0)) {
		t, err = time.Parse("02 Jan 2006 15:04:05", day+" 19"+year[2:]+" "+clock)
	}
	return t.Add(leap), err == nil
}

var datesOffset = Rule{
	Name:   "a moment in another zone is converted to GMT",
	Reason: "WebOb writes the local time of such a moment and calls it GMT, so that it is hours off.",
	Applies: ForOps(func(q Question) bool { return typedHasOffset(In[datesIn](q).Value) },
		"dates.serialize", "dates.serialize_delta"),
	Answer: func(q Question, _ Answer) Answer {
		return Says(typedParse(time.RFC3339, In[datesIn](q).Value.(map[string]any)["$datetime"]).UTC().Format(http.TimeFormat))
	},
}

// typedHasOffset tells whether a typed value is a moment in another zone.
func typedHasOffset(v any) bool {
	object, _ := v.(map[string]any)
	s, _ := object["$datetime"].(string)
	return s != "" && !strings.HasSuffix(s, "Z")
}
