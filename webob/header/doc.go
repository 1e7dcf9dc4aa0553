// Package header reads and writes HTTP header fields as typed values.
package header
