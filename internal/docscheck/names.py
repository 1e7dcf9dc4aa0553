"""Print the public names of WebOb, a line each: webob.request.Request.accept.

    python3 -B names.py > testdata/webob_names.txt

These are the names without an underscore that a module defines (what it imports
from another counts there), and of a class those that its bases have not got;
what BaseRequest has is listed as Request's. docs/from-webob.md has a row for each:
TestEveryNameOfWebOb of internal/docscheck watches over that.
"""

import importlib
import inspect
import warnings

MODULES = (
    "request response dec exc acceptparse cookies static client etag byterange "
    "cachecontrol multidict headers descriptors datetime_utils"
).split()


AS = {"BaseRequest": "Request"}


def of_module(module):
    listed = getattr(module, "__all__", None)
    for name, value in sorted(vars(module).items()):
        if name.startswith("_") or inspect.ismodule(value):
            continue
        if listed is not None and name not in listed:
            if not inspect.isclass(value):
                continue
        made = getattr(value, "__module__", module.__name__)
        if made == module.__name__ or not (inspect.isclass(value) or inspect.isroutine(value)):
            yield name, value


def of_class(cls):
    known = set()
    for base in cls.__mro__[1:]:
        known |= set(vars(base))
    for name in sorted(vars(cls)):
        if not name.startswith("_") and name not in known:
            yield name


def main():
    warnings.simplefilter("ignore")
    for short in MODULES:
        module = importlib.import_module(f"webob.{short}")
        for name, value in of_module(module):
            print(f"{module.__name__}.{name}")
            if inspect.isclass(value):
                for attribute in of_class(value):
                    print(f"{module.__name__}.{AS.get(name, name)}.{attribute}")


if __name__ == "__main__":
    main()
