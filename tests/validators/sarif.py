"""Microsoft's SARIF Multitool, and what GitHub takes beside it: sarif.py MULTITOOL FILE…

The multitool leaves with 0 whatever it finds, so its log is read. It skips files that it thinks too large, and knows
none of GitHub's limits ("SARIF support for code scanning").
"""
import gzip
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from documents import check

MULTITOOL = sys.argv[1]
# It looks up addresses of schemas, and waits long for an answer: nobody answers here.
NOWHERE = {name: "http://127.0.0.1:9" for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy")}


def of_multitool(document):
    with tempfile.TemporaryDirectory() as folder:
        file, log = Path(folder, "run.sarif"), Path(folder, "log.sarif")
        file.write_text(json.dumps(document), encoding="utf-8")
        command = [MULTITOOL, "validate", file, "--rule-kind", "Sarif;Ghas", "--level", "Error", "--output", log]
        command += ["--log", "ForceOverwrite", "--max-file-size-in-kb", "1000000"]
        ran = subprocess.run(command, capture_output=True, text=True, check=False, env=os.environ | NOWHERE)
        if not log.exists():
            yield f"the multitool left no log: {ran.stdout[-500:]} {ran.stderr[-500:]}"
            return
        run = json.loads(log.read_text(encoding="utf-8-sig"))["runs"][0]
    if not run["invocations"][0].get("executionSuccessful", False):
        yield "the multitool could not run to its end"
    for result in run.get("results", []):
        if result.get("level", "warning") == "error":
            line = result["locations"][0]["physicalLocation"].get("region", {}).get("startLine", "?")
            yield f"{result['ruleId']} in line {line}: {json.dumps(result['message'])[:300]}"


def of_github(document):
    if len(gzip.compress(json.dumps(document).encode())) > 10_000_000:
        yield "more than 10 MB"
    for run in document["runs"]:
        if len(run["results"]) > 25_000:
            yield "more than 25,000 results"
        for result in run["results"]:
            if not result["locations"][0].get("physicalLocation"):
                yield "a result without a place, which GitHub shows nowhere"


def validate(document):
    yield from of_multitool(document)
    yield from of_github(document)


def spoil(document):
    del document["runs"][0]["tool"]["driver"]["name"]


if __name__ == "__main__":
    check("SARIF Multitool and GitHub", sys.argv[2:], json.loads, validate, spoil)
