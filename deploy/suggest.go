package deploy

import (
	"fmt"
	"slices"
)

// maxKnown is how many names are looked through for a suggestion, maxLetters how long the
// name may be: comparing takes time.
const (
	maxKnown   = 1000
	maxLetters = 40
)

// didYouMean suggests the known name that is most like one that is unknown, or gives "".
func didYouMean(name string, known []string) string {
	if len(known) > maxKnown || len(name) > maxLetters {
		return ""
	}
	best, least := "", 1+len([]rune(name))/3 // a third of the letters may be wrong
	for _, k := range slices.Sorted(slices.Values(known)) {
		if d := distance(name, k, least+1); d <= least && k != name {
			best, least = k, d-1
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf(", did you mean %s?", best)
}

// distance is the number of letters to add, drop, change or swap with their neighbour
// (the optimal string alignment), or most if it is not below.
func distance(a, b string, most int) int {
	x, y := []rune(a), []rune(b)
	if len(x)-len(y) >= most || len(y)-len(x) >= most {
		return most
	}
	var before, last, row []int
	last = make([]int, len(y)+1)
	for j := range last {
		last[j] = j
	}
	for i := range x {
		row = make([]int, len(y)+1)
		row[0] = i + 1
		for j := range y {
			cost := 1
			if x[i] == y[j] {
				cost = 0
			}
			row[j+1] = min(last[j+1]+1, row[j]+1, last[j]+cost)
			if i > 0 && j > 0 && x[i] == y[j-1] && x[i-1] == y[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
		before, last = last, row
	}
	return min(last[len(y)], most)
}
