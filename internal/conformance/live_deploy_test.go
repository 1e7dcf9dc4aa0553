package conformance

import (
	"context"
	"fmt"
	"os/exec"
	"strings"
)

// liveModules are the Python modules that the questions of a family need beside WebOb.
var liveModules = map[string]string{"deploy": "paste.deploy", "urlmap": "paste.urlmap", "paste": "paste.translogger"}

// liveMissing gives the families whose reference is not installed.
func liveMissing(ctx context.Context, python string) (families []string) {
	for _, family := range SortedKeys(liveModules) {
		if exec.CommandContext(ctx, python, "-c", "import "+liveModules[family]).Run() != nil {
			families = append(families, family)
		}
	}
	return families
}

// liveDeployValues makes texts of settings.
var liveDeployValues = parseGrammar(`
	value = word | word | word | "" | "%(" key ")s" | "a %(" key ")s b" | "%(here)s/x" | "50%%" | "5%" | "x=y" | "p:q" | "a # b" | "%(nokey)s" | long
	word = "v1" | "v2" | "v3" | "v4" | "ä ö"
	key = "key0" | "key1" | "key2" | "key3" | "key4"
	long = word "\n   " word | word "\n\n\tmore" | word "\n# comment\n  " word | "\n  " word
	uri = "egg:Kit#hello" | "egg:kit" | "EGG:Kit" | "egg:K.it" | "egg:Kit#none" | "call:kit:dump_app" | "call:kit" | "call:nokit:x" | "config:other.ini" | "config:./other.ini#a0" | "config:none.ini" | "config:other%2Eini#p0" | "config:other.ini#none" | "nope:x"
	line = "junk" | "= 1" | "[half" | "[]" | "  indented = 1" | "[x] behind" | "key9" | "[app:a0]" | "key0 = 1\nkey0 = 2" | "\u00a0key7 = 1" | "key8 \u3000= 2"
`)

var liveDeploy = []liveAsk{
	{"deploy.app", func(a asker) any { return liveDeployAsk(a, "a0", "a1", "p0", "p1", "c0", "n0", "main", "none") }},
	{"deploy.app", func(a asker) any { return liveDeployAsk(a, "a0", "a1", "p0", "p1", "c0", "n0") }},
	{"deploy.filter", func(a asker) any { return liveDeployAsk(a, "f0", "f1", "f2", "none") }},
	{"deploy.config", func(a asker) any {
		in := liveDeployAsk(a, "a0", "a1", "p0", "c0", "n0")
		delete(in, "requests")
		return in
	}},
	{"deploy.server", func(a asker) any {
		in := liveDeployAsk(a, "s0", "s1")
		delete(in, "requests")
		return in
	}},
	{"deploy.asbool", func(a asker) any {
		return object{"value": one(a, "true", "Yes", " on ", "T", "0", "off", "NO", "2", "", "maybe", "\u00a01")}
	}},
	{"deploy.asint", func(a asker) any {
		return object{"value": one(a, "0", "+7", " 12 ", "-3", "1_0", "٣", "1e3", "", "--1", "0x1", "007")}
	}},
	{"deploy.aslist", func(a asker) any {
		in := object{"value": one(a, "", " ", "a b", "a,b", " a , b ", "a,,b", "a\n b\tc")}
		if a.IntN(2) == 0 {
			in["sep"] = one(a, ",", " ", "b")
			in["strip"] = a.IntN(2) == 0
		}
		return in
	}},
}

// liveDeployAsk makes a pair of files and asks for an object of the first. What PasteDeploy is
// known to get wrong, and the rules are for, is not asked: the rules' own model does not reach
// files such as these.
func liveDeployAsk(a asker, names ...string) object {
	in := object{
		"files":    object{"main.ini": liveDeployFile(a, true), "other.ini": liveDeployFile(a, false)},
		"requests": []object{{"path": one(a, "/", "/x/y", "/a%20b?q=1")}, {"method": "POST"}},
		"facts":    []string{"key0", "key1", "key2", "key3", "key4", "nokey", "none"},
	}
	if name := one(a, names...); a.IntN(4) == 0 {
		in["uri"] = "config:main.ini#" + name
	} else {
		in["name"] = name
	}
	if a.IntN(3) == 0 {
		in["global_conf"] = object{one(a, "key0", "key1", "key5", "here"): one(a, "g1", "g2", "", "7%", "%(key0)s")}
	}
	return in
}

