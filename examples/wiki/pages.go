package main

import (
	"cmp"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Pages keeps pages as files. Each page is a folder, each of its versions a text
// file in it that never changes again:
//
//	Home/000001.txt
//	Home/000002.txt      the highest number is the page as it stands
//
// It is safe for concurrent use, by several processes as well, and needs no lock:
// see Save. All access goes through an os.Root, which opens nothing outside of the
// folder, whatever a name or a symbolic link says.
type Pages struct{ root *os.Root }

// Version is a page as it was saved once.
type Version struct {
	Number int // from 1 up; 0 stands for a page that is not there yet
	Saved  time.Time
	Text   string // History leaves it out
}

// ErrConflict is what Save says if somebody else has saved the page meanwhile.
var ErrConflict = errors.New("the page has been changed meanwhile")

// Current is the page as it stands; fs.ErrNotExist if there is none.
func (p *Pages) Current(t Title) (Version, error) {
	history, err := p.History(t)
	if err != nil {
		return Version{}, err
	}
	return p.Version(t, history[0].Number)
}

// Version is the page as it was; fs.ErrNotExist if there is no such version.
func (p *Pages) Version(t Title, number int) (Version, error) {
	file, err := p.root.Open(versionFile(t, number))
	if err != nil {
		return Version{}, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return Version{}, err
	}
	text, err := io.ReadAll(file)
	return Version{number, info.ModTime(), string(text)}, err
}

// History are all versions, the newest first, without their text; fs.ErrNotExist
// if there is none.
func (p *Pages) History(t Title) ([]Version, error) {
	files, err := fs.ReadDir(p.root.FS(), t.Folder())
	if err != nil {
		return nil, err
	}
	var history []Version
	for _, file := range files {
		if number, ok := versionOf(file.Name()); ok {
			info, err := file.Info()
			if err != nil {
				return nil, err
			}
			history = append(history, Version{Number: number, Saved: info.ModTime()})
		}
	}
	if len(history) == 0 {
		return nil, fmt.Errorf("no versions of %q: %w", t, fs.ErrNotExist)
	}
	slices.SortFunc(history, func(a, b Version) int { return cmp.Compare(b.Number, a.Number) })
	return history, nil
}

// Save adds a version. base is the number of the version that the editor has
// started from, 0 for a new page; if the page is another one by now, nothing is
// written and the error is ErrConflict. A text that is the same as before is no new
// version.
//
// The text is written to a file of another name first, so that nobody ever reads
// half of it. Linking that to its final name fails if there is such a file: of two
// who save at the same time one wins, and the other one is told.
func (p *Pages) Save(t Title, base int, text string) error {
	current, err := p.Current(t)
	switch {
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return err
	case current.Number != base:
		return ErrConflict
	case base > 0 && current.Text == text:
		return nil
	}
	if err := p.root.MkdirAll(t.Folder(), 0o777); err != nil {
		return err
	}
	draft := path.Join(t.Folder(), "draft-"+rand.Text())
	defer p.root.Remove(draft)
	if err := p.write(draft, text); err != nil {
		return err
	}
	err = p.root.Link(draft, versionFile(t, base+1))
	if errors.Is(err, fs.ErrExist) {
		return ErrConflict
	}
	return err
}

// write makes a file that is on the disk when it returns.
func (p *Pages) write(name, text string) error {
	file, err := p.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return err
	}
	_, err = file.WriteString(text)
	return errors.Join(err, file.Sync(), file.Close())
}

// Has says whether there is such a page.
func (p *Pages) Has(t Title) bool {
	_, err := p.root.Stat(versionFile(t, 1))
	return err == nil
}

// Titles are all pages, in the order of the alphabet.
func (p *Pages) Titles() ([]Title, error) {
	folders, err := fs.ReadDir(p.root.FS(), ".")
	if err != nil {
		return nil, err
	}
	var titles []Title
	for _, folder := range folders {
		if t, ok := titleOf(folder.Name()); ok && p.Has(t) {
			titles = append(titles, t)
		}
	}
	slices.SortFunc(titles, func(a, b Title) int {
		return cmp.Or(strings.Compare(strings.ToLower(string(a)), strings.ToLower(string(b))), cmp.Compare(a, b))
	})
	return titles, nil
}

// versionFile is where a version lies.
func versionFile(t Title, number int) string {
	return path.Join(t.Folder(), fmt.Sprintf("%06d.txt", number))
}

// versionOf is the way back, for the last part of the name; false for other files.
func versionOf(name string) (number int, ok bool) {
	digits, ok := strings.CutSuffix(name, ".txt")
	if !ok {
		return 0, false
	}
	number, err := strconv.Atoi(digits)
	return number, err == nil && number > 0 && fmt.Sprintf("%06d.txt", number) == name
}
