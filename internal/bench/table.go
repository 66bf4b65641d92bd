package main

import (
	"fmt"
	"io"
	"strings"
	"time"
)

// columns are the contestants of the tables. The last holds variants of the
// others, one per scene.
var columns = []struct {
	title string
	names []string
}{
	{nameFloor, []string{nameFloor}},
	{nameByHand, []string{nameByHand}},
	{nameStock, []string{nameStock}},
	{nameOgen, []string{nameOgen}},
	{"**ours**", []string{nameOurs}},
	{"variant", []string{nameOursDefault, nameOursToken, nameBusyFloor}},
}

// writeTable writes a row per result, and in it a figure per contestant.
func writeTable(w io.Writer, results []result, figure func(result, string) string) {
	var titles []string
	for _, column := range columns {
		titles = append(titles, column.title)
	}
	fmt.Fprintf(w, "| | %s |\n|---|%s\n", strings.Join(titles, " | "), strings.Repeat("---:|", len(titles)))
	for _, each := range results {
		fmt.Fprintf(w, "| %s, %s |", each.scene, each.name)
		for _, column := range columns {
			fmt.Fprintf(w, " %s |", figureOf(each, column.names, figure))
		}
		fmt.Fprintln(w)
	}
}

func figureOf(r result, names []string, figure func(result, string) string) string {
	for _, name := range names {
		if r.has(name) {
			return figure(r, name)
		}
	}
	return ""
}

// ratioFigure is the ratio to the reference, with the quartiles; for the
// reference, the time that stands for 1.
func ratioFigure(r result, name string) string {
	if name == r.reference {
		return "1 = " + round(r.time(name)/time.Duration(r.pages)).String()
	}
	ratio, lower, upper := r.ratio(name, r.reference)
	return fmt.Sprintf("%.2f (%.2f–%.2f)", ratio, lower, upper)
}

func allocationsFigure(r result, name string) string {
	return fmt.Sprintf("%.0f", r.allocations(name))
}

func dialsFigure(r result, name string) string { return fmt.Sprintf("%.0f", r.dials(name)) }

// round leaves three digits or so.
func round(d time.Duration) time.Duration {
	unit := time.Nanosecond
	for d/unit >= 1000 {
		unit *= 10
	}
	return d.Round(unit)
}
