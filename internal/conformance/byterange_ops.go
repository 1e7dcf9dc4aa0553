package conformance

import (
	"cmp"
	"encoding/json"
	"errors"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/gowebob/gowebob/webob/header"
)

// Byterange asks header.Range and header.ContentRange.
func (adapters) Byterange() Family {
	return Family{
		Name: "byterange",
		Done: true,
		Ops: map[string]Op{
			"byterange.parse":          Ask(byterangeParse),
			"byterange.for_length":     Ask(byterangeForLength),
			"byterange.format":         Ask(byterangeFormat),
			"byterange.set":            Ask(byterangeSet),
			"byterange.content_parse":  Ask(byterangeContentParse),
			"byterange.content_format": Ask(byterangeContentFormat),
			"byterange.content_set":    Ask(byterangeContentSet),
		},
		Rules: []Rule{byterangeGrammar, byterangeSuffix, byterangeWritten, byterangeContentGrammar, byterangeContentWritten},
	}
}

var errByterange = errors.New("no range that the API could hold")

// byterangeOne writes a range the reference's way: the end is one past the
// last byte, the last bytes have a negative start.
func byterangeOne(r header.ByteRange) map[string]any {
	object := map[string]any{"start": r.First, "end": nil, "text": header.ByteRanges{r}.String()}
	if r.First < 0 {
		object["start"] = -r.Last
	} else if r.Last >= 0 {
		object["end"] = uint64(r.Last) + 1
	}
	return object
}

// byterangeOf is the way back.
func byterangeOf(start int64, end *int64) (header.ByteRange, error) {
	switch {
	case start < 0 && end == nil:
		return header.LastBytes(-start), nil
	case start < 0:
		return header.ByteRange{}, errByterange
	case end == nil:
		return header.From(start), nil
	case *end <= 0:
		return header.ByteRange{First: start, Last: *end - 2}, nil // -1 would be all that follows
	}
	return header.FromTo(start, *end-1), nil
}

func byterangeParse(in struct {
	Header *string `json:"header"`
}) (any, error) {
	rs, ok := header.Range.Get(typedField("Range", in.Header))
	switch {
	case !ok:
		return nil, nil
	case len(rs) == 1:
		return byterangeOne(rs[0]), nil
	}
	several := make([]any, len(rs))
	for i, r := range rs {
		several[i] = byterangeOne(r)
	}
	return several, nil
}

type byterangeIn struct {
	Start  int64   `json:"start"`
	End    *int64  `json:"end"`
	Length *int64  `json:"length"`
	Header *string `json:"header"`
}

func byterangeForLength(in byterangeIn) (any, error) {
	length := int64(-1)
	if in.Length != nil {
		length = *in.Length
	}
	var rs header.ByteRanges
	if in.Header != nil {
		var err error
		if rs, err = header.ParseRange(Raw(*in.Header)); err != nil {
			return nil, err
		}
	} else if r, err := byterangeOf(in.Start, in.End); err != nil {
		return nil, err
	} else {
		rs = header.ByteRanges{r}
	}
	parts := []any{}
	for _, s := range rs.Spans(length) {
		parts = append(parts, map[string]any{"bytes": []int64{s.Start, s.End}, "content_range": s.Of(length).String()})
	}
	switch {
	case len(parts) == 0:
		return map[string]any{"bytes": nil, "content_range": nil}, nil
	case len(rs) == 1:
		return parts[0], nil
	}
	return parts, nil
}

func byterangeFormat(in byterangeIn) (any, error) {
	h := http.Header{}
	r, err := byterangeOf(in.Start, in.End)
	if err == nil {
		err = header.Range.Set(h, header.ByteRanges{r})
	}
	return typedRaw(h, "Range"), err
}

// byterangeNumbers reads a list of whole numbers and nulls.
func byterangeNumbers(list []any) []*int64 {
	numbers := make([]*int64, len(list))
	for i, v := range list {
		if n, ok := v.(json.Number); ok {
			whole := typedWhole(n)
			numbers[i] = &whole
		}
	}
	return numbers
}

