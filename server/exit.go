package server

import "errors"

// ExitConfig is the exit status of a program whose configuration is wrong (EX_CONFIG of
// sysexits.h). A worker that exits with it is not started again before the next reload.
const ExitConfig = 78

// ExitCode is the exit status for what Run returned: 0 for nil, ExitConfig for an
// ErrOptions, else 1.
func ExitCode(err error) int {
	switch {
	case err == nil:
		return 0
	case errors.Is(err, ErrOptions):
		return ExitConfig
	}
	return 1
}
