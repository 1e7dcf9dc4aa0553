package command

import (
	"encoding/xml"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/gowebob/gowebob/deploy"
)

// Sizes of the drawing, in pixels. Text has a fixed pitch, so that its width is known.
const (
	svgPitch  = 7.3 // of a letter of 12 px
	svgHeight = 44
	svgRow    = svgHeight + 18
	svgPad    = 12
	svgGap    = 40 // between columns, without a label
	svgMargin = 16
	svgLetter = 46 // letters of a line that are shown
)

// box is an object in the drawing. What requests go on to stands to its right.
type box struct {
	plan        *deploy.Plan
	lines       [2]string
	label       string // of the arrow to it
	next        []*box
	column, row int     // row counts half rows
	x, y, width float64 // set when all columns are known
}

// drawSVG draws a plan from left to right. It is neutral to dark and light pages: a browser
// that says which it wants gets it.
func drawSVG(p *deploy.Plan, name string) string {
	root := flow(p)
	d := &svg{}
	d.place(root, 0)
	d.measure()
	return d.write(name)
}

// flow makes boxes of a plan: a pipeline is a box before the first of a chain.
func flow(p *deploy.Plan) *box {
	b := &box{plan: p}
	b.lines[0], b.lines[1] = p.Section, p.Factory
	if b.lines[0] == "" {
		b.lines[0], b.lines[1] = p.Factory, p.Kind
	}
	if p.Kind == "pipeline" {
		b.lines[1] = p.Kind
	}
	for i, line := range b.lines {
		b.lines[i] = shortened(line)
	}
	last := b
	for _, child := range p.Children {
		next := flow(child)
		if p.Kind == "composite" {
			next.label = shortened(child.Position)
		}
		last.next = append(last.next, next)
		for p.Kind == "pipeline" {
			if last = next; len(next.next) != 1 || next.plan.Kind != "filter" {
				break
			}
			next = next.next[0]
		}
	}
	return b
}

// shortened bounds what a line has.
func shortened(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if letters := []rune(s); len(letters) > svgLetter {
		return string(letters[:svgLetter-1]) + "…"
	}
	return s
}

// svg is a drawing on its way.
type svg struct {
	boxes  []*box
	rows   int       // taken by what has nothing to its right
	starts []float64 // left edges of the columns
	right  float64
	b      strings.Builder
}

// place gives a box its column and its row, in the middle of what is to its right.
func (d *svg) place(b *box, column int) {
	d.boxes = append(d.boxes, b)
	b.column = column
	for _, line := range b.lines {
		b.width = max(b.width, width(line)+2*svgPad)
	}
	for _, next := range b.next {
		d.place(next, column+1)
	}
	if len(b.next) == 0 {
		b.row = 2 * d.rows
		d.rows++
		return
	}
	b.row = (b.next[0].row + b.next[len(b.next)-1].row) / 2
}

// measure turns columns and rows into places.
func (d *svg) measure() {
	var widths, labels []float64
	for _, b := range d.boxes {
		for b.column >= len(widths) {
			widths, labels = append(widths, 0), append(labels, 0)
		}
		widths[b.column] = max(widths[b.column], b.width)
		labels[b.column] = max(labels[b.column], width(b.label))
	}
	x := float64(svgMargin)
	for i := range widths {
		if i > 0 {
			x += svgGap + labels[i]
		}
		d.starts = append(d.starts, x)
		x += widths[i]
	}
	d.right = x + svgMargin
	for _, b := range d.boxes {
		b.x, b.y = d.starts[b.column], svgMargin+float64(b.row)*svgRow/2
		b.width = widths[b.column]
	}
}

// width is that of a text of fixed pitch, where letters of the Far East take two places.
func width(s string) float64 {
	n := 0
	for _, r := range s {
		n++
		if r >= 0x1100 && r <= 0x115f || r >= 0x2e80 && r <= 0xffdc || r >= 0x1f300 {
			n++
		}
	}
	return float64(n) * svgPitch
}

