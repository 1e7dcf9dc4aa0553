package command

import (
	"fmt"
	"log/slog"
	"sync"

	"github.com/gowebob/gowebob/deploy"
)

// service is the app that serve hands to the server. Its Reload tells people what was wrong.
type service struct {
	*deploy.Live
	call     *call
	log      *slog.Logger
	watch    *watcher
	section  func() (string, error) // the plan of the server section; nil without one
	settings string                 // that plan when the server started
	notice   string                 // that the server is not that of the file
	quiet    bool                   // a worker: the process that has started it tells what there is to tell
	mu       sync.Mutex
}

// Reload loads the app again. What is wrong with the file is told a line each, as other
// commands tell it, and the error is short.
func (s *service) Reload() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.Live.Reload(); err != nil {
		return s.tell(err)
	}
	if s.section == nil || s.quiet {
		return nil
	}
	if now, err := s.section(); err != nil {
		s.tell(err)
		s.log.Warn("the server section now has faults: the server goes on as it is")
	} else if now != s.settings {
		s.settings = now
		s.log.Warn("the server section has changed: that takes a restart")
	}
	return nil
}

// tell tells faults, and gives the short error that the log has beside.
func (s *service) tell(err error) error {
	faults := faultsOf(err)
	switch {
	case s.quiet:
	case s.call.json:
		s.log.Error("the configuration has faults", slog.Any("faults", plain(faults)))
	default:
		newPainter(s.call.err).faults(faults, false)
	}
	return fmt.Errorf("%s in the configuration", count(len(faults), "fault"))
}

// reloadChanged is Reload for files that have changed. Each worker does it for itself, and the
// process that people have started tells of it.
func (s *service) reloadChanged(files string) {
	err := s.Reload()
	switch {
	case s.quiet:
	case err != nil:
		s.log.Error("not reloaded, the old app stays", slog.String("changed", files), slog.Any("error", err))
	default:
		s.log.Info("reloaded", slog.String("changed", files))
	}
}
