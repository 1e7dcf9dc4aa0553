// Package command is a command line over configuration files: it serves what a file
// describes, checks it, draws it, and asks it. Programs with factories of their own have it in
// five lines:
//
//	func main() {
//		r := deploy.NewRegistry()
//		r.App("egg:shop#main", shop)
//		command.Main(r)
//	}
//
// Then, with this as the program shop:
//
//	shop serve shop.ini --reload        serve the app, load the file again when it changes
//	shop request shop.ini /cart         one request in this process, the answer printed
//	shop check shop.ini                 all faults of the file, a line each
//	shop show shop.ini --format svg     what the app is made of
//	shop routes shop.ini                what answers which paths
//	shop version
//
// Each takes --help, and --json for programs. Exit statuses are 0, 1 for faults of the
// configuration and 2 for mistakes in the command line; request has 4 and 5 for answers of 400 and
// 500 and above. Colour is for terminals, and never where NO_COLOR is set.
//
// Main is for a main; Run is the same with everything handed in, for tests.
package command
