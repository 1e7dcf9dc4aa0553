package webob

import (
	"fmt"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// daily is a struct that is filled in place.
type daily struct {
	Name string  `form:"name"`
	Note named   `form:"né"`
	On   bool    `form:"on"`
	N    int8    `form:"n"`
	U    uint16  `form:"u"`
	F    float64 `form:"f"`
}

// inPlace decodes a text in place, and by way of its variables.
func inPlace(text string, l Limits) (got, want daily, done bool, err error) {
	start := daily{Name: "old", N: 7, On: true}
	got, want = start, start
	plan := flatPlanOf(reflect.TypeFor[daily]())
	done = plan.decodeText([]byte(text), reflect.ValueOf(&got).Elem(), &l)
	d := parseVars(text, l.Pairs)
	if err = d.Err(); err == nil {
		err = decodeVars(d, &want, InForm, false, l)
	}
	return got, want, done, err
}

func TestDecodeInPlace(t *testing.T) {
	rows := []struct {
		name, text string
		done       bool
	}{
		{"nothing", "", true},
		{"plain values", "name=web&n=5&u=6&f=1.5&on=off", true},
		{"escapes", "name=a+b%2Bc%26d%3D&n%C3%A9=%c3%a9", true},
		{"a percent sign without digits", "name=100%&né=%4&u=%zz", false},
		{"the same where it is a text", "name=100%&né=%4", true},
		{"an escape cut by the end", "name=%4", true},
		{"an escape cut by the next piece", "name=%4&n=1", true},
		{"the last value counts", "name=a&name=b", true},
		{"no equals sign", "name&n", true},
		{"two equals signs", "name=a=b", true},
		{"no key", "=x&name=y", true},
		{"empty pieces", "&&name=y&&n=1&", true},
		{"an escaped separator", "name=a%26n%3D9", true},
		{"keys nobody wants", "x=1&y=2&name=z", true},
		{"a key that reaches into something", "name=z&a[0]=1", false},
		{"a dot in an escape", "name=z&a%2Eb=1", false},
		{"a long key", "name=z&" + strings.Repeat("k", 300) + "=1", false},
		{"a value that does not fit", "n=300", false},
		{"no UTF-8", "name=%ff", false},
		{"a character divided between two pieces", "name=%c3&%a9=x", false},
		{"a character divided between key and value", "name%c3=%a9", false},
		{"too many", strings.Repeat("x=1&", 11), false},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			l := defaultLimits
			l.Pairs = 10
			got, want, done, err := inPlace(row.text, l)
			assert.Equal(t, row.done, done)
			if done {
				require.NoError(t, err)
				assert.Equal(t, want, got)
			}
		})
	}
}

// FuzzDecodeInPlace: what is done in place is what the variables would give.
func FuzzDecodeInPlace(f *testing.F) {
	for _, seed := range []string{"name=a+b&n=5&u=6&f=1.5&on=off", "name=%c3&%a9=x", "&=&&name=%4&on", "n%C3%A9=%41&né=%", "a%5b=1&name=x"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, want, done, err := inPlace(text, defaultLimits)
		if !done {
			return
		}
		if got.F != got.F && want.F != want.F {
			got.F, want.F = 0, 0 // NaN is not equal to itself
		}
		if err != nil || got != want {
			t.Fatalf("%q: %+v; its variables give %+v, %v", text, got, want, err)
		}
	})
}

func TestDecodeInPlaceLeavesTheForm(t *testing.T) {
	r := post(formType, "name=a+b&n=5&x=1")
	var v, w daily
	require.NoError(t, r.Decode(&v))
	assert.Equal(t, daily{Name: "a b", N: 5}, v)
	require.NoError(t, r.POST().Set("name", "changed"))
	assert.Equal(t, "1", r.POST().Get("x"))
	require.NoError(t, r.Decode(&w))
	assert.Equal(t, "changed", w.Name, "the variables count once there are some")
	b, err := r.Bytes()
	require.NoError(t, err)
	assert.Equal(t, "name=a+b&n=5&x=1", string(b))
	clear(b) // which nobody may do
	assert.Equal(t, "a b", v.Name)
}

func TestDecodeInPlaceLeavesOthersAlone(t *testing.T) {
	var v daily
	require.Error(t, post(formType+"; charset=nonsense", "name=a").Decode(&v))
	require.NoError(t, post(formType+"; charset=latin1", "name=%e9").Decode(&v))
	assert.Equal(t, "é", v.Name)
	require.NoError(t, post(formType, "name="+strings.Repeat("n", inPlaceBody)).Decode(&v))
	assert.Len(t, v.Name, inPlaceBody)
	r := post(formType, "name=a")
	require.NoError(t, r.ParseForm())
	require.NoError(t, r.Decode(&v))
	assert.Equal(t, "a", v.Name, "what net/http has parsed")
	require.Error(t, post(formType, "name=a").Decode(daily{}), "no pointer")
	require.Error(t, post(formType, "name=a").Decode((*daily)(nil)))
	var e *InputError
	require.ErrorAs(t, post(formType, "n=300&u=-1").Decode(&v), &e)
	assert.Equal(t, 422, e.Status)
}

func TestDecodeInPlaceAllocations(t *testing.T) {
	body := "name=a+b&n=5&u=6&f=1.5&on=off"
	r := httptest.NewRequest("POST", "/", nil)
	r.Header.Set("Content-Type", formType)
	r.ContentLength = int64(len(body))
	reader := new(fresh)
	v := new(daily)
	n := testing.AllocsPerRun(100, func() {
		reader.Reset(body)
		r.Body = reader
		if err := NewRequest(r).Decode(v); err != nil {
			panic(fmt.Sprint("cannot be: ", err))
		}
	})
	assert.LessOrEqual(t, n, 3.0, "Request, exchange with input, the text")
}
