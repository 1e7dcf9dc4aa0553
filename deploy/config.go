package deploy

import (
	"fmt"
	"maps"
	"slices"
)

// Config is what a factory is given: its own settings, and the globals. All values are
// text; Decode fills a struct with what they mean. It does not change.
type Config struct{ d *configured }

type configured struct {
	globals, locals *settings
	at              place // the section
}

// NewConfig makes a Config by hand, for tests of factories and for calling one from Go.
func NewConfig(globals, locals map[string]string) Config {
	return Config{&configured{globals: settingsOf(globals), locals: settingsOf(locals)}}
}

func (c Config) data() *configured {
	if c.d == nil {
		return &configured{globals: newSettings(), locals: newSettings()}
	}
	return c.d
}

// Get gives a setting of the object itself.
func (c Config) Get(key string) (value string, ok bool) {
	v, ok := c.data().locals.m[key]
	return v.value, ok
}

// Global gives a global setting: of [DEFAULT], of a "set" line, of Globals, or one of the
// two that always are there, "here" (the directory of the file) and "__file__".
func (c Config) Global(key string) (value string, ok bool) {
	v, ok := c.data().globals.m[key]
	return v.value, ok
}

// Local gives a copy of the object's own settings.
func (c Config) Local() map[string]string { return c.data().locals.values() }

// Globals gives a copy of the globals.
func (c Config) Globals() map[string]string { return c.data().globals.values() }

// Merged gives a copy of both, where the object's own settings go before.
func (c Config) Merged() map[string]string {
	all := c.Globals()
	maps.Copy(all, c.Local())
	return all
}

// Keys gives the keys of the object's own settings, in the order of the file: first those
// of a used section, then those that the user adds.
func (c Config) Keys() []string { return slices.Clone(c.data().locals.keys) }

// Section gives the name of the section, as "app:main", or "" outside of a file.
func (c Config) Section() string { return c.data().at.section }

// File gives the path of the file the section is in, as it was opened.
func (c Config) File() string { return c.data().at.file }

// Errorf makes the error of a factory that refuses a setting: a *Fault of kind Refused
// that names file, section and line. The key may be "" or one that is missing.
func (c Config) Errorf(key, format string, args ...any) error {
	return c.place(key).faultOf(Refused, fmt.Errorf(format, args...))
}

// place is where a setting stands, or the section if it is not there.
func (c Config) place(key string) place {
	d := c.data()
	if v, ok := d.locals.m[key]; ok {
		at := v.at
		at.key = key
		return at
	}
	if v, ok := d.globals.m[key]; ok && v.at.file != "" {
		return v.at
	}
	at := d.at
	at.key = key
	return at
}
