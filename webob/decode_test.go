package webob

import (
	"errors"
	"fmt"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

type line struct {
	Name  string  `form:"name" json:"name"`
	Price float64 `form:"price" json:"price"`
}

type order struct {
	ID    int               `form:"id" json:"id"`
	Small int8              `form:"small" json:"small"`
	When  time.Time         `form:"when" json:"when"`
	Paid  bool              `form:"paid" json:"paid"`
	Tags  []string          `form:"tags" json:"tags"`
	Three [3]string         `form:"three" json:"three"`
	Lines []line            `form:"lines" json:"lines"`
	Notes map[string]string `form:"notes" json:"notes"`
	Deep  map[string][]line `form:"deep" json:"deep"`
	Any   any               `form:"any" json:"any"`
	Next  *order            `form:"next" json:"next"`
	Photo *Upload           `form:"photo" json:"-"`
	Files []*Upload         `form:"files" json:"-"`
	line
}

func TestDecodeForm(t *testing.T) {
	for _, tt := range []struct {
		name, body string
		want       order
	}{
		{"plain fields", "id=7&paid=true&small=-3", order{ID: 7, Paid: true, Small: -3}},
		{"the last of several values counts", "id=1&id=2", order{ID: 2}},
		{"an empty number is none", "id=", order{}},
		{"a list by repetition", "tags=a&tags=b", order{Tags: []string{"a", "b"}}},
		{"a list by []", "tags[]=a&tags[]=b", order{Tags: []string{"a", "b"}}},
		{"a list by index", "tags[1]=b&tags[0]=a", order{Tags: []string{"a", "b"}}},
		{"an array takes what it holds", "three=a&three=b&three=c&three=d&three[7]=x", order{Three: [3]string{"a", "b", "c"}}},
		{"structs in a list", "lines[0].name=x&lines[0].price=1.5&lines[1].name=y", order{Lines: []line{{"x", 1.5}, {"y", 0}}}},
		{"a map", "notes[a]=1&notes[b c]=2", order{Notes: map[string]string{"a": "1", "b c": "2"}}},
		{"lists in a map", "deep[k][1].name=x", order{Deep: map[string][]line{"k": {{}, {Name: "x"}}}}},
		{"a pointer to its own type", "next.next.id=3", order{Next: &order{Next: &order{ID: 3}}}},
		{"an embedded struct", "name=x", order{line: line{Name: "x"}}},
		{"a time", "when=2026-01-02T03:04:05Z", order{When: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)}},
		{"an interface", "any=x", order{Any: "x"}},
		{"unknown keys are passed over", "nope=1&lines[0].nope=2&id=1&photo.Name=evil&photo=evil", order{ID: 1}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var got order
			require.NoError(t, post(formType, tt.body).Decode(&got))
			assert.Equal(t, tt.want, got)
		})
	}
}

func TestDecodeFormFaults(t *testing.T) {
	long := strings.Repeat("x", 300)
	for _, tt := range []struct {
		name, body string
		status     int
		pointers   []string
	}{
		{"every field that does not fit", "id=x&small=300&lines[3].price=y&tags=ok", 422, []string{"/id", "/small", "/lines/3/price"}},
		{"a time that is none", "when=now", 422, []string{"/when"}},
		{"an index that is none", "tags[x]=1", 422, []string{"/tags"}},
		{"an unclosed bracket", "A[0=1", 400, nil},
		{"a bracket never opened", "A]0[=1", 400, nil},
		{"brackets in brackets", "tags[[0]]=1", 400, nil},
		{"text behind a bracket", "tags[0]x=1", 400, nil},
		{"a bracket at the start", "[0]=1", 400, nil},
		{"a large index", "tags[9999]=1", 422, []string{"/tags/9999"}},
		{"an index beyond any int", "tags[99999999999999999999]=1", 422, []string{"/tags/99999999999999999999"}},
		{"the largest index there is", "tags[9223372036854775807]=1", 422, []string{"/tags/9223372036854775807"}},
		{"many lists that are large together", "lines[600].name=1&tags[600]=1", 422, []string{"/tags/600"}},
		{"a long key", long + "=1", 413, nil},
		{"a deep key", "next" + strings.Repeat(".next", 40) + ".id=1", 0, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			req := post(formType, tt.body)
			if strings.HasPrefix(tt.name, "a deep") {
				req.SetLimits(Limits{Depth: 20})
				tt.status = 413
			}
			err := req.Decode(new(order))
			wantInput(t, err, tt.status)
			if tt.pointers == nil {
				return
			}
			var faults FieldErrors
			require.ErrorAs(t, err, &faults)
			var got []string
			for _, f := range faults {
				assert.Equal(t, InForm, f.Source)
				assert.NotEmpty(t, f.Message)
				got = append(got, f.Pointer)
			}
			assert.ElementsMatch(t, tt.pointers, got)
		})
	}
}

