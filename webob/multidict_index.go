package webob

import "slices"

// maxLinear is up to how many pairs are searched one by one. A client chooses
// how many there are, so longer lists get an index.
const maxLinear = 32

// noLink ends a chain of links; goneLink marks a pair that has been taken away.
const (
	noLink   = -1
	goneLink = -2
)

// dictIndex finds the pairs of a key in a long MultiDict. Those of one key are
// linked in both directions, so that taking one away moves no other: its pair
// stays behind, empty and marked, until more than half are.
type dictIndex struct {
	spans map[string]pairSpan
	links []pairLink // beside pairs
	gone  int
}

type pairSpan struct{ first, last int32 }

type pairLink struct{ prev, next int32 }

// lookupIndex returns the index, made now if the list has become long, or nil.
// Readers may make it at the same time: one of them is kept.
func (d *MultiDict) lookupIndex() *dictIndex {
	if ix := d.index.Load(); ix != nil || len(d.pairs) <= maxLinear {
		return ix
	}
	ix := &dictIndex{spans: make(map[string]pairSpan, len(d.pairs)), links: make([]pairLink, 0, len(d.pairs))}
	for i := range d.pairs {
		ix.link(d.pairs[i].Key)
	}
	if !d.index.CompareAndSwap(nil, ix) {
		return d.index.Load()
	}
	return ix
}

// link enters the pair that comes next.
func (ix *dictIndex) link(key string) {
	i := int32(len(ix.links))
	s, ok := ix.spans[key]
	if ok {
		ix.links[s.last].next = i
		ix.links = append(ix.links, pairLink{s.last, noLink})
		s.last = i
	} else {
		ix.links = append(ix.links, pairLink{noLink, noLink})
		s = pairSpan{i, i}
	}
	ix.spans[key] = s
}

func (ix *dictIndex) first(key string) int32 {
	if s, ok := ix.spans[key]; ok {
		return s.first
	}
	return noLink
}

func (ix *dictIndex) last(key string) int32 {
	if s, ok := ix.spans[key]; ok {
		return s.last
	}
	return noLink
}

func (ix *dictIndex) isGone(i int) bool { return ix.links[i].prev == goneLink }

// unlink takes pair i of a key out of its chain.
func (ix *dictIndex) unlink(i int32, key string) {
	l, s := ix.links[i], ix.spans[key]
	if l.prev >= 0 {
		ix.links[l.prev].next = l.next
	} else {
		s.first = l.next
	}
	if l.next >= 0 {
		ix.links[l.next].prev = l.prev
	} else {
		s.last = l.prev
	}
	if s.first < 0 {
		delete(ix.spans, key)
	} else {
		ix.spans[key] = s
	}
	ix.links[i].prev = goneLink
	ix.gone++
}

// first returns the place of the first pair of the key, or noLink.
func (d *MultiDict) first(key string) int {
	if ix := d.lookupIndex(); ix != nil {
		return int(ix.first(key))
	}
	return slices.IndexFunc(d.pairs, func(p Pair) bool { return p.Key == key })
}

// removeAll takes away all pairs of the key and tells whether there were any.
func (d *MultiDict) removeAll(key string) bool {
	ix := d.lookupIndex()
	if ix == nil {
		n := len(d.pairs)
		d.pairs = slices.DeleteFunc(d.pairs, func(p Pair) bool { return p.Key == key })
		return len(d.pairs) < n
	}
	i := ix.first(key)
	if i < 0 {
		return false
	}
	for i >= 0 {
		next := ix.links[i].next
		d.drop(ix, i)
		i = next
	}
	d.tidy(ix)
	return true
}

// removeAt takes away one pair and returns it.
func (d *MultiDict) removeAt(i int) Pair {
	p := d.pairs[i]
	if ix := d.lookupIndex(); ix != nil {
		d.drop(ix, int32(i))
		d.tidy(ix)
	} else {
		d.pairs = slices.Delete(d.pairs, i, i+1)
	}
	return p
}

// drop empties pair i and marks it.
func (d *MultiDict) drop(ix *dictIndex, i int32) {
	ix.unlink(i, d.pairs[i].Key)
	d.pairs[i] = Pair{}
}

// tidy cuts off marked pairs at the end, so that the last pair is always there,
// and moves the others together when more than half are marked.
func (d *MultiDict) tidy(ix *dictIndex) {
	n := len(d.pairs)
	for n > 0 && ix.isGone(n-1) {
		n--
		ix.gone--
	}
	d.pairs, ix.links = d.pairs[:n], ix.links[:n]
	if ix.gone <= n/2 {
		return
	}
	kept := d.pairs[:0]
	for i, p := range d.pairs {
		if !ix.isGone(i) {
			kept = append(kept, p)
		}
	}
	clear(d.pairs[len(kept):])
	d.pairs = kept
	d.index.Store(nil) // made anew when it is needed
}
