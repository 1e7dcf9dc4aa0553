package webob

// notify has f called after every change of d: GET writes the query string.
func (d *MultiDict) notify(f func()) { d.onChange = f }

func (d *MultiDict) changed() {
	if d.onChange != nil {
		d.onChange()
	}
}

// Add appends a pair.
func (d *MultiDict) Add(key, value string) error {
	return d.addPair(Pair{Key: key, Value: value})
}

func (d *MultiDict) addPair(p Pair) error {
	if d.frozen != nil {
		return d.frozen
	}
	d.push(p)
	d.changed()
	return nil
}

// Set takes away all pairs of the key and appends one.
func (d *MultiDict) Set(key, value string) error {
	if d.frozen != nil {
		return d.frozen
	}
	d.replace(Pair{Key: key, Value: value})
	d.changed()
	return nil
}

func (d *MultiDict) replace(p Pair) {
	d.removeAll(p.Key)
	d.push(p)
}

// SetDefault returns the first value of the key; if there is none, it appends
// the pair and returns its value.
func (d *MultiDict) SetDefault(key, value string) (string, error) {
	if d.frozen != nil {
		return "", d.frozen
	}
	if i := d.first(key); i >= 0 {
		d.changed() // GET writes the query string anew here, as WebOb's does
		return d.pairs[i].Value, nil
	}
	return value, d.Add(key, value)
}

// Del takes away all pairs of the key; ErrNoKey tells that there were none.
func (d *MultiDict) Del(key string) error {
	if d.frozen != nil {
		return d.frozen
	}
	if !d.removeAll(key) {
		return keyError(key, ErrNoKey)
	}
	d.changed()
	return nil
}

// Pop takes away the first pair of the key, and only that, and returns its
// value; ErrNoKey tells that there was none.
func (d *MultiDict) Pop(key string) (string, error) {
	if d.frozen != nil {
		return "", d.frozen
	}
	i := d.first(key)
	if i < 0 {
		return "", keyError(key, ErrNoKey)
	}
	p := d.removeAt(i)
	d.changed()
	return p.Value, nil
}

// PopDefault is Pop, and returns value where there is no pair of the key.
func (d *MultiDict) PopDefault(key, value string) (string, error) {
	if d.frozen != nil {
		return "", d.frozen
	}
	if i := d.first(key); i >= 0 {
		value = d.removeAt(i).Value
	}
	d.changed()
	return value, nil
}

// PopItem takes away the last pair and returns it; ErrNoKey tells that there was
// none.
func (d *MultiDict) PopItem() (Pair, error) {
	if d.frozen != nil {
		return Pair{}, d.frozen
	}
	if len(d.pairs) == 0 {
		return Pair{}, ErrNoKey
	}
	p := d.removeAt(len(d.pairs) - 1)
	d.changed()
	return p, nil
}

// Clear takes all pairs away.
func (d *MultiDict) Clear() error {
	if d.frozen != nil {
		return d.frozen
	}
	clear(d.pairs)
	d.pairs = d.pairs[:0]
	d.index.Store(nil)
	d.changed()
	return nil
}

// Update sets the pairs of other one after the other, so that of equal keys the
// last stays. Uploads come along.
func (d *MultiDict) Update(other *MultiDict) error {
	return d.take(other, d.replace)
}

// Extend appends the pairs of other. Uploads come along.
func (d *MultiDict) Extend(other *MultiDict) error {
	return d.take(other, d.push)
}

func (d *MultiDict) take(other *MultiDict, add func(Pair)) error {
	if d.frozen != nil {
		return d.frozen
	}
	if other == d {
		other = d.Clone() // d changes while it is read
	}
	for p := range other.Pairs() {
		add(p)
	}
	d.changed()
	return nil
}
