"""in-toto's own reading of a statement and of its predicate, Test Result v0.1: in_toto.py FILE…"""
import json
import sys

from google.protobuf.json_format import ParseDict, ParseError
from in_toto_attestation.predicates.test_result.v0 import test_result_pb2
from in_toto_attestation.v1 import resource_descriptor, statement_pb2
from in_toto_attestation.v1.statement import Statement

from documents import check


def validate(document):
    try:
        statement = ParseDict(document, statement_pb2.Statement())
        Statement.copy_from_pb(statement).validate()
        if statement.predicate_type != "https://in-toto.io/attestation/test-result/v0.1":
            yield "another predicate"
        predicate = ParseDict(document["predicate"], test_result_pb2.TestResult())
        if predicate.result not in ("PASSED", "WARNED", "FAILED"):
            yield f"no result: {predicate.result}"
        if not predicate.configuration:
            yield "no configuration"
        for used in predicate.configuration:
            resource_descriptor.ResourceDescriptor.copy_from_pb(used).validate()
    except (ParseError, ValueError, KeyError) as error:
        yield f"{type(error).__name__}: {error}"


def spoil(document):
    for subject in document["subject"]:
        del subject["digest"]


if __name__ == "__main__":
    check("in-toto, Statement v1 and Test Result v0.1", sys.argv[1:], json.loads, validate, spoil)