const svgStyle = `
    text { font: 12px ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; fill: #1f2328 }
    .small { fill: #59636e }
    .name { font-weight: bold }
    .page { fill: #ffffff }
    .box { fill: #f6f8fa; stroke: #59636e }
    .server { stroke: #59636e }
    .composite { stroke: #9a6700 }
    .pipeline { stroke: #1a7f37; stroke-dasharray: 5 3 }
    .filter { stroke: #0969da }
    .app { stroke: #8250df }
    .arrow { fill: none; stroke: #59636e }
    .head { fill: #59636e }
    @media (prefers-color-scheme: dark) {
      text { fill: #f0f6fc }
      .small { fill: #9198a1 }
      .page { fill: #0d1117 }
      .box { fill: #151b23 }
      .server { stroke: #9198a1 }
      .composite { stroke: #d29922 }
      .pipeline { stroke: #3fb950 }
      .filter { stroke: #4493f8 }
      .app { stroke: #ab7df8 }
      .arrow { stroke: #9198a1 }
      .head { fill: #9198a1 }
    }
  `

func (d *svg) write(name string) string {
	height := float64(d.rows)*svgRow - (svgRow - svgHeight) + 2*svgMargin
	fmt.Fprintf(&d.b, `<svg xmlns="http://www.w3.org/2000/svg" width="%.0f" height="%.0f" viewBox="0 0 %.0f %.0f" role="img">`+"\n",
		d.right, height, d.right, height)
	fmt.Fprintf(&d.b, "  <title>%s</title>\n  <style>%s</style>\n", escaped(name), svgStyle)
	d.b.WriteString(`  <rect class="page" width="100%" height="100%"/>` + "\n")
	for _, b := range d.boxes {
		for _, next := range b.next {
			d.arrow(b, next)
		}
	}
	for _, b := range d.boxes {
		d.box(b)
	}
	d.b.WriteString("</svg>\n")
	return d.b.String()
}

// arrow goes level, bends before the labels and ends at the left edge of a box.
func (d *svg) arrow(from, to *box) {
	x, y := from.x+from.width, from.y+svgHeight/2
	toX, toY := to.x, to.y+svgHeight/2
	fmt.Fprintf(&d.b, `  <path class="arrow" d="M%.1f %.1fH%.1fV%.1fH%.1f"/>`+"\n", x, y, x+svgGap/2-6, toY, toX-6)
	fmt.Fprintf(&d.b, `  <path class="head" d="M%.1f %.1fl-8 -4v8z"/>`+"\n", toX, toY)
	if to.label != "" {
		fmt.Fprintf(&d.b, `  <text class="small" x="%.1f" y="%.1f" text-anchor="end">%s</text>`+"\n", toX-10, toY-5, escaped(to.label))
	}
}

func (d *svg) box(b *box) {
	corner := map[string]int{"filter": svgHeight / 2, "app": 6}[b.plan.Kind]
	fmt.Fprintf(&d.b, "  <g>\n    <title>%s</title>\n", escaped(about(b.plan)))
	fmt.Fprintf(&d.b, `    <rect class="box %s" x="%.1f" y="%.1f" width="%.1f" height="%d" rx="%d"/>`+"\n",
		b.plan.Kind, b.x, b.y, b.width, svgHeight, corner)
	x, y := b.x+b.width/2, b.y+svgHeight/2
	if b.lines[1] == "" {
		fmt.Fprintf(&d.b, `    <text class="name" x="%.1f" y="%.1f" text-anchor="middle">%s</text>`+"\n", x, y+4, escaped(b.lines[0]))
	} else {
		fmt.Fprintf(&d.b, `    <text class="name" x="%.1f" y="%.1f" text-anchor="middle">%s</text>`+"\n", x, y-4, escaped(b.lines[0]))
		fmt.Fprintf(&d.b, `    <text class="small" x="%.1f" y="%.1f" text-anchor="middle">%s</text>`+"\n", x, y+12, escaped(b.lines[1]))
	}
	d.b.WriteString("  </g>\n")
}

// about is what a browser shows above a box: where it is written, and its settings.
func about(p *deploy.Plan) string {
	lines := []string{p.Kind}
	if p.File != "" {
		at := p.File
		if p.Line > 0 {
			at += fmt.Sprintf(":%d", p.Line)
		}
		lines = append(lines, at)
	}
	for _, key := range slices.Sorted(maps.Keys(p.Settings)) {
		lines = append(lines, key+" = "+p.Settings[key])
	}
	return strings.Join(lines, "\n")
}

// escaped is text for XML. What XML cannot have becomes U+FFFD.
func escaped(s string) string {
	var b strings.Builder
	xml.EscapeText(&b, []byte(s)) // a Builder has no errors
	return b.String()
}
