// Package contentneg reads the Accept fields of a request and chooses among what
// the server can offer, as RFC 9110 section 12 and RFC 4647 say.
package contentneg
