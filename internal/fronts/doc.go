// Package fronts has nothing but tests: that apps of ours answer alike behind real
// web servers (nginx over FastCGI and over a Unix socket), and that php-fpm answers
// behind package gateway. Where nginx or php-fpm is not installed they are skipped.
//
// Each server runs in the foreground, with a configuration and a folder of its own, on
// loopback or a Unix socket, and is killed with its test.
package fronts
