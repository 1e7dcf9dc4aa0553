package conformance

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/gowebob/gowebob/deploy"
)

// Deploy asks package deploy.
func (adapters) Deploy() Family {
	return Family{
		Name: "deploy",
		Done: true,
		Ops: map[string]Op{
			"deploy.app":    Ask(deployApp),
			"deploy.filter": Ask(deployFilter),
			"deploy.server": Ask(deployServer),
			"deploy.config": Ask(deployConfig),
			"deploy.asbool": Ask(deployAsBool),
			"deploy.asint":  Ask(deployAsInt),
			"deploy.aslist": Ask(deployAsList),
		},
		Meet:  deployMeet,
		Fold:  deployFold,
		Rules: append(prefixRules(), deployRules()...),
	}
}

func deployApp(in deploySpec) (any, error) {
	return in.in(func(uri string, opts ...deploy.Option) (map[string]any, error) {
		app, err := deploy.LoadApp(uri, new(deployKit).registry(), opts...)
		if err != nil {
			return nil, err
		}
		answers, err := deployPlay(app, in.Requests)
		return map[string]any{"responses": answers}, err
	})
}

// deployFilter lays the filter around the dump app that the reference makes.
func deployFilter(in deploySpec) (any, error) {
	return in.in(func(uri string, opts ...deploy.Option) (map[string]any, error) {
		filter, err := deploy.LoadFilter(uri, new(deployKit).registry(), opts...)
		if err != nil {
			return nil, err
		}
		app, err := deployDump(deploy.NewConfig(map[string]string{"made": "by op"}, map[string]string{"under": "filter"}))
		if err != nil {
			return nil, err
		}
		answers, err := deployPlay(filter(app), in.Requests)
		return map[string]any{"responses": answers}, err
	})
}

func deployServer(in deploySpec) (any, error) {
	return in.in(func(uri string, opts ...deploy.Option) (map[string]any, error) {
		var kit deployKit
		serve, err := deploy.LoadServer(uri, kit.registry(), opts...)
		if err != nil {
			return nil, err
		}
		err = serve(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "served, world!") }))
		return map[string]any{"server": kit.served}, err
	})
}

func deployConfig(in deploySpec) (any, error) {
	return in.in(func(uri string, opts ...deploy.Option) (map[string]any, error) {
		c, err := deploy.AppConfig(uri, new(deployKit).registry(), opts...)
		if err != nil {
			return nil, err
		}
		return map[string]any{"config": c.Merged(), "global_conf": c.Globals(), "local_conf": c.Local()}, nil
	})
}

// The converters take text; what Python hands through, as it is no text, is its own type
// in Go.

func deployAsBool(in struct{ Value any }) (any, error) {
	switch v := in.Value.(type) {
	case string:
		return deploy.ParseBool(v)
	case bool:
		return v, nil
	case json.Number:
		return v.String() != "0", nil
	case nil:
		return false, nil
	}
	panic("no such value")
}

func deployAsInt(in struct{ Value any }) (any, error) {
	switch v := in.Value.(type) {
	case string:
		return deploy.ParseInt(v)
	case json.Number:
		return v, nil
	case nil:
		return nil, errors.New("no number")
	}
	panic("no such value")
}

func deployAsList(in struct {
	Value any
	Sep   *string
	Strip *bool
}) (any, error) {
	switch v := in.Value.(type) {
	case string:
		if in.Sep == nil {
			return append([]string{}, deploy.SplitList(v, "")...), nil
		}
		if in.Strip != nil && !*in.Strip {
			return strings.Split(v, *in.Sep), nil // needs no API
		}
		return deploy.SplitList(v, *in.Sep), nil
	case []any:
		return v, nil
	case nil:
		return []any{}, nil
	}
	return []any{in.Value}, nil
}
