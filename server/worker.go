package server

import (
	"errors"
	"net/http"
	"os"
)

type workerInfo struct{}

func workerMark() (workerInfo, bool) { return workerInfo{}, false }

func runWorker(http.Handler, Options, workerInfo) error { return errors.ErrUnsupported }

func runParent(*Server, <-chan os.Signal) error { return errors.ErrUnsupported }
