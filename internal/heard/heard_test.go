package heard

import (
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
)

func TestReader(t *testing.T) {
	whole := &Reader{Reader: strings.NewReader("text")}
	b, err := io.ReadAll(whole)
	assert.Equal(t, "text", string(b))
	assert.NoError(t, err)
	assert.NoError(t, whole.Err, "the end is no error")

	boom := errors.New("boom")
	broken := &Reader{Reader: io.MultiReader(strings.NewReader("te"), iotest.ErrReader(boom))}
	_, err = io.Copy(io.Discard, broken)
	assert.Equal(t, boom, err)
	assert.Equal(t, boom, broken.Err)
}
