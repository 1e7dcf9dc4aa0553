// Sites is three apps under one roof: a folder of files at /, a blog at /blog and a wiki at
// /wiki. None knows where it is; sites.ini says so, and which filters stand before them.
//
//	go run ./examples/sites serve examples/sites/sites.ini
//	http://127.0.0.1:8080/
//
// The pages of the wiki are kept in the folder sites-data, which is made if need be. To have
// them elsewhere:
//
//	go run ./examples/sites serve examples/sites/sites.ini data=/var/lib/sites
package main

import (
	"github.com/gowebob/gowebob/deploy"
	"github.com/gowebob/gowebob/deploy/command"
	"github.com/gowebob/gowebob/deploy/standard"
)

func main() { command.Main(registry()) }

func registry() *deploy.Registry {
	r := standard.Registry()
	r.App("egg:Blog", newBlog)
	r.App("egg:Wiki", newWiki)
	return r
}
