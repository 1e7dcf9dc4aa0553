package contentneg

import (
	"strings"
	"sync/atomic"
)

// cache remembers the answers for fields that come again and again: a browser
// sends the same few bytes with every request. It never holds more than its slots,
// and header fields made up at random cannot make it allocate for ever.
//
// It is direct-mapped and without locks; every entry is immutable.
type cache struct {
	slots  [cacheSlots]atomic.Pointer[cached]
	misses atomic.Uint32
}

const (
	cacheSlots  = 64
	cacheShort  = 16      // shorter fields are read as fast as they are found
	cacheLong   = 512     // longer ones are hardly a browser's
	cacheRarely = 16      // a slot in use is overwritten by one miss in so many
	cacheMisses = 1 << 16 // after so many misses nothing is stored any more
)

// cached is the answer for one field.
type cached struct {
	field string
	index int // of the best offer, -1 if there is none
}

// answer returns the index for a field, remembered or chosen now.
func (c *cache) answer(field string, choose func(string) int) (index int, ok bool) {
	slot := c.slot(field)
	if slot == nil {
		index = choose(field)
		return index, index >= 0
	}
	if kept := slot.Load(); kept != nil && kept.field == field {
		return kept.index, kept.index >= 0
	}
	index = choose(field)
	c.store(slot, field, index)
	return index, index >= 0
}

// slot finds the place of a field by its length and its ends, or none for a field
// that is not cached.
func (c *cache) slot(field string) *atomic.Pointer[cached] {
	n := len(field)
	if n < cacheShort || n > cacheLong {
		return nil
	}
	h := word(field) ^ word(field[n-8:])*0x9e3779b97f4a7c15 ^ uint64(n)<<32
	h *= 0xd6e8feb86659fd93
	return &c.slots[h>>58]
}

// word reads the first eight bytes of s.
func word(s string) uint64 {
	_ = s[7]
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
		uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
}

// store keeps an answer. The field is cloned, for it may be a part of something
// big.
func (c *cache) store(slot *atomic.Pointer[cached], field string, index int) {
	if c.misses.Load() >= cacheMisses {
		return
	}
	if n := c.misses.Add(1); n%cacheRarely == 0 || slot.Load() == nil {
		slot.Store(&cached{strings.Clone(field), index})
	}
}
