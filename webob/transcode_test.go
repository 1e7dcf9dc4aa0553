package webob

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestTranscode(t *testing.T) {
	req := post(formType+"; charset=shift_jis", "y=%82%A2")
	req.URL.RawQuery = "x=%82%A0"
	c, err := req.Transcode("")
	require.NoError(t, err)
	assert.Equal(t, "\u3042", c.GET().Get("x"))
	assert.Equal(t, "\u3044", c.POST().Get("y"))
	assert.Equal(t, formType+`; charset="UTF-8"`, c.Header.Get("Content-Type"))
	text, err := c.Text()
	require.NoError(t, err)
	assert.Equal(t, "y=%E3%81%84", text)
	b, err := req.Bytes()
	require.NoError(t, err)
	assert.Equal(t, "y=%82%A2", string(b), "the original stays")

	_, err = req.Transcode("klingon")
	wantInput(t, err, 415)
	_, err = post(formType+"; charset=shift_jis", "y=%82").Transcode("")
	wantInput(t, err, 400)
	c, err = post("text/plain; charset=iso-8859-1", "caf\xe9").Transcode("")
	require.NoError(t, err)
	b, err = c.Bytes()
	require.NoError(t, err)
	assert.Equal(t, "caf\xe9", string(b), "no form, no change")
}

func TestTranscodeMultipart(t *testing.T) {
	body := partOf("Content-Disposition: form-data; name=\"\xe9\"", "\xe9") +
		partOf("Content-Disposition: form-data; name=f; filename=\"\xe9.txt\"", "raw \xe9") + "--B--"
	c, err := post("multipart/form-data; boundary=B; charset=iso-8859-1", body).Transcode("")
	require.NoError(t, err)
	d, err := c.ReadForm()
	require.NoError(t, err)
	assert.Equal(t, "\u00e9", d.Get("\u00e9"))
	u := d.File("f")
	require.NotNil(t, u)
	assert.Equal(t, "\u00e9.txt", u.Filename)
	assert.EqualValues(t, 5, u.Size, "contents stay as they are")
}
