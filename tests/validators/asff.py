"""botocore's own validation of a request of BatchImportFindings, offline: asff.py FILE…

A call takes 100 findings, so a file is validated in the parts in which it would be sent.
"""
import json
import sys

import botocore.session
from botocore.validate import ParamValidator

from documents import check

MODEL = botocore.session.get_session().get_service_model("securityhub")
SHAPE = MODEL.operation_model("BatchImportFindings").input_shape


def enums(shape, value, at):
    """botocore leaves the values of enumerations to the service."""
    if shape.type_name == "structure":
        for name, member in shape.members.items():
            if name in value:
                yield from enums(member, value[name], f"{at}.{name}")
    elif shape.type_name == "list":
        for number, item in enumerate(value):
            yield from enums(shape.member, item, f"{at}[{number}]")
    elif shape.type_name == "string" and shape.enum and value not in shape.enum:
        yield f"{at}: {value} is none of {shape.enum}"


def validate(document):
    findings = document["Findings"]
    if list(document) != ["Findings"]:
        yield "more than the request takes"
    for start in range(0, len(findings), 100):
        part = {"Findings": findings[start : start + 100]}
        report = ParamValidator().validate(part, SHAPE)
        if report.has_errors():
            yield report.generate_report()
            return
        yield from enums(SHAPE, part, "")
    for number, finding in enumerate(findings):
        if len(json.dumps(finding).encode()) > 240_000:
            yield f"finding {number} is larger than 240 KB"


def spoil(document):
    del document["Findings"][-1]["Resources"]


if __name__ == "__main__":
    check("botocore, BatchImportFindings", sys.argv[1:], json.loads, validate, spoil)
