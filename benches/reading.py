#!/usr/bin/env python3
"""What reading exports into typed structs costs, against `serde_json::Value` of the same bytes, in instructions (valgrind).

usage: benches/reading.py JUDGE FILE…      JUDGE: target/release/examples/judge; FILE: exports in JSON

The largest list of an export is repeated until it is a good megabyte, so that what is measured is what grows. One line an export: the
share to typed structs (half is asked), and whole, from bytes to records, recognition included. Ends with 1 where a kind
costs more than half.
"""

import concurrent.futures
import json
import os
import re
import subprocess
import sys
import tempfile

SIZE = 1_200_000


def largest_list(value):
    """The longest list of objects that lies below keys alone, by its length as text."""
    if isinstance(value, list):
        return (len(json.dumps(value)), value) if value and isinstance(value[0], dict) else (0, None)
    if isinstance(value, dict):
        return max((largest_list(v) for v in value.values()), key=lambda found: found[0], default=(0, None))
    return (0, None)


def grown(path):
    """The export with its list repeated; None where that is not most of it."""
    with open(path, encoding="utf-8-sig") as file:
        try:
            document = json.load(file)
        except ValueError:
            return None
    length, items = largest_list(document)
    if items is None or length * 1.5 < len(json.dumps(document)):
        return None
    items.extend(list(items) * (SIZE // length))
    return json.dumps(document, separators=(",", ":"), ensure_ascii=False)


# Valgrind counts each byte of a `rep movsb` as an instruction, a processor counts all of them as one: large copies are made
# by vectors instead, on both sides.
VECTORS = {"GLIBC_TUNABLES": "glibc.cpu.x86_rep_movsb_threshold=0x7fffffffffff"}


def instructions(*command):
    """Instructions of a command; None where it fails."""
    run = subprocess.run(
        ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", *command],
        capture_output=True,
        text=True,
        env={**os.environ, **VECTORS},
    )
    return None if run.returncode else int(re.search(r"Collected : (\d+)", run.stderr).group(1))


def measured(judge, path, nothing, work):
    """Kind, share to structs, share whole; None where the file is no export that can grow."""
    text = grown(path)
    if text is None:
        return None
    large = os.path.join(work, re.sub(r"\W+", "-", path) + ".json")
    with open(large, "w", encoding="utf-8") as file:
        file.write(text)
    kind = subprocess.run([judge, "kinds", large], capture_output=True, text=True).stdout.split(" ")[0]
    structs = kind and instructions(judge, "structs", kind, large)
    if not structs:
        return None
    values, whole = instructions(judge, "values", large), instructions(judge, "typed", large)
    share = lambda count: count and (count - nothing) / (values - nothing)
    return kind, share(structs), share(whole)


def main(judge, *files):
    nothing = instructions(judge, "nothing")
    too_dear = False
    with tempfile.TemporaryDirectory() as work, concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for path, found in zip(files, pool.map(lambda path: measured(judge, path, nothing, work), files)):
            if found:
                kind, structs, whole = found
                too_dear |= structs > 0.5
                whole = f"{whole:.2f}" if whole else "not read"
                print(f"{structs:.2f} to structs, {whole} to records: {kind} ({os.path.basename(path)})", flush=True)
    return too_dear


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
