"""A document against a JSON Schema of this repository: schemas.py SCHEMA FILE…"""
import json
import sys
from pathlib import Path

from jsonschema import Draft202012Validator

from documents import check, schema_errors

if __name__ == "__main__":
    path, files = Path(sys.argv[1]), sys.argv[2:]
    schema = json.loads(path.read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)

    def spoil(document):
        if isinstance(document, list):
            document.append({"unheard of": 1})
        else:
            document["unheard of"] = 1

    check(path.name, files, json.loads, lambda document: schema_errors(validator, document), spoil)