// liveDeployFile makes a file: mostly a good one.
func liveDeployFile(a asker, whole bool) string {
	sections := []string{
		liveDeploySection(a, one(a, "app:a0", "app:a0", "application:a0", "app: a0"), liveDeployWrapped(a, liveDeployApp(a, whole))),
		liveDeploySection(a, "app:a1", liveDeployApp(a, whole)),
		liveDeploySection(a, "filter:f0", liveDeployFilter(a)),
		liveDeploySection(a, "filter:f1", liveDeployFilter(a)),
		liveDeploySection(a, "pipeline:p0", []string{"pipeline = " + strings.Join(liveDeployPipe(a), one(a, " ", "\n  "))}),
	}
	if whole {
		sections = append(sections,
			liveDeploySection(a, "filter:f2", append(liveDeployFilter(a), one(a, "", "filter-with = f0"))),
			"[pipeline:p1]\npipeline = "+strings.Join(append(liveDeployPipe(a)[:1], "p0"), " ")+"\n",
			"[composite:c0]\n"+one(a, "use = egg:Kit#by_method", "paste.composite_factory = kit:by_method", "use = call:kit:by_method")+
				"\nGET = "+one(a, "a0", "a1", "p0", "n0", "config:other.ini#a0", "egg:Kit")+"\nPOST = "+one(a, "a0", "p0", "p1", "none", "c0")+"\n",
			"[filter-app:n0]\n"+strings.Join(liveDeployFilter(a), "\n")+"\nnext = "+one(a, "a0", "a1", "p0", "n0", "c0")+"\n",
			liveDeploySection(a, "server:s0", []string{one(a, "use = egg:Kit", "use = egg:Kit#run", "paste.server_factory = kit:server", "use = call:kit:server", "use = s1")}),
			liveDeploySection(a, "server:s1", []string{one(a, "use = egg:Kit#twice", "paste.server_runner = kit:run_server", "port = 1", "use = s0")}),
		)
	}
	sections = append(sections, liveDeploySection(a, "DEFAULT", nil))
	a.Shuffle(len(sections), func(i, j int) { sections[i], sections[j] = sections[j], sections[i] })
	text := strings.Join(sections, one(a, "", "\n", "# comment\n", "; comment\n"))
	if a.IntN(12) == 0 {
		text += "[DEFAULT]\nlast = v\n" + a.say(liveDeployValues, "line") + "\n"
	}
	if a.IntN(8) == 0 {
		text = strings.ReplaceAll(text, "\n", one(a, "\r\n", "\r"))
	}
	return text
}

// liveDeploySection makes a section with some settings beside its own, each key once.
func liveDeploySection(a asker, name string, own []string) string {
	lines := append([]string{}, own...)
	taken := map[string]bool{}
	for range a.IntN(4) {
		key := one(a, "", "", "", "set ", "get ") + fmt.Sprintf("key%d", a.IntN(5))
		if name == "DEFAULT" || strings.HasPrefix(name, "pipeline") {
			key = one(a, "", "set ") + fmt.Sprintf("key%d", a.IntN(5))
		}
		if strings.HasPrefix(name, "pipeline") && !strings.HasPrefix(key, "set ") && a.IntN(8) > 0 {
			continue
		}
		value := a.say(liveDeployValues, "value")
		if strings.HasPrefix(key, "get ") {
			value = one(a, "key0", "key1", "key2", "here", "key5")
		}
		if !taken[key] {
			taken[key] = true
			lines = append(lines, key+one(a, " = ", "=", ": ", " : ")+value)
		}
	}
	a.Shuffle(len(lines), func(i, j int) { lines[i], lines[j] = lines[j], lines[i] })
	return "[" + name + "]\n" + strings.Join(lines, "\n") + "\n"
}

// liveDeployApp makes what an app is made of. The other file names no file: a circle through a
// file may end in a percent sign that was read twice, before it is seen to be one.
func liveDeployApp(a asker, whole bool) []string {
	app := liveDeployAnyApp(a)
	if !whole && strings.Contains(app[0], "config:") {
		app[0] = "use = egg:Kit"
	}
	return app
}

func liveDeployAnyApp(a asker) []string {
	switch a.IntN(8) {
	case 0:
		return []string{"use = " + one(a, "a0", "a1", "config:other.ini#a1", "config:other.ini#a0")}
	case 1:
		return []string{"use = " + a.say(liveDeployValues, "uri")}
	case 2:
		return []string{"paste.app_factory = kit:dump_app", one(a, "require = Kit", "require = kit Kit", "require = None")}
	case 3:
		return []string{"use = egg:Kit#hello", "greeting = " + one(a, "Hi", "", "%(key0)s")}
	}
	return []string{one(a, "paste.app_factory = kit:dump_app", "paste.app_factory = kit:Shop.dump", "use = egg:Kit", "use = egg:Kit#main",
		"use = call:kit:dump_app", "paste.app_factory = kit : dump_app")}
}

// liveDeployWrapped has a filter laid around an app that has none yet.
func liveDeployWrapped(a asker, app []string) []string {
	if text := app[0]; a.IntN(2) == 0 && !strings.HasPrefix(text, "use = a") && !strings.Contains(text, "config:") {
		app = append(app, "filter-with = "+one(a, "f0", "f1", "egg:Kit#conf", "none"))
	}
	return app
}

func liveDeployFilter(a asker) []string {
	return []string{one(a, "use = egg:Kit", "use = egg:Kit#tag_app", "use = egg:Kit#twice", "paste.filter_factory = kit:tag_filter",
		"paste.filter_app_factory = kit:tag_filter_app", "use = egg:Kit#conf", "use = f0", "use = f1"),
		one(a, "tag = T", "tag = U", "tag = %(here)s")}
}

func liveDeployPipe(a asker) []string {
	var names []string
	for range 1 + a.IntN(3) {
		names = append(names, one(a, "f0", "f1", "f0", "f1", "egg:Kit#conf"))
	}
	return append(names, one(a, "a0", "a1", "a0", "a1", "egg:Kit", "none"))
}
