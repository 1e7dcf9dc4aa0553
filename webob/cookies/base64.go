package cookies

// NewBase64 makes a codec whose values are neither signed nor secret: padded url-safe
// base64 of JSON. A client can read and change them, so keep in them what the
// client may choose: a language, a theme. WebOb: Base64Serializer, which CookieProfile
// uses by default.
func NewBase64[T any]() Codec[T] { return NewBase64With(JSON[T]()) }

// NewBase64With is NewBase64 with a serializer of one's own.
func NewBase64With[T any](serializer Serializer[T]) Codec[T] {
	return base64Codec[T]{serializer}
}

type base64Codec[T any] struct{ serializer Serializer[T] }

func (c base64Codec[T]) Encode(_ string, v T) (string, error) {
	data, err := c.serializer.Dumps(nil, v)
	if err != nil {
		return "", err
	}
	return paddedBase64.EncodeToString(data), nil
}

func (c base64Codec[T]) Decode(_, text string) (v T, err error) {
	var buf []byte
	data, err := appendDecode(nil, paddedBase64, text, &buf)
	if err != nil {
		return v, err
	}
	if v, err = c.serializer.Loads(data); err != nil {
		var none T
		return none, malformed(err)
	}
	return v, nil
}
