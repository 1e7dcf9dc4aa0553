package header

import "time"

// CacheExpires lets a response be kept for d, counted from now: it sets
// max-age (in place of all other directives) and Expires, and takes Pragma
// away. With a d of 0 it is never to be kept: max-age=0, must-revalidate,
// no-cache and no-store are added to the directives, Expires and a missing
// Last-Modified are now, and Pragma is no-cache, for those who know nothing
// newer. The further directives are set last. Whole seconds count, so that half
// a second is never; a negative d makes a response that has expired already.
// WebOb: Response.cache_expires.
func CacheExpires(h Map, d time.Duration, now time.Time, further ...Directive) error {
	d = d.Truncate(time.Second)
	cc, _ := CacheControl.Get(h)
	if d == 0 {
		for _, name := range [...]string{"no-store", "no-cache", "must-revalidate"} {
			cc.Set(name, "")
		}
	} else {
		cc = nil
	}
	cc.SetSeconds("max-age", int64(d/time.Second))
	for _, x := range further {
		cc.Set(x.Name, x.Value)
	}
	if err := CacheControl.Set(h, cc); err != nil {
		return err
	}
	if err := Expires.Set(h, now.Add(d)); err != nil {
		return err
	}
	if d != 0 {
		Pragma.Del(h)
		return nil
	}
	if len(h.Values("Last-Modified")) == 0 {
		if err := LastModified.Set(h, now); err != nil {
			return err
		}
	}
	return Pragma.Set(h, "no-cache")
}
