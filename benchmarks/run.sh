#!/bin/sh
# Measures gowebob beside its peers and prints the ratios; under four minutes.
# Figures and tables stay in results/.
#   ROUNDS      rounds of the in-process benchmarks (default 10)
#   BENCHTIME   time per case and round (default 80ms)
#   MATCH       only cases whose name matches, such as work=pipeline8
#   PYTHON      a Python that has WebOb (default: the first found; "none": without)
#   STRICT      1: fail if a budget was not kept
#   TABLES      1: also the long tables with benchstat's confidence
#   E2E_ROUNDS  rounds over loopback with wrk (default 0: none); E2E_D: length of
#               one run (default 4s). Python then wants eventlet too.
set -e
cd "$(dirname "$0")"
if [ -z "$PYTHON" ]; then
	for p in $(which -a python3 2> /dev/null); do
		if "$p" -c 'import webob' 2> /dev/null; then
			PYTHON=$p
			break
		fi
	done
fi
[ "$PYTHON" = none ] && PYTHON=
export PYTHON
mkdir -p results
go build -o results/ratios ./cmd/ratios
results/ratios -o results/raw.txt -match "${MATCH:-.}" ${STRICT:+-strict}  > results/ratios.md || failed=1
cat results/ratios.md
if [ -n "$TABLES" ]; then
	go run ./cmd/table results/raw.txt | tee results/tables.md
fi
if [ "${E2E_ROUNDS:-0}" -gt 0 ]; then
	command -v wrk > /dev/null || { echo "run.sh: no wrk" >&2; exit 1; }
	go build -o results/serve ./cmd/serve
	[ -n "$PYTHON" ] && ! "$PYTHON" -c 'import eventlet' 2> /dev/null && PYTHON=
	go run ./cmd/e2e -serve results/serve -d "${E2E_D:-4s}" -rounds "$E2E_ROUNDS" | tee results/e2e.md
fi
[ -z "$failed" ]