func byterangeSet(in struct {
	Value any `json:"value"`
}) (any, error) {
	h := http.Header{"Range": {"bytes=7-8"}}
	var rs header.ByteRanges
	var err error
	switch v := in.Value.(type) {
	case string:
		rs, err = header.ParseRange(Raw(v))
	case []any:
		if n := byterangeNumbers(v); len(n) == 2 && n[0] != nil {
			rs = make(header.ByteRanges, 1)
			rs[0], err = byterangeOf(*n[0], n[1])
		} else if len(n) > 0 {
			err = errByterange
		}
	}
	if err == nil {
		err = header.Range.Set(h, rs)
	}
	return typedRaw(h, "Range"), err
}

func byterangeContentParse(in struct {
	Header *string `json:"header"`
}) (any, error) {
	c, ok := header.ContentRange.Get(typedField("Content-Range", in.Header))
	if !ok {
		return nil, nil
	}
	object := map[string]any{"start": nil, "stop": nil, "length": nil, "text": c.String()}
	if c.Start >= 0 {
		object["start"], object["stop"] = c.Start, c.End
	}
	if c.Length >= 0 {
		object["length"] = c.Length
	}
	return object, nil
}

// byterangeKnown is a number of a ContentSpan, which has -1 for null: a negative
// one has to stay one.
func byterangeKnown(n *int64) int64 {
	switch {
	case n == nil:
		return -1
	case *n < 0:
		return *n - 1
	}
	return *n
}

func byterangeContent(start, stop, length *int64) header.ContentSpan {
	return header.ContentSpan{Start: byterangeKnown(start), End: byterangeKnown(stop), Length: byterangeKnown(length)}
}

func byterangeContentFormat(in struct {
	Start  *int64 `json:"start"`
	Stop   *int64 `json:"stop"`
	Length *int64 `json:"length"`
}) (any, error) {
	h := http.Header{}
	err := header.ContentRange.Set(h, byterangeContent(in.Start, in.Stop, in.Length))
	return typedRaw(h, "Content-Range"), err
}

func byterangeContentSet(in struct {
	Value any `json:"value"`
}) (any, error) {
	h := http.Header{"Content-Range": {"bytes 7-8/9"}}
	var c header.ContentSpan
	var err error
	switch v := in.Value.(type) {
	case nil:
		header.ContentRange.Del(h)
		return nil, nil
	case string:
		text := strings.TrimSpace(Raw(v))
		if text == "" {
			header.ContentRange.Del(h)
			return nil, nil
		}
		c, err = header.ParseContentRange(text)
	case []any:
		n := byterangeNumbers(v)
		switch len(n) {
		case 2:
			c = byterangeContent(n[0], n[1], nil)
		case 3:
			c = byterangeContent(n[0], n[1], n[2])
		default:
			err = errByterange
		}
	}
	if err == nil {
		err = header.ContentRange.Set(h, c)
	}
	return typedRaw(h, "Content-Range"), err
}

// byterangeModelRange is a range as regular expressions find it.
type byterangeModelRange struct {
	start *int64  // negative for a suffix
	end   *uint64 // one past the last
}

var (
	byterangeUnit = regexp.MustCompile(`^(?i:bytes)=(.*)$`)
	byterangeSpec = regexp.MustCompile(`^(\d*)-(\d*)$`)
)

// byterangeModel reads a Range field; zero tells the suffix of no bytes, whose
// negative start is no number.
func byterangeModel(s string) (ranges []byterangeModelRange, texts []string, ok bool) {
	unit := byterangeUnit.FindStringSubmatch(s)
	if unit == nil {
		return nil, nil, false
	}
	for _, spec := range strings.Split(unit[1], ",") {
		if spec = strings.Trim(spec, " \t"); spec == "" {
			continue
		}
		m := byterangeSpec.FindStringSubmatch(spec)
		if m == nil || spec == "-" {
			return nil, nil, false
		}
		first, err1 := strconv.ParseInt("0"+m[1], 10, 64)
		last, err2 := strconv.ParseInt("0"+m[2], 10, 64)
		if err1 != nil || err2 != nil || m[1] != "" && m[2] != "" && last < first {
			return nil, nil, false
		}
		var r byterangeModelRange
		text := ""
		switch end := uint64(last) + 1; {
		case m[1] == "":
			last = -last
			r.start, text = &last, "-"+strconv.FormatInt(-last, 10)
		case m[2] == "":
			r.start, text = &first, strconv.FormatInt(first, 10)+"-"
		default:
			r.start, r.end, text = &first, &end, strconv.FormatInt(first, 10)+"-"+strconv.FormatInt(last, 10)
		}
		ranges, texts = append(ranges, r), append(texts, "bytes="+text)
	}
	return ranges, texts, len(ranges) > 0
}

