//go:build !race

package dec_test

const raceEnabled = false
