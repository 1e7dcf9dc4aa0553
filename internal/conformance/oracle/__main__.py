"""Answer conformance questions with WebOb and PasteDeploy themselves.

Reads one JSON object a line on standard input, {"id", "op", "in"}, and writes
the same object with "out" added, or "err" (the exception's class name) where
the reference refuses the input.

    apt-get install python3-webob python3-pastedeploy python3-paste
    python3 -B -m oracle < questions.jsonl > answers.jsonl    # from internal/conformance

TestLive of internal/conformance does so with questions of its own making.

Each module NAME_ops.py beside this file holds a dict OPS: op name -> function
of the "in" object, returning something JSON can hold. Bytes travel as latin-1
text (each character one byte) unless an op's docstring says otherwise.
"""

import importlib
import json
import pathlib
import sys


def load_ops():
    ops = {}
    for path in sorted(pathlib.Path(__file__).parent.glob("*_ops.py")):
        try:
            module = importlib.import_module(f"{__package__}.{path.stem}")
        except ModuleNotFoundError:  # its reference is not installed
            continue
        clash = ops.keys() & module.OPS.keys()
        if clash:
            raise SystemExit(f"op defined twice: {sorted(clash)}")
        ops.update(module.OPS)
    return ops


def main():
    ops = load_ops()
    for line in sys.stdin:
        if not line.strip():
            continue
        case = json.loads(line)
        case.pop("out", None)
        case.pop("err", None)
        if case["op"] not in ops:
            raise SystemExit(f"no such op: {case['op']}")
        try:
            case["out"] = ops[case["op"]](case["in"])
        except Exception as error:  # the reference's refusal is the answer
            case["err"] = type(error).__name__
        print(json.dumps(case, sort_keys=True))


if __name__ == "__main__":
    main()
