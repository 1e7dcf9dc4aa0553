package webob

import "unsafe"

// A body in memory is kept as one string, 16 bytes of the Response, whether it
// came as text or as bytes (flag binary). Bytes are looked at through the string
// without a copy: nobody else ever sees that string, so it may change under us.

// setMemory makes s the body in memory.
func (p *Response) setMemory(s string) {
	p.mem = s
	p.flags &^= binary
}

// setMemoryBytes makes b the body in memory. The Response keeps b.
func (p *Response) setMemoryBytes(b []byte) {
	p.mem = unsafe.String(unsafe.SliceData(b), len(b))
	p.flags |= binary
}

// memory is the body in memory as bytes that may be changed: text is copied
// first, once. Appending to them never runs into what lies behind.
func (p *Response) memory() []byte {
	if len(p.mem) == 0 {
		return nil
	}
	if !p.has(binary) {
		p.setMemoryBytes([]byte(p.mem))
	}
	return unsafe.Slice(unsafe.StringData(p.mem), len(p.mem))
}

// memoryText is the body in memory as text that will not change.
func (p *Response) memoryText() string {
	if p.has(binary) {
		return string(p.memory())
	}
	return p.mem
}

// shareMemory makes p's body a part of q's, without a copy.
func (p *Response) shareMemory(q *Response, start, end int64) {
	p.mem = q.mem[start:end]
	p.flags = p.flags&^binary | q.flags&binary
}

// appendMemory adds to the body in memory, with room for more.
func (p *Response) appendMemory(b []byte) {
	e := p.extra()
	if len(p.mem) == 0 || len(e.grown) != len(p.mem) || unsafe.SliceData(e.grown) != unsafe.StringData(p.mem) {
		e.grown = append(make([]byte, 0, max(512, len(p.mem)+len(b))), p.mem...)
	}
	e.grown = append(e.grown, b...)
	p.setMemoryBytes(e.grown)
}
