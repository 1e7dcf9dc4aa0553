package gateway_test

import (
	"net/http"

	"github.com/gowebob/gowebob/internal/everyfront"
)

// scripts are the apps that this binary can be.
func scripts(string) http.Handler { return everyfront.App() }
