package comments

import (
	"net/http"
	"strings"
	"time"

	"github.com/gowebob/gowebob/examples/internal/usertext"
	"github.com/gowebob/gowebob/exc"
	"github.com/gowebob/gowebob/webob"
)

const (
	maxName = 80       // bytes
	maxText = 8 << 10  // bytes
	maxForm = 64 << 10 // bytes of what is sent: escaped, a text takes up to three times its length
)

// form is what the form sends.
type form struct {
	Page string `form:"page"` // path and query of the page it stood on
	Name string `form:"name"`
	Text string `form:"text"`
}

// add stores a comment and sends the browser back to the page.
func (s *Store) add(req *webob.Request, app http.Handler) (*webob.Response, error) {
	req.SetLimits(webob.Limits{Body: maxForm, Pairs: 20, Parts: 20})
	var sent form
	if err := req.Decode(&sent); err != nil {
		return nil, err // an *InputError: 400, 413, 415 or 422, as the case may be
	}
	comment := Comment{
		Name: strings.Join(strings.Fields(usertext.Clean(sent.Name)), " "),
		Text: strings.TrimSpace(usertext.Clean(sent.Text)),
		Time: time.Now().UTC().Truncate(time.Second),
	}
	switch {
	case comment.Name == "" || comment.Text == "":
		return nil, exc.UnprocessableContent.With("A comment needs a name and a text.")
	case len(comment.Name) > maxName || len(comment.Text) > maxText:
		return nil, exc.ContentTooLarge.Withf("A name has at most %d bytes, a comment %d.", maxName, maxText)
	}
	topic, err := pageTopic(req, app, sent.Page)
	if err != nil {
		return nil, err
	}
	if err := s.Add(topic, comment); err != nil {
		return nil, err
	}
	return nil, exc.SeeOther.To(req.ScriptPath() + sent.Page + "#comments")
}

// pageTopic asks the app, in process, for the page that a comment is about. So there
// are comments only on pages that exist and that this client may see, and the topic
// is what the app says and not what the client says.
func pageTopic(req *webob.Request, app http.Handler, page string) (string, error) {
	ask, err := req.Subrequest(page, webob.WithHeader("Accept-Encoding", "identity"))
	if err != nil || !strings.HasPrefix(page, "/") {
		return "", exc.BadRequest.With("The comment does not say which page it is about.").Wrap(err)
	}
	defer ask.Release()
	resp := ask.GetResponse(app)
	if topic := topicOf(ask); topic != "" && isPage(resp) {
		return topic, nil
	}
	return "", exc.NotFound.With("There is no such page to comment on.")
}