// byterangeBytes is what a range comes to; ok is false where it is nothing.
func (r byterangeModelRange) bytes(length int64) (start, end int64, ok bool) {
	start, end = *r.start, length
	if r.end != nil {
		end = int64(min(*r.end, uint64(length)))
	}
	if start < 0 {
		start = max(length+start, 0)
	} else if start == 0 && r.end == nil {
		return start, end, length > 0
	}
	return start, end, start < end
}

var byterangeGrammar = Rule{
	Name: "ranges are read by RFC 9110's grammar, all of them",
	Reason: "WebOb sees the first of several ranges only, and a client that asked for two could take the one for both; it reads " +
		"`bytes=-0` as the whole, takes what follows a range for nothing, and fails on `bytes=-`. Here all ranges are given; " +
		"a field with one that is malformed, ends before its start or has more than 63 bits is ignored.",
	Applies: ForOps(func(q Question) bool { return In[byterangeIn](q).Header != nil }, "byterange.parse", "byterange.for_length"),
	Answer: func(q Question, want Answer) Answer {
		in := In[byterangeIn](q)
		ranges, texts, ok := byterangeModel(*in.Header)
		if q.Op == "byterange.parse" {
			return byterangeModelParsed(ranges, texts, ok)
		}
		if !ok {
			return Refused
		}
		return byterangeModelParts(ranges, texts, in.Length)
	},
}

func byterangeModelParsed(ranges []byterangeModelRange, texts []string, ok bool) Answer {
	if !ok {
		return Says(nil)
	}
	several := make([]any, len(ranges))
	for i, r := range ranges {
		several[i] = map[string]any{"start": r.start, "end": r.end, "text": texts[i]}
	}
	if len(several) == 1 {
		return Says(several[0])
	}
	return Says(several)
}

// byterangeModelParts gives the parts as asked for or, where two have a byte in
// common, what all of them cover, in order.
func byterangeModelParts(ranges []byterangeModelRange, texts []string, length *int64) Answer {
	spans, overlap := [][2]int64{}, false
	for i, r := range ranges {
		if length == nil || texts[i] == "bytes=-0" {
			continue
		}
		start, end, ok := r.bytes(*length)
		if !ok {
			continue
		}
		for _, s := range spans {
			overlap = overlap || start < s[1] && s[0] < end
		}
		spans = append(spans, [2]int64{start, end})
	}
	if overlap {
		spans = byterangeModelCover(spans)
	}
	parts := []any{}
	for _, s := range spans {
		parts = append(parts, byterangeModelPart(s[0], s[1], *length))
	}
	switch {
	case len(parts) == 0:
		return Says(map[string]any{"bytes": nil, "content_range": nil})
	case len(ranges) == 1:
		return Says(parts[0])
	}
	return Says(parts)
}

// byterangeModelCover joins what overlaps, two at a time, until nothing does.
func byterangeModelCover(spans [][2]int64) [][2]int64 {
	for i := 0; i < len(spans); i++ {
		for j := 0; j < len(spans); j++ {
			if i != j && spans[i][0] < spans[j][1] && spans[j][0] < spans[i][1] {
				spans[i] = [2]int64{min(spans[i][0], spans[j][0]), max(spans[i][1], spans[j][1])}
				spans = slices.Delete(spans, j, j+1)
				i, j = 0, -1
			}
		}
	}
	slices.SortFunc(spans, func(a, b [2]int64) int { return cmp.Compare(a[0], b[0]) })
	return spans
}

