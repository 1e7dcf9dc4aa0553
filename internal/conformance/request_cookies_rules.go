package conformance

var requestCookiesRules = []Rule{
	cookiesClean, cookiesReadBack, cookiesDivided, cookiesUTF8,
}

// requestCookiesAnswer follows a script by the model.
func requestCookiesAnswer(in requestCookiesIn) Answer {
	jar := cookiesModelNew(in.Cookie)
	results, headers := []any{}, []any{}
	for _, step := range in.Steps {
		result, ok := requestCookiesModelStep(jar, step)
		if !ok {
			result = map[string]any{"err": "refused"}
		}
		results, headers = append(results, result), append(headers, jar.field())
	}
	return Says(map[string]any{"results": results, "headers": headers, "items": jar.dict()})
}

// requestCookiesModelStep gives the result of a step; ok is false if it is refused.
func requestCookiesModelStep(jar *cookiesModelJar, step []any) (result any, ok bool) {
	text := func(i int) string {
		if i >= len(step) {
			return ""
		}
		s, _ := step[i].(string)
		return s
	}
	value, has := jar.get(text(1))
	switch step[0] {
	case "get":
		if has {
			return value, true
		}
		return nil, true
	case "getitem":
		return value, has
	case "has":
		return has, true
	case "len":
		return len(jar.dict()), true
	case "items":
		return jar.dict(), true
	case "set":
		_, isText := step[2].(string)
		return nil, isText && jar.set(text(1), text(2))
	case "del":
		return nil, jar.del(text(1))
	case "pop":
		jar.del(text(1))
		if !has && len(step) == 3 {
			return text(2), true
		}
		return value, has
	case "setdefault":
		if has {
			return value, true
		}
		return text(2), jar.set(text(1), text(2))
	case "update":
		return nil, jar.update(step[1])
	case "clear":
		jar.pieces = nil
		return nil, true
	case "assign":
		jar.pieces = nil
		return nil, jar.update(step[1])
	case "header":
		*jar = cookiesModelJar{}
		if field, isText := step[1].(string); isText {
			*jar = *cookiesModelNew(&field)
		}
		return nil, true
	}
	panic(step[0])
}
