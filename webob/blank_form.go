package webob

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"

	"github.com/gowebob/gowebob/internal/filetype"
)

var (
	errFormType  = errors.New("a form can be sent as urlencoded or multipart alone; give bytes")
	errFormFiles = errors.New("an upload needs multipart/form-data")
)

const typeForm = "application/x-www-form-urlencoded"

// setPost writes the POST data in the form that the Content-Type asks for: that
// of WithHeader, else of WithContentType, else of WithEnviron.
func (p *blankPlan) setPost(r *Request) error {
	if r.Method != http.MethodPost && r.Method != http.MethodPut {
		r.Method = http.MethodPost
	}
	t := first(r.Header["Content-Type"])
	if p.mediaType != "" {
		t = p.mediaType
	}
	for _, f := range p.fields {
		if strings.EqualFold(f[0], "Content-Type") {
			t = f[1]
		}
	}
	body := p.post
	if p.form != nil {
		var err error
		if t, body, err = p.encodeForm(t); err != nil {
			return err
		}
	}
	if t == "" {
		t = typeForm
	}
	p.setBody(r, body)
	return r.Environ().setHeader("Content-Type", t)
}

// encodeForm writes the form, and gives the type with the boundary it used.
func (p *blankPlan) encodeForm(t string) (string, []byte, error) {
	files := false
	for pair := range p.form.Pairs() {
		files = files || pair.File != nil
	}
	switch {
	case t == "" && (files || p.multipart):
		t = "multipart/form-data"
	case t == "":
		t = typeForm
	}
	switch {
	case isMultipart(t):
		return writeMultipart(t, p.form)
	case !hasMediaType(t, typeForm):
		return "", nil, fmt.Errorf("%w: %s", errFormType, t)
	case files:
		return "", nil, errFormFiles
	}
	return t, []byte(p.form.Encode()), nil
}

func hasMediaType(t, want string) bool {
	t, _, _ = strings.Cut(t, ";")
	return strings.EqualFold(strings.TrimSpace(t), want)
}

func isMultipart(t string) bool { return hasMediaType(t, "multipart/form-data") }

// boundaryOf is the boundary that a reader of that type will look for.
func boundaryOf(t string) string {
	_, params, err := mime.ParseMediaType(t)
	if err != nil {
		return ""
	}
	return params["boundary"]
}

// partName escapes what would end a quoted name, as browsers do (HTML, "multipart
// form data").
var partName = strings.NewReplacer(`"`, "%22", "\r", "%0D", "\n", "%0A")

// writeMultipart writes multipart/form-data, RFC 7578.
func writeMultipart(t string, form *MultiDict) (string, []byte, error) {
	boundary := boundaryOf(t)
	if boundary == "" {
		var random [10]byte
		rand.Read(random[:])
		boundary = hex.EncodeToString(random[:])
		t += "; boundary=" + boundary
	}
	var b bytes.Buffer
	for pair := range form.Pairs() {
		fmt.Fprintf(&b, "--%s\r\nContent-Disposition: form-data; name=\"%s\"", boundary, partName.Replace(pair.Key))
		if pair.File == nil {
			fmt.Fprintf(&b, "\r\n\r\n%s\r\n", pair.Value)
			continue
		}
		fmt.Fprintf(&b, "; filename=\"%s\"\r\n", partName.Replace(pair.File.Filename))
		if err := writeUpload(&b, pair.File); err != nil {
			return "", nil, err
		}
	}
	fmt.Fprintf(&b, "--%s--", boundary)
	return t, b.Bytes(), nil
}

func writeUpload(b *bytes.Buffer, u *Upload) error {
	t := u.ContentType
	if t == "" {
		t, _ = filetype.Of(u.Filename, nil)
		t, _, _ = strings.Cut(t, ";")
	}
	if err := clean(t); err != nil {
		return fmt.Errorf("upload %q: %w", u.Filename, err)
	}
	if t != "" {
		fmt.Fprintf(b, "Content-type: %s\r\n", t)
	}
	b.WriteString("\r\n")
	content, err := u.Open()
	if err != nil {
		return err
	}
	defer content.Close()
	if _, err := io.Copy(b, content); err != nil {
		return fmt.Errorf("upload %q: %w", u.Filename, err)
	}
	b.WriteString("\r\n")
	return nil
}