func TestDecodeStrict(t *testing.T) {
	var faults FieldErrors
	err := post(formType, "id=1&id=2&nope=1&tags=a&tags=b&three=1&three=2&three=3&three=4").DecodeStrict(new(order))
	require.ErrorAs(t, err, &faults)
	assert.Equal(t, FieldErrors{
		{InForm, "/id", "is given too often"}, {InForm, "/nope", "is not known"}, {InForm, "/three", "is given too often"},
	}, faults)
	err = post("application/json", `{"nope": 1}`).DecodeStrict(new(order))
	require.ErrorAs(t, err, &faults)
	assert.Equal(t, FieldErrors{{InJSON, "/nope", "is not known"}}, faults)
	require.NoError(t, post("application/json", `{"id": 1} `).DecodeStrict(new(order)))
	wantInput(t, post("application/json", `{"id": 1} x`).DecodeStrict(new(order)), 400)
}

func TestDecodeStrictNamesAllUnknownMembers(t *testing.T) {
	type inner struct {
		N int `json:"n,string"`
	}
	type outer struct {
		inner
		Name string           `json:"name"`
		List []inner          `json:"list"`
		Map  map[string]inner `json:"map"`
		Any  any              `json:"any"`
	}
	err := post("application/json", `{"name": 1, "x": 1, "n": "5", "any": {"free": 1}, "list": [{"n": "1"}, {"y": 2}], "map": {"k": {"z/": 3}}}`).
		DecodeStrict(new(outer))
	wantInput(t, err, 422)
	var faults FieldErrors
	require.ErrorAs(t, err, &faults)
	assert.Equal(t, FieldErrors{
		{InJSON, "/list/1/y", "is not known"}, {InJSON, "/map/k/z~1", "is not known"},
		{InJSON, "/name", "must be a text"}, {InJSON, "/x", "is not known"},
	}, faults)
	require.NoError(t, post("application/json", `{"name": "a", "n": "5"}`).DecodeStrict(new(outer)))
}

func TestDecodeIntoMaps(t *testing.T) {
	const body = "a=1&a=2&b[x=3"
	var last map[string]string
	require.NoError(t, post(formType, body).Decode(&last))
	assert.Equal(t, map[string]string{"a": "2", "b[x": "3"}, last)
	var all url.Values
	require.NoError(t, post(formType, body).Decode(&all))
	assert.Equal(t, url.Values{"a": {"1", "2"}, "b[x": {"3"}}, all)
	var lists map[string][]string
	require.NoError(t, post(formType, body).Decode(&lists))
	assert.Equal(t, map[string][]string(all), lists)
	var mixed map[string]any
	require.NoError(t, post(formType, body).Decode(&mixed))
	assert.Equal(t, map[string]any{"a": []string{"1", "2"}, "b[x": "3"}, mixed)
}

func TestDecodeMisuseIsNotTheClientsFault(t *testing.T) {
	var in *InputError
	for _, v := range []any{nil, order{}, (*order)(nil), new(int), new([]string)} {
		err := post(formType, "a=1").Decode(v)
		require.Error(t, err)
		assert.False(t, errors.As(err, &in), "%T", v)
	}
	err := post("application/json", "{}").Decode(order{})
	require.Error(t, err)
	assert.False(t, errors.As(err, &in))
}

func TestDecodeUploads(t *testing.T) {
	part := func(name, file string) string {
		return partOf(fmt.Sprintf("Content-Disposition: form-data; name=%s; filename=%s", name, file), file)
	}
	body := part("photo", "a") + part("photo", "b") + part("files", "c") + part("files", "d") +
		partOf("Content-Disposition: form-data; name=id", "3") + "--B--"
	var got order
	require.NoError(t, post("multipart/form-data; boundary=B", body).DecodeStrict(&got))
	assert.Equal(t, 3, got.ID)
	assert.Equal(t, "b", got.Photo.Filename)
	require.Len(t, got.Files, 2)
	assert.Equal(t, "c", got.Files[0].Filename)
	err := post("multipart/form-data; boundary=B", part("nope", "x")+"--B--").DecodeStrict(&got)
	wantInput(t, err, 422)
}

func TestDecodeTypes(t *testing.T) {
	for _, tt := range []struct {
		name, ctype, body string
		status            int
	}{
		{"JSON", "application/json", `{"id":7}`, 0},
		{"JSON with parameters, in capitals", "Application/JSON; charset=utf-8", `{"id":7}`, 0},
		{"a type built on JSON", "application/vnd.x+json", `{"id":7}`, 0},
		{"a form", formType, "id=7", 0},
		{"no type is a form on POST", "", "id=7", 0},
		{"text", "text/plain", "id=7", 415},
		{"a type that is none", "\x00;;=\"", "id=7", 415},
		{"other multipart", "multipart/mixed; boundary=B", "--B--", 415},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var got order
			err := post(tt.ctype, tt.body).Decode(&got)
			if tt.status != 0 {
				wantInput(t, err, tt.status)
				return
			}
			require.NoError(t, err)
			assert.Equal(t, 7, got.ID)
		})
	}
}

