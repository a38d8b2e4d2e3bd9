#!/usr/bin/env python3
"""Counts, without passmuster, what the samples of eight folders hold, and writes their tables.

usage: tests/conformance/count.py SAMPLES    (needs PyYAML)
"""
import json
import pathlib
import re
import sys
from collections import Counter
from datetime import datetime, timezone

import yaml

SAMPLES = pathlib.Path(sys.argv[1])
TABLES = pathlib.Path(__file__).parent


def utc(time):
    """RFC 3339 in UTC of epoch seconds or of a text with an offset; a text without one as it is."""
    if isinstance(time, (int, float)):
        time = datetime.fromtimestamp(time, timezone.utc).isoformat()
    if isinstance(time, datetime):
        time = time.replace(tzinfo=time.tzinfo or timezone.utc).isoformat()
    head, digits, offset = re.fullmatch(r"([^.Z+]+?)(?:\.(\d+))?(Z|[+-]\d\d:\d\d)?", time).groups()
    if offset is None:
        return head
    at = datetime.fromisoformat(head + offset.replace("Z", "+00:00"))
    text, digits = at.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S"), (digits or "").rstrip("0")
    return text + ("." + digits if digits else "") + "Z"


def row(kind, counts, newest=None, status=None, complete=True):
    return {
        "kind": kind,
        "made_with": "tests/conformance/count.py",
        "counts": {section: n for section, n in counts.items() if n},
        **({"newest": newest} if newest else {}),
        **({"status": status} if status else {}),
        "complete": complete,
    }


def one_run_a_point(kind, runs, extra=None, complete=True):
    """`runs`: status and time of each listed backup, which is a run and its point."""
    counts = {"jobs": len(runs), "recovery_points": len(runs), **(extra or {})}
    newest = max((utc(at) for _, at in runs), default=None)
    return row(kind, counts, newest, {"jobs": dict(Counter(s for s, _ in runs))} if runs else None, complete)


def velero(file):
    objects = [o for o in yaml.safe_load_all(file.read_text()) if o and o["apiVersion"] == "velero.io/v1"]
    (only,) = objects
    phase = only.get("status", {}).get("phase")
    match only["kind"]:
        case "Backup":
            word = {"Completed": "success", "PartiallyFailed": "partial", "Failed": "failed"}[phase]
            assert only["spec"]["includedNamespaces"] == ["*"], "one record a namespace"
            return one_run_a_point("velero.list", [(word, only["status"]["startTimestamp"])])
        case "Schedule":
            return row("velero.list", {"policies": 1})
        case "BackupStorageLocation":
            return row("velero.list", {"vaults": 1})
        case "Restore":
            # A restore that ended well has shown no data to anybody.
            word = {"Completed": "unknown", "Failed": "fail"}[phase]
            ended = utc(only["status"]["completionTimestamp"])
            return row("velero.list", {"restore_tests": 1}, ended, {"restore_tests": {word: 1}})


def aws_backup(file):
    data = json.loads(file.read_text())
    match list(data):
        case [*keys] if "BackupPlan" in keys:
            return row("aws-backup.plan", {"policies": len(data["BackupPlan"]["Rules"])})
        case [*keys] if "BackupPlansList" in keys:
            return row("aws-backup.plans", {})
        case [*keys] if "BackupVaultList" in keys:
            return row("aws-backup.vaults", {"vaults": len(data["BackupVaultList"])})
        case [*keys] if "BackupVaultArn" in keys:
            return row("aws-backup.vault", {"vaults": 1})
        case [*keys] if "RecoveryPoints" in keys:
            points = data["RecoveryPoints"]
            newest = max(utc(p["CreationDate"]) for p in points)
            return row("aws-backup.recovery-points", {"recovery_points": len(points)}, newest)
        case [*keys] if "Tags" in keys:
            return row("aws-backup.tags", {})
    assert "status_code" in data
    return {"no_export": "a recorded answer in a wrapper, {status_code, data} (FORMATS A2)"}


def restic(file):
    data = json.loads(file.read_text())
    if isinstance(data, dict):
        return row("restic.stats", {})
    return one_run_a_point("restic.snapshots", [("success", s["time"]) for s in data for _ in s["paths"]])


def pgbackrest(file):
    stanzas = json.loads(file.read_text())
    runs = [
        ("partial" if b.get("error") or b["archive"]["stop"] is None else "success", b["timestamp"]["stop"])
        for s in stanzas
        for b in s.get("backup", [])
    ]
    # 0: ok; 2: no valid backups, which is an answer; everything else, in a repository too, is none.
    codes = [s["status"]["code"] for s in stanzas] + [r["status"]["code"] for s in stanzas for r in s.get("repo", [])]
    without = any("backup" not in s for s in stanzas)
    return one_run_a_point("pgbackrest.info", runs, complete=all(c in (0, 2) for c in codes) and not without)


def backstage(file):
    counts = Counter()
    for entity in filter(None, yaml.safe_load_all(file.read_text())):
        match entity["kind"]:
            case "Component" | "System":
                counts["services"] += 1
            case "Group":
                counts["teams"] += 1
            case "User":
                counts["people"] += 1
    return row("backstage.entity", counts)


def borg(file):
    text = file.read_text()
    if file.suffix == ".ndjson":
        lines = [json.loads(line) for line in text.splitlines()]
        said = [line for line in lines if line["type"] == "log_message"]
        sound = [line for line in said if "no problems found" in line["message"] and "repository" in line["message"].lower()]
        failed = any(line["levelname"] in ("ERROR", "CRITICAL") for line in said) or "permission" in file.name
        if not sound:
            return row("borg.log", {}, complete=not failed)
        return row("borg.log", {"verifications": 1}, utc(sound[-1]["time"]), {"verifications": {"ok": 1}})
    data = json.loads(text)
    archives = data.get("archives", []) + ([data["archive"]] if "archive" in data else [])
    kind = "borg.create" if "archive" in data else "borg.info" if "cache" in data or any("stats" in a for a in archives) else "borg.list"
    return one_run_a_point(kind, [("success", a["start"]) for a in archives], {"vaults": 1})


def borgmatic(file):
    assert "location" in yaml.safe_load(file.read_text())
    return row("borgmatic.config", {"policies": 1})


def proxmox_backup(file):
    data = json.loads(file.read_text())["data"]
    match file.stem:
        case "api-datastore-usage":
            return row("proxmox-backup.datastores", {"vaults": len(data)})
        case "api-namespaces":
            return row("proxmox-backup.namespaces", {})
    states = dict(Counter(s["verification"]["state"] for s in data if "verification" in s))
    checked = {"verifications": sum(states.values())}
    found = one_run_a_point("proxmox-backup.snapshots", [("success", s["backup-time"]) for s in data], checked)
    if states:
        found["status"]["verifications"] = states
    # An empty answer does not say what it would list.
    return found if data else found | {"said": "proxmox-backup.snapshots"}


for count in (velero, aws_backup, restic, pgbackrest, backstage, borg, borgmatic, proxmox_backup):
    folder = count.__name__.replace("_", "-")
    table = {file.name: count(file) for file in sorted((SAMPLES / folder).iterdir())}
    (TABLES / f"{folder}.json").write_text(json.dumps(table, indent=2, sort_keys=True) + "\n")
