package deploy

import (
	"fmt"
	"path/filepath"
	"runtime"
	"strings"
)

// guarded calls what comes from elsewhere, a factory or a Close: a panic there becomes the
// error, as a reload must not end the service that runs.
func guarded[T any](f func() (T, error)) (made T, err error) {
	defer func() {
		if v := recover(); v != nil {
			err = panicked(v)
		}
	}()
	return f()
}

// panicked is the error for a panic, with the place in the program that people look for. It
// is called while that unwinds.
func panicked(v any) error {
	at := panicPlace()
	if err, ok := v.(error); ok {
		return fmt.Errorf("panic%s: %w", at, err)
	}
	return fmt.Errorf("panic%s: %v", at, v)
}

// panicPlace is the line that panicked: the first one outside of package runtime below
// the call of panic.
func panicPlace() string {
	var pcs [32]uintptr
	frames := runtime.CallersFrames(pcs[:runtime.Callers(2, pcs[:])])
	for below := false; ; {
		f, more := frames.Next()
		switch {
		case f.Function == "runtime.gopanic":
			below = true
		case below && !strings.HasPrefix(f.Function, "runtime."):
			return fmt.Sprintf(" at %s:%d", filepath.Base(f.File), f.Line)
		}
		if !more {
			return ""
		}
	}
}
