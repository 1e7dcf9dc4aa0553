package deploy_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gowebob/gowebob/deploy"
	"github.com/gowebob/gowebob/webob"
)

// senlin has the factories that testdata/api-paste.ini names; each filter adds its name.
func senlin() *deploy.Registry {
	r := deploy.NewRegistry()
	r.Indirect("senlin.api.common.wsgi:app_factory", "senlin.app_factory")
	r.Indirect("senlin.api.common.wsgi:filter_factory", "senlin.filter_factory")
	r.App("senlin.api.openstack.v1.router:API", func(c deploy.Config) (http.Handler, error) {
		return webob.Text(strings.Join(c.Keys(), " ")), nil
	})
	stage := func(name string) func(deploy.Config, http.Handler) (http.Handler, error) {
		return func(c deploy.Config, app http.Handler) (http.Handler, error) {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				w.Header().Add("X-Stage", strings.Join(append([]string{name}, c.Keys()...), " "))
				app.ServeHTTP(w, r)
			}), nil
		}
	}
	for _, name := range []string{"fault_filter", "version_filter", "webhook_filter", "context_filter", "trust_filter"} {
		r.FilterApp("senlin.api.middleware:"+name, stage(name))
	}
	r.FilterApp("oslo_middleware.ssl:SSLMiddleware", stage("ssl"))
	for _, name := range []string{"oslo_middleware.request_id:RequestId.factory", "keystonemiddleware.auth_token:filter_factory"} {
		r.Filter(name, func(c deploy.Config) (func(http.Handler) http.Handler, error) {
			return func(app http.Handler) http.Handler {
				made, _ := stage(name)(c, app)
				return made
			}, nil
		})
	}
	return r
}

// TestIndirect: an api-paste.ini of OpenStack loads as it is.
func TestIndirect(t *testing.T) {
	app, err := deploy.LoadApp("testdata/api-paste.ini", senlin(), deploy.Name("senlin-api"))
	require.NoError(t, err)
	resp := webob.Blank("/").GetResponse(app)
	assert.Equal(t, []string{"oslo_middleware.request_id:RequestId.factory", "fault_filter", "ssl secure_proxy_ssl_header", "version_filter",
		"webhook_filter", "keystonemiddleware.auth_token:filter_factory", "context_filter", "trust_filter"}, resp.HTTPHeader()["X-Stage"])
	text, err := resp.Text()
	require.NoError(t, err)
	assert.Empty(t, text, "the second key is no setting of the app")
	require.NoError(t, deploy.Check("testdata/api-paste.ini", senlin()))
	plan, err := deploy.NewPlan("testdata/api-paste.ini#senlin-api", senlin())
	require.NoError(t, err)
	assert.Equal(t, "senlin.api.middleware:fault_filter", plan.Children[1].Factory)
}

func TestIndirectFaults(t *testing.T) {
	for _, row := range []struct{ rule, text, want string }{
		{"the second key is missing", "senlin.app_factroy = a:b", ":1: [app:main] g:f takes the name of what it makes from a setting s.f, which is missing"},
		{"what it names is not registered", "s.f = a:c", ":3: [app:main] s.f: a:c is not registered, did you mean a:b?"},
		{"or of another kind", "s.f = a.d", ":3: [app:main] s.f: a.d is registered, but not as an app: it is a filter"},
		{"or takes its name from there itself", "s.f = g:f", ":3: [app:main] s.f: g:f takes its name from a setting itself"},
	} {
		t.Run(row.rule, func(t *testing.T) {
			r := deploy.NewRegistry()
			r.Indirect("g:f", "s.f")
			r.App("a:b", dump)
			r.Filter("a:d", tag)
			dir := layout(t, "main.ini", "[app:main]\npaste.app_factory = g:f\n"+row.text+"\n")
			_, err := deploy.LoadApp("config:main.ini", r, deploy.RelativeTo(dir))
			assert.ErrorContains(t, err, row.want)
		})
	}
}

// TestNames: what compares as what.
func TestNames(t *testing.T) {
	r := deploy.NewRegistry()
	r.App("egg:My.Shop#Cart", dump)
	r.App("shop.cart:make", dump)
	for _, uri := range []string{"egg:my-shop#Cart", "EGG:MY__SHOP#Cart"} {
		_, err := deploy.LoadApp(uri, r)
		assert.NoError(t, err, uri)
	}
	for _, uri := range []string{"egg:my-shop#cart", "egg:myshop#Cart", "egg:My.Shop", "call:shop.cart:make"} {
		_, err := deploy.LoadApp(uri, r)
		assert.Error(t, err, uri)
	}
	assert.Equal(t, []string{"egg:My.Shop#Cart", "shop.cart:make"}, r.Names())
}
