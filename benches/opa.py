"""OPA's Go engine on the positions that `judge positions` prints, with the built-in pack.

usage: opa.py POLICIES NDJSON [--parse]     (--parse: load only, judge one document: the floor to subtract)
needs: pip install --ignore-requires-python --no-deps opa-golib-python-bindings
"""
import ctypes
import glob
import os
import sys

from opa_bindings import OpaEngine

root, documents = sys.argv[1:3]
engine = OpaEngine()
paths = [p for p in sorted(glob.glob(f"{root}/**/*.rego", recursive=True)) if not p.endswith("_test.rego")]
names = []
for path in paths:
    name = os.path.relpath(path, os.path.dirname(root))
    engine.add_policy(name, open(path).read())
    package = name[: -len(".rego")].replace("/", ".")
    if ".lib." not in package:
        names.append(package)
bodies = "\n".join(f"findings contains f if some f in data.{n}.findings\nsubjects contains [\"{n}\", s] if some s in data.{n}.subjects" for n in names)
engine.add_policy("main.rego", "package main\n" + bodies + "\n")
lines = [line.strip().encode() for line in open(documents)]


def judge(line, path):
    pointer = engine._lib.OpaEvalDocument(engine._handle, path, line, 0, 0)
    text = ctypes.string_at(pointer)
    engine._lib.OpaFreeString(pointer)
    return text


findings = 0
for line in lines[:1] if "--parse" in sys.argv else lines:
    findings += judge(line, b"main.findings").count(b'"verdict"')
    judge(line, b"main.subjects")
print(f"{len(lines)} documents, {findings} findings")
