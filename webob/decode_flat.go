package webob

import (
	"reflect"
	"strconv"
	"strings"
	"sync"
)

// flatPlan is how a struct of plain fields is filled without form/v4, which takes
// its keys from a map and walks the type for each form. It gives the same values;
// whatever is not plain, values that do not fit included, is left to form/v4.
type flatPlan struct {
	fields []flatField
	lists  bool // some fields take all values of their key
}

type flatField struct {
	name  string
	index int
	kind  reflect.Kind
	bits  int
}

// flatPlans keeps a *flatPlan for each type seen, nil for those that have none.
var flatPlans sync.Map

func flatPlanOf(t reflect.Type) *flatPlan {
	if p, ok := flatPlans.Load(t); ok {
		return p.(*flatPlan)
	}
	p, _ := flatPlans.LoadOrStore(t, newFlatPlan(t))
	return p.(*flatPlan)
}

func newFlatPlan(t reflect.Type) *flatPlan {
	p := new(flatPlan)
	seen := map[string]bool{}
	for i := range t.NumField() {
		f := t.Field(i)
		name, ok := formName(f)
		if !ok {
			continue
		}
		if f.Anonymous || seen[name] || strings.ContainsAny(name, "[].") {
			return nil
		}
		seen[name] = true
		field := flatField{name: name, index: i, kind: f.Type.Kind()}
		switch field.kind {
		case reflect.String, reflect.Bool:
		case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
			reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Float32, reflect.Float64:
			field.bits = f.Type.Bits()
		case reflect.Slice:
			if f.Type.Elem().Kind() != reflect.String {
				return nil
			}
			p.lists = true
		default:
			return nil
		}
		p.fields = append(p.fields, field)
	}
	return p
}

// decode fills v, and says whether it could. Where it could not, nothing has been
// changed that form/v4 would not change alike.
func (p *flatPlan) decode(d *MultiDict, v reflect.Value, l *Limits) bool {
	if d.parts != nil || !plainKeys(d.pairs, l.Key) {
		return false
	}
	for i := range p.fields {
		f := &p.fields[i]
		if f.kind == reflect.Slice {
			continue
		}
		if last := d.last(f.name); last != nil && !f.set(v.Field(f.index), last.Value) {
			return false
		}
	}
	if p.lists {
		p.decodeLists(d, v) // not before all else is known to fit: they grow
	}
	return true
}

// plainKeys says whether no key reaches into anything, and none is an upload's.
func plainKeys(pairs []Pair, most int) bool {
	for i := range pairs {
		key := pairs[i].Key
		if pairs[i].File != nil || len(key) > most {
			return false
		}
		for j := range len(key) {
			if c := key[j]; c == '[' || c == ']' || c == '.' {
				return false
			}
		}
	}
	return true
}

// set parses one value; an empty one leaves a number as it is.
func (f *flatField) set(v reflect.Value, s string) bool {
	switch f.kind {
	case reflect.String:
		v.SetString(s)
		return true
	case reflect.Bool:
		on, ok := formBool(s)
		if ok {
			v.SetBool(on)
		}
		return ok
	}
	if s == "" {
		return true
	}
	switch f.kind {
	case reflect.Float32, reflect.Float64:
		n, err := strconv.ParseFloat(s, f.bits)
		if err != nil {
			return false
		}
		v.SetFloat(n)
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		n, err := strconv.ParseInt(s, 10, f.bits)
		if err != nil {
			return false
		}
		v.SetInt(n)
	default:
		n, err := strconv.ParseUint(s, 10, f.bits)
		if err != nil {
			return false
		}
		v.SetUint(n)
	}
	return true
}

// formBool reads a bool as form/v4 does: checkboxes send on.
func formBool(s string) (on, ok bool) {
	switch s {
	case "1", "t", "T", "true", "TRUE", "True", "on", "yes", "ok":
		return true, true
	case "", "0", "f", "F", "false", "FALSE", "False", "off", "no":
		return false, true
	}
	return false, false
}

// decodeLists appends all values of a key to a copy of what the list holds.
func (p *flatPlan) decodeLists(d *MultiDict, v reflect.Value) {
	for i := range p.fields {
		f := &p.fields[i]
		if f.kind != reflect.Slice {
			continue
		}
		n := 0
		for j := range d.pairs {
			if d.pairs[j].Key == f.name {
				n++
			}
		}
		if n == 0 {
			continue
		}
		old := v.Field(f.index)
		list := reflect.MakeSlice(old.Type(), old.Len()+n, old.Len()+n)
		n = reflect.Copy(list, old)
		for j := range d.pairs {
			if d.pairs[j].Key == f.name {
				list.Index(n).SetString(d.pairs[j].Value)
				n++
			}
		}
		old.Set(list)
	}
}
