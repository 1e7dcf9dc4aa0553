package conformance

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os/exec"
	"slices"
	"strings"
)

// webobPython finds a Python that has WebOb, or says why there is none.
func webobPython(ctx context.Context) (path string, reason string) {
	var tried []string
	for _, name := range []string{"python3", "/usr/bin/python3"} {
		path, err := exec.LookPath(name)
		if err != nil || slices.Contains(tried, path) {
			continue
		}
		if exec.CommandContext(ctx, path, "-c", "import webob, routes").Run() == nil {
			return path, ""
		}
		tried = append(tried, path)
	}
	if tried == nil {
		return "", "no python3"
	}
	return "", "no WebOb (Debian's python3-webob) for " + strings.Join(tried, ", ")
}

// askWebob puts all questions to one process of the oracle, and gives them back
// as vectors. Each has a note, so that rules of both kinds are looked at.
func askWebob(ctx context.Context, python string, questions []Vector) ([]Vector, error) {
	var in bytes.Buffer
	enc := json.NewEncoder(&in)
	for _, q := range questions {
		if err := enc.Encode(object{"id": q.ID, "op": q.Op, "in": q.In}); err != nil {
			return nil, err
		}
	}
	cmd := exec.CommandContext(ctx, python, "-B", "-m", "oracle")
	var stderr bytes.Buffer
	cmd.Stdin, cmd.Stderr = &in, &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("oracle: %w\n%s", err, stderr.Bytes())
	}
	answered, err := readVectors(bytes.NewReader(out))
	if err != nil {
		return nil, err
	}
	if len(answered) != len(questions) {
		return nil, fmt.Errorf("oracle: %d answers to %d questions\n%s", len(answered), len(questions), stderr.Bytes())
	}
	for i := range answered {
		answered[i].Note = "live: a question made at random"
	}
	return answered, nil
}
