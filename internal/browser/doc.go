// Package browser tests programs of this module in a headless Chromium, as people
// use them. It is a module of its own, so that what drives the browser is no
// dependency of the library; there is nothing in it but tests.
//
// WIKI_SHOTS names a folder to put screenshots in. Without a Chromium the tests are
// skipped.
package browser