func byterangeModelPart(start, end, length int64) map[string]any {
	text := strconv.FormatInt(start, 10) + "-" + strconv.FormatInt(end-1, 10) + "/" + strconv.FormatInt(length, 10)
	return map[string]any{"bytes": []int64{start, end}, "content_range": "bytes " + text}
}

var byterangeSuffix = Rule{
	Name:   "a suffix longer than the body means all of the body",
	Reason: "RFC 9110 section 14.1.2 says so; WebOb finds that it cannot be satisfied.",
	Applies: ForOps(func(q Question) bool {
		in := In[byterangeIn](q)
		return in.Header == nil && in.Start < 0 && in.Length != nil && *in.Length > 0 && -in.Start > *in.Length
	}, "byterange.for_length"),
	Answer: func(q Question, _ Answer) Answer {
		length := *In[byterangeIn](q).Length
		return Says(byterangeModelPart(0, length, length))
	},
}

var byterangeWritten = Rule{
	Name: "only byte ranges are written",
	Reason: "WebOb writes `bytes=5-4` and any text. A range that ends before its start, a suffix with an end and text that is " +
		"no byte range are refused.",
	Applies: func(q Question) bool {
		switch q.Op {
		case "byterange.format":
			in := In[byterangeIn](q)
			return in.End != nil && *in.End <= max(in.Start, 0) || in.Start < 0 && in.End != nil
		case "byterange.set":
			text, ok := In[struct{ Value any }](q).Value.(string)
			_, _, read := byterangeModel(text)
			return ok && !read
		}
		return false
	},
	Answer: func(Question, Answer) Answer { return Refused },
}

var byterangeContentForm = regexp.MustCompile(`^(?i:bytes) (?:(\d+)-(\d+)|\*)/(\d+|\*)$`)

var byterangeContentGrammar = Rule{
	Name: "Content-Range is read by RFC 9110's grammar",
	Reason: "WebOb compares the unit with case, passes over what follows the length, and knows no largest number. Here the unit " +
		"has no case, nothing may follow, and numbers have 63 bits.",
	Applies: ForOps(func(q Question) bool { return In[byterangeIn](q).Header != nil }, "byterange.content_parse"),
	Answer: func(q Question, _ Answer) Answer {
		m := byterangeContentForm.FindStringSubmatch(*In[byterangeIn](q).Header)
		if m == nil {
			return Says(nil)
		}
		first, err1 := strconv.ParseInt("0"+m[1], 10, 64)
		last, err2 := strconv.ParseInt("0"+m[2], 10, 64)
		length, err3 := strconv.ParseInt("0"+strings.Trim(m[3], "*"), 10, 64)
		unsatisfied, unknown := m[1] == "", m[3] == "*"
		if err1 != nil || err2 != nil || err3 != nil || unsatisfied && unknown || last < first || !unsatisfied && !unknown && last >= length {
			return Says(nil)
		}
		object := map[string]any{"start": first, "stop": last + 1, "length": length}
		text := strconv.FormatInt(first, 10) + "-" + strconv.FormatInt(last, 10)
		if unsatisfied {
			object["start"], object["stop"], text = nil, nil, "*"
		}
		if text += "/" + strconv.FormatInt(length, 10); unknown {
			object["length"], text = nil, strings.TrimSuffix(text, "0")+"*"
		}
		object["text"] = "bytes " + text
		return Says(object)
	},
}

var byterangeContentWritten = Rule{
	Name:   "only content ranges are written",
	Reason: "WebOb writes a last byte beyond the length, and any text. Both are refused.",
	Applies: func(q Question) bool {
		switch q.Op {
		case "byterange.content_format":
			in := In[struct{ Stop, Length *int64 }](q)
			return in.Stop != nil && in.Length != nil && *in.Stop > *in.Length
		case "byterange.content_set":
			text, ok := In[struct{ Value any }](q).Value.(string)
			return ok && !byterangeContentForm.MatchString(text)
		}
		return false
	},
	Answer: func(Question, Answer) Answer { return Refused },
}
