#!/usr/bin/env python3
"""Counts, without passmuster, what the samples of service catalogues and of Terraform hold, and writes their tables.

usage: tests/conformance/count_inventories.py SAMPLES    (needs PyYAML)
"""
import json
import pathlib
import sys
from collections import Counter

import yaml

SAMPLES = pathlib.Path(sys.argv[1])
TABLES = pathlib.Path(__file__).parent


def row(kind, counts, complete=True):
    return {
        "kind": kind,
        "made_with": "tests/conformance/count_inventories.py",
        "counts": {section: n for section, n in counts.items() if n},
        "complete": complete,
    }


def documents(file):
    return [document for document in yaml.safe_load_all(file.read_text()) if document]


def opslevel(file):
    services = [d for d in documents(file) if "service" in d]
    return row("opslevel.service", {"services": len(services)})


def cortex(file):
    counts = Counter()
    for document in documents(file):
        if "openapi" not in document:
            return {"no_export": "a payload that Cortex takes in, dependencies to write (PROVENANCE: bulk payload)"}
        info = document["info"]
        match info.get("x-cortex-type", "team" if "x-cortex-team" in info else "service"):
            case "service":
                counts["services"] += 1
            case "team":
                counts["teams"] += 1
                counts["people"] += len({m["email"].lower() for m in info["x-cortex-team"]["members"]})
            case _:
                pass  # A domain groups others; every other type is a resource, and no service here depends on one.
    return row("cortex.entity", counts)


def datadog(file):
    return row("datadog.service", {"services": sum("dd-service" in d for d in documents(file))})


def servicenow(file):
    result = json.loads(file.read_text())["result"]
    if isinstance(result, dict):
        items, kind = [result["attributes"]], "servicenow.instance"
    else:
        items, kind = result, "servicenow.records"
    # An item whose class is not that of a service, or is not said, is none.
    return row(kind, {"services": sum(i.get("sys_class_name", "").startswith("cmdb_ci_service") for i in items)})


def netbox(file):
    # Machines are no services.
    return row("netbox.virtual-machines", {}, complete=json.loads(file.read_text())["next"] is None)


def terraform(file):
    data = file.read_bytes()
    text = data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    plan = json.loads(text)
    kept = ("aws_backup_", "azurerm_backup_", "aws_db_instance", "aws_rds_cluster")
    assert not any(c["type"].startswith(kept) for c in plan["resource_changes"]), "a resource to count"
    return row("terraform.plan", {})


for count in (opslevel, cortex, datadog, servicenow, netbox, terraform):
    folder = count.__name__
    table = {file.name: count(file) for file in sorted((SAMPLES / folder).iterdir())}
    (TABLES / f"{folder}.json").write_text(json.dumps(table, indent=2, sort_keys=True) + "\n")
