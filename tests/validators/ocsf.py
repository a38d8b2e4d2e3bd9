"""OCSF's schemas of a Compliance Finding, that of the version written and the newest known, and its Python models: ocsf.py FILE…"""
import json
import sys

from jsonschema import Draft202012Validator
from ocsf_json_schema import OcsfJsonSchemaEmbedded, get_ocsf_schema
from py_ocsf_models.events.findings.compliance_finding import ComplianceFinding
from pydantic import ValidationError

from documents import check, schema_errors


def of(version):
    schema = OcsfJsonSchemaEmbedded(get_ocsf_schema(version))
    return Draft202012Validator(schema.get_class_schema(class_name="compliance_finding", profiles=[]))


SCHEMAS = [of("1.3.0"), of("1.8.0")]


def validate(events):
    for number, event in enumerate(events):
        for schema in SCHEMAS:
            for error in schema_errors(schema, event):
                yield f"event {number}: {error}"
        try:
            ComplianceFinding.model_validate(event)
        except ValidationError as error:
            yield f"event {number}: {error}"


def spoil(events):
    del events[-1]["metadata"]["product"]


def read(text):
    return [json.loads(line) for line in text.splitlines()]


if __name__ == "__main__":
    check("OCSF 1.3.0 and 1.8.0, Compliance Finding", sys.argv[1:], read, validate, spoil)
