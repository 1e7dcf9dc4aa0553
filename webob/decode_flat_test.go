package webob

import (
	"reflect"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

type named string

// flat has every kind of field that is filled without form/v4.
type flat struct {
	Name    string `form:"name"`
	Kind    named
	On      bool `form:"on,omitempty"`
	I       int
	I8      int8
	I16     int16
	I32     int32
	I64     int64
	U       uint
	U8      uint8
	U16     uint16
	U32     uint32
	U64     uint64
	F32     float32
	F64     float64
	Wait    time.Duration
	Tags    []string `form:"tags"`
	Kinds   []named
	Left    string `form:"-"`
	private string //lint:ignore U1000 what is not exported must be left alone
}

// bothWays decodes with the plan and with form/v4 alone.
func bothWays(t *testing.T, query string, start flat) (planned, walked flat, err1, err2 error) {
	t.Helper()
	l := defaultLimits
	planned, walked = start, start
	err1 = decodeVars(parseVars(query, l.Pairs), &planned, InForm, false, l)
	keys := formKeys{t: reflect.TypeFor[flat](), source: InForm, limits: l}
	if err2 = keys.read(parseVars(query, l.Pairs)); err2 == nil {
		err2 = keys.decode(&walked)
	}
	return planned, walked, err1, err2
}

func TestDecodeFlatAsFormDoes(t *testing.T) {
	require.NotNil(t, flatPlanOf(reflect.TypeFor[flat]()))
	for _, query := range []string{
		"", "name=a", "name=a&name=b", "name=&I=", "I=1&I=x", "I=x&I=1", "I=+1&U=+1", "I=0x10", "I=1_0", "I=-1&U=-1", "I8=128", "I8=-128", "U8=256",
		"F32=1e39", "F64=1e309", "F64=inf&F32=-Inf", "F64=0x1p-2", "F64=1_0", "on=on", "on=", "on=maybe", "on=yes&on=no", "tags=a&tags=&tags=b",
		"tags[]=a&tags=b", "tags[0]=x", "tags[2]=x&tags=y", "Kinds=a&Kinds=b", "Kind=k", "Wait=5", "Left=x&private=y&-=z", "Name=x&NAME=y",
		"name.x=1", "a[b=1", "nope=1&tags=a&I=x", "tags=a&I8=1000&tags=b",
	} {
		for _, start := range []flat{{}, {Name: "n", I: 5, On: true, Tags: []string{"old"}}} {
			planned, walked, err1, err2 := bothWays(t, query, start)
			assert.Equal(t, err2, err1, query)
			assert.Equal(t, walked, planned, query)
		}
	}
}

func TestDecodeFlatLeavesOthersToForm(t *testing.T) {
	type dotted struct {
		A string `form:"a.b"`
	}
	type twice struct {
		A string `form:"x"`
		B string `form:"x"`
	}
	for _, v := range []any{order{}, dotted{}, twice{}, struct{ flat }{}, struct{ T time.Time }{}, struct{ P *int }{}, struct{ L []int }{}} {
		assert.Nil(t, flatPlanOf(reflect.TypeOf(v)), "%T", v)
	}
	kept := []string{"a", "b"}
	v := flat{Tags: kept[:1]}
	require.NoError(t, post(formType, "tags=c").Decode(&v))
	assert.Equal(t, []string{"a", "b"}, kept, "what else lies in the array stays")
	assert.Equal(t, []string{"a", "c"}, v.Tags)
}

// FuzzDecodeFlat: the plan gives what form/v4 gives.
func FuzzDecodeFlat(f *testing.F) {
	f.Add("name=a&I=1&on=on&tags=x&tags=y&F64=1.5")
	f.Add("I8=300&U16=-1&F32=1e99&on=2")
	f.Add("tags[1]=x&tags=y&Kinds[]=z&name[=1")
	f.Fuzz(func(t *testing.T, query string) {
		planned, walked, err1, err2 := bothWays(t, query, flat{Tags: []string{"old"}})
		if !assert.ObjectsAreEqual(err2, err1) {
			t.Fatalf("%q: %v, form says %v", query, err1, err2)
		}
		// NaN is not equal to itself.
		if planned.F64 != planned.F64 && walked.F64 != walked.F64 {
			planned.F64, walked.F64 = 0, 0
		}
		if planned.F32 != planned.F32 && walked.F32 != walked.F32 {
			planned.F32, walked.F32 = 0, 0
		}
		if !reflect.DeepEqual(planned, walked) {
			t.Fatalf("%q: %+v, form says %+v", query, planned, walked)
		}
	})
}

// Filling a flat struct from variables that have been read allocates nothing.
func TestDecodeFlatAllocatesNothing(t *testing.T) {
	d := parseVars("name=a&I=1&on=on&F64=1.5", 100)
	plan := flatPlanOf(reflect.TypeFor[flat]())
	v := reflect.ValueOf(new(flat)).Elem()
	l := defaultLimits
	if n := testing.AllocsPerRun(100, func() { plan.decode(d, v, &l) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
