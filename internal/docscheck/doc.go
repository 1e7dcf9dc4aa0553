// Package docscheck has nothing but tests: that what the pages of this project
// show is true of its code.
package docscheck
