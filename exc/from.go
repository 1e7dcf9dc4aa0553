package exc

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"mime/multipart"
	"net/http"
	"os"
)

// From gives an error of the standard library the status that it has in the eyes
// of a client, with the original as cause:
//
//	fs.ErrNotExist                                404
//	fs.ErrPermission                              403
//	fs.ErrExist                                   409
//	*http.MaxBytesError, multipart.ErrMessageTooLarge   413
//	http.ErrNotMultipart                          415
//	http.ErrMissingBoundary, http.ErrMissingFile  400
//	errors.ErrUnsupported, http.ErrNotSupported   501
//	context.DeadlineExceeded, os.ErrDeadlineExceeded   504
//	http.ErrHandlerTimeout                        503
//	context.Canceled                              499, for the log
//
// An error that is an HTTP error already, a *webob.InputError or an app, one that
// is not in the table, and nil are returned as they are.
//
// It is for the place that knows what the error is about, and called by nobody
// else: the fs.ErrNotExist of a missing template is a 500, not a 404.
//
//	f, err := root.Open(name)
//	if err != nil {
//		return nil, exc.From(err)
//	}
func From(err error) error {
	if err == nil || find(err) != nil {
		return err
	}
	if e, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return RequestEntityTooLarge.With(fmt.Sprintf("At most %d bytes are taken.", e.Limit)).Wrap(err)
	}
	for _, row := range meanings {
		if errors.Is(err, row.err) {
			return row.means.Wrap(err)
		}
	}
	return err
}

// meanings are the rows of From, the first that fits decides.
var meanings = [...]struct {
	err   error
	means *Error
}{
	{fs.ErrNotExist, NotFound},
	{fs.ErrPermission, Forbidden},
	{fs.ErrExist, Conflict},
	{multipart.ErrMessageTooLarge, RequestEntityTooLarge},
	{http.ErrNotMultipart, UnsupportedMediaType},
	{http.ErrMissingBoundary, BadRequest},
	{http.ErrMissingFile, BadRequest},
	{errors.ErrUnsupported, NotImplemented},
	{http.ErrNotSupported, NotImplemented},
	// The deadline of a handler is mostly that of what it asks.
	{context.DeadlineExceeded, GatewayTimeout},
	{os.ErrDeadlineExceeded, GatewayTimeout},
	{http.ErrHandlerTimeout, ServiceUnavailable},
	{context.Canceled, ClientClosedRequest},
}
