package main

import (
	"bytes"
	"fmt"
	"html"
)

// plotted are the rows that the targets are about.
var plotted = []struct{ scene, name string }{
	{sceneDecode, decodeName(decodeListings[0])},
	{sceneListing, plainListing},
	{sceneListing, busyListing},
	{sceneFanOut, fanOutName(tlsHTTP1, 64)},
	{sceneFirst, firstTLS},
}

// plot draws the rows as bars, in SVG: time relative to the row's reference,
// with a line from quartile to quartile.
func plot(f found) []byte {
	const (
		left, full, right = 240, 420, 70
		bar, gap, heading = 16, 4, 34
	)
	var drawing bytes.Buffer
	y := 10
	for _, row := range plotted {
		r, ok := f.result(row.scene, row.name)
		if !ok {
			continue
		}
		scale := full / r.largestRatio()
		fmt.Fprintf(&drawing, "<text x='10' y='%d' font-weight='bold'>%s</text>\n", y+20, html.EscapeString(row.scene+", "+row.name))
		y += heading
		for _, each := range r.contestants {
			ratio, lower, upper := r.ratio(each.name, r.reference)
			fmt.Fprintf(&drawing, "<text x='%d' y='%d' text-anchor='end'>%s</text>\n", left-8, y+12, html.EscapeString(each.name))
			fmt.Fprintf(&drawing, "<rect x='%d' y='%d' width='%.1f' height='%d' fill='%s'/>\n", left, y, ratio*scale, bar, colourOf(each.name))
			fmt.Fprintf(&drawing, "<path d='M%.1f %dH%.1f' stroke='#222'/>\n", left+lower*scale, y+bar/2, left+upper*scale)
			fmt.Fprintf(&drawing, "<text x='%.1f' y='%d'>%.2f</text>\n", left+max(ratio, upper)*scale+6, y+12, ratio)
			y += bar + gap
		}
		y += gap
	}
	var picture bytes.Buffer
	fmt.Fprintf(&picture, "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 %d %d' font-family='sans-serif' font-size='12'>\n", left+full+right, y+10)
	fmt.Fprintf(&picture, "<title>Time relative to each group's reference; shorter is faster</title>\n<rect width='100%%' height='100%%' fill='#fff'/>\n")
	picture.Write(drawing.Bytes())
	picture.WriteString("</svg>\n")
	return picture.Bytes()
}

func (r result) largestRatio() (largest float64) {
	for _, each := range r.contestants {
		ratio, _, upper := r.ratio(each.name, r.reference)
		largest = max(largest, ratio, upper)
	}
	return largest
}

func colourOf(name string) string {
	switch name {
	case nameOurs:
		return "#1769aa"
	case nameOursDefault, nameOursToken:
		return "#8fbbdc"
	case nameFloor:
		return "#555"
	case nameBusyFloor:
		return "#999"
	}
	return "#bbb"
}
