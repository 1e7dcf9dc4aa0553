package main

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"os/exec"

	"github.com/gowebob/gowebob/benchmarks"
	"github.com/gowebob/gowebob/benchmarks/internal/rounds"
)

// stats holds the confidence of the median of times, as benchstat prints it.
type stats map[rounds.Key]string

// benchstat asks the pinned tool for one family of a file.
func benchstat(file, family string) (stats, error) {
	row := ".name"
	if key := benchmarks.RowKey(family); key != "" {
		row = "/" + key
	}
	cmd := exec.Command("go", "tool", "benchstat", "-format", "csv", "-filter", ".name:"+family+" .unit:sec/op", "-row", row, "-col", "/peer", file)
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("benchstat: %w: %s", err, errs.Bytes())
	}
	return parseCSV(out, family)
}

// parseCSV reads benchstat's CSV: after lines of one cell (the configuration) one
// with the peers and one with the units, then one for each row, in which a
// peer's median and confidence stand side by side.
func parseCSV(text []byte, family string) (stats, error) {
	st := stats{}
	for block := range bytes.SplitSeq(text, []byte("\n\n")) {
		r := csv.NewReader(bytes.NewReader(block))
		r.FieldsPerRecord = -1
		recs, err := r.ReadAll()
		if err != nil {
			return nil, fmt.Errorf("benchstat: %w", err)
		}
		for len(recs) > 0 && len(recs[0]) < 2 {
			recs = recs[1:]
		}
		if len(recs) < 3 {
			continue
		}
		for _, rec := range recs[2:] {
			st.row(family, recs[0], rec)
		}
	}
	return st, nil
}

func (st stats) row(family string, head, rec []string) {
	row := rec[0]
	if row == "geomean" {
		return
	}
	if benchmarks.RowKey(family) == "" {
		row = ""
	}
	for i, peer := range head {
		if peer != "" && i+1 < len(rec) && rec[i] != "" {
			st[rounds.Key{Family: family, Row: row, Peer: peer}] = rec[i+1]
		}
	}
}
