package server

import "os"

// envWorker marks a worker process: what its parent tells it, as JSON.
const envWorker = "GOWEBOB_WORKER"

// InWorker says whether this process is a worker of another one's Run, until it comes by
// Run itself: a program that tells what it does when it starts can leave that to the
// process that people have started.
func InWorker() bool { return os.Getenv(envWorker) != "" }
