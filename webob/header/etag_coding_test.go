package header

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestTagsOfCodings(t *testing.T) {
	for _, row := range []struct {
		name   string
		tag    EntityTag
		coding string
		want   EntityTag
	}{
		{"a strong tag gets the coding", EntityTag{Tag: "a"}, "gzip", EntityTag{Tag: "a-gzip"}},
		{"the empty tag too", EntityTag{}, "br", EntityTag{Tag: "-br"}},
		{"a weak tag stands for both", EntityTag{Tag: "a", Weak: true}, "gzip", EntityTag{Tag: "a", Weak: true}},
		{"identity is no coding", EntityTag{Tag: "a"}, "identity", EntityTag{Tag: "a"}},
		{"nor is nothing", EntityTag{Tag: "a"}, "", EntityTag{Tag: "a"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			got := row.tag.ForCoding(row.coding)
			assert.Equal(t, row.want, got)
			plain, coding := got.WithoutCoding()
			assert.Equal(t, row.tag, plain, "the way back")
			if got != row.tag {
				assert.Equal(t, row.coding, coding)
			}
		})
	}
	for _, same := range []EntityTag{{Tag: "gzip"}, {Tag: "a_gzip"}, {Tag: "a-lzma"}, {Tag: "a-gzip", Weak: true}, {Tag: "a-gzip-1"}} {
		plain, coding := same.WithoutCoding()
		assert.Equal(t, same, plain)
		assert.Empty(t, coding)
	}
}

func ExampleEntityTag_ForCoding() {
	tag := EntityTag{Tag: "v1"}
	fmt.Println(tag.ForCoding("gzip"))
	fmt.Println(EntityTag{Tag: "v1", Weak: true}.ForCoding("gzip"))
	// Output:
	// "v1-gzip"
	// W/"v1"
}

func ExampleEntityTag_WithoutCoding() {
	fmt.Println(EntityTag{Tag: "v1-gzip"}.WithoutCoding())
	// Output: "v1" gzip
}