func TestJSONFaults(t *testing.T) {
	for _, tt := range []struct {
		name, body string
		status     int
		says       string
	}{
		{"malformed, with the place", `{"id": x}`, 400, "at byte 8"},
		{"cut short", `{"id": `, 400, "unexpected end"},
		{"empty", "", 400, "empty"},
		{"something behind it", `{} {}`, 400, "at byte 4"},
		{"no UTF-8", "{\"name\": \"\xff\"}", 400, "at byte 11"},
		{"NaN", `{"id": NaN}`, 400, "at byte 8"},
		{"nested a thousand deep", strings.Repeat("[", 1000) + strings.Repeat("]", 1000), 413, "64 levels"},
		{"brackets in a text do not count", `{"name": "` + strings.Repeat("[", 1000) + `\"["}`, 0, ""},
		{"another type", `[]`, 422, "must be an object"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			err := post("", tt.body).JSON(new(order))
			if tt.status == 0 {
				require.NoError(t, err)
				return
			}
			in := wantInput(t, err, tt.status)
			assert.Contains(t, in.Public, tt.says)
		})
	}
}

func TestJSONNamesAllFieldsThatDoNotFit(t *testing.T) {
	err := post("", `{"id": "x", "small": 300, "tags": ["a", 1, 2], "lines": [{}, {"price": "y"}],
		"deep": {"a/b~": [{"name": 1}]}, "next": {"id": 1.5}, "paid": null, "any": {}, "unknown": 1}`).JSON(new(order))
	wantInput(t, err, 422)
	var faults FieldErrors
	require.ErrorAs(t, err, &faults)
	assert.Equal(t, FieldErrors{
		{InJSON, "/deep/a~1b~0/0/name", "must be a text"},
		{InJSON, "/id", "must be a whole number"},
		{InJSON, "/lines/1/price", "must be a number"},
		{InJSON, "/next/id", "must be a whole number"},
		{InJSON, "/small", "must be a whole number from -128 to 127"},
		{InJSON, "/tags/1", "must be a text"},
		{InJSON, "/tags/2", "must be a text"},
	}, faults)
}

func TestDecodeLeavesTheBody(t *testing.T) {
	for _, ct := range []string{formType, "application/json"} {
		body := map[string]string{formType: "id=1", "application/json": `{"id":1}`}[ct]
		req := post(ct, body)
		for range 2 {
			var v order
			require.NoError(t, req.Decode(&v))
			assert.Equal(t, 1, v.ID)
		}
		b, err := req.Bytes()
		require.NoError(t, err)
		assert.Equal(t, body, string(b))
	}
}

func TestDecodeQuery(t *testing.T) {
	var got order
	req := NewRequest(httptest.NewRequest("GET", "/?id=1&tags=a", nil))
	require.NoError(t, req.DecodeQuery(&got))
	assert.Equal(t, order{ID: 1, Tags: []string{"a"}}, got)
	req.URL.RawQuery = "id=x"
	var faults FieldErrors
	require.ErrorAs(t, req.DecodeQuery(&got), &faults)
	assert.Equal(t, FieldErrors{{InQuery, "/id", "must be a whole number"}}, faults)
}

// What makes form/v4 work for minutes is refused before it begins.
func TestDecodeWorkIsBounded(t *testing.T) {
	type leaf struct {
		M map[string]string
	}
	type tree struct {
		A []struct{ B []struct{ C []leaf } }
	}
	type pair struct {
		L, R *pair
		V    string
	}
	var cubic strings.Builder
	for i := range 2000 {
		fmt.Fprintf(&cubic, "A[0].B[0].C[0].M[%d]=1&", i)
	}
	var wide strings.Builder
	for i := range 10000 {
		fmt.Fprintf(&wide, "notes[%d]=1&", i)
	}
	for _, tt := range []struct {
		name, body string
		v          any
		status     int
	}{
		{"many keys below one element of many levels", cubic.String(), new(tree), 413},
		{"a type that branches into itself", strings.Repeat("L.", 60) + "V=1", new(pair), 413},
		{"the same, used as it is meant", "L.R.L.V=1", new(pair), 0},
		{"10,000 keys", wide.String()[:len(wide.String())-1], new(order), 0},
		{"10,001 variables", wide.String() + "a=1", new(order), 413},
	} {
		t.Run(tt.name, func(t *testing.T) {
			req := post(formType, tt.body)
			err := req.Decode(tt.v)
			if tt.status == 0 {
				require.NoError(t, err)
				return
			}
			wantInput(t, err, tt.status)
		})
	}
}
