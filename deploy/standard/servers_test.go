package standard

import (
	"reflect"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gowebob/gowebob/deploy"
	"github.com/gowebob/gowebob/server"
)

// TestSectionsHaveAllOptions: each setting of the server that has a name in files reaches it.
func TestSectionsHaveAllOptions(t *testing.T) {
	options := reflect.TypeFor[server.Options]()
	for i := range options.NumField() {
		f := options.Field(i)
		key := f.Tag.Get("form")
		if key == "-" {
			continue
		}
		t.Run(key, func(t *testing.T) {
			value := "1"
			if f.Type.Kind() == reflect.Bool {
				value = "true"
			}
			var s serverSettings
			require.NoError(t, deploy.NewConfig(nil, map[string]string{key: value}).Decode(&s))
			assert.False(t, reflect.ValueOf(s.options()).Field(i).IsZero())
		})
	}
}
