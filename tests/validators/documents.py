"""What every check of documents does: none may be refused, and one that was broken on purpose must be.

A validator that takes everything proves nothing.
"""
import sys
from pathlib import Path


def check(name, paths, read, validate, spoil):
    """Validates each file; `spoil` breaks what was read of the first. Leaves with 1 where anything is wrong."""
    if not paths:
        sys.exit(f"  FAILED {name}: no documents")
    wrong = 0
    for path in map(Path, paths):
        errors = list(validate(read(path.read_text(encoding="utf-8"))))
        for error in errors[:10]:
            print(f"  FAILED {path.name}: {error}")
        wrong += bool(errors)
    broken = read(Path(paths[0]).read_text(encoding="utf-8"))
    spoil(broken)
    if not list(validate(broken)):
        print(f"  FAILED {name}: a broken document is taken as well")
        sys.exit(1)
    print(f"  {name}: {len(paths) - wrong} of {len(paths)} documents taken, a broken one refused")
    sys.exit(wrong > 0)


def schema_errors(validator, document):
    """The errors of a validator of the package `jsonschema`, in words."""
    for error in validator.iter_errors(document):
        yield f"{error.json_path}: {error.message[:300]}"

