#!/usr/bin/env python3
"""Refresh the service models below internal/wire/models from botocore.

usage: models.py DIRECTORY

Writes DIRECTORY/{sts,iam,organizations}.json: the service-2.json of the
installed botocore without documentation, two spaces of indentation, members in
the order of the source (the order of answers on the wire). Writes
DIRECTORY/ORIGIN.md with the version they were made from. rolecall.json is
ours and is left alone.
"""
import gzip
import json
import os
import sys

import botocore

SERVICES = {
    "sts": "2011-06-15",
    "iam": "2010-05-08",
    "organizations": "2016-11-28",
}
DROPPED = {"documentation", "documentationUrl", "examples"}

ORIGIN = """# Where these models come from

`sts.json`, `iam.json` and `organizations.json` are the service models that
botocore {version} ships (`botocore/data/SERVICE/VERSION/service-2.json.gz`,
https://github.com/boto/botocore), Copyright Amazon.com, Inc. or its affiliates,
Apache License 2.0. They were made by `internal/generate/models.py`, which removes
the keys {dropped} and changes nothing else.

`rolecall.json` is our own service in the same format, written by hand.
"""


def strip(value):
    if isinstance(value, dict):
        # A member may itself be named like a dropped key: documentation is
        # always a string, a member always a structure.
        return {
            key: strip(inner)
            for key, inner in value.items()
            if not (key in DROPPED and isinstance(inner, str))
        }
    if isinstance(value, list):
        return [strip(inner) for inner in value]
    return value


def main(directory):
    data = os.path.join(os.path.dirname(botocore.__file__), "data")
    for service, version in SERVICES.items():
        path = os.path.join(data, service, version, "service-2.json.gz")
        with gzip.open(path) as source:
            model = strip(json.load(source))
        model.pop("examples", None)
        with open(os.path.join(directory, service + ".json"), "w") as target:
            json.dump(model, target, indent=2, ensure_ascii=True)
            target.write("\n")
    dropped = ", ".join("`%s`" % key for key in sorted(DROPPED))
    with open(os.path.join(directory, "ORIGIN.md"), "w") as target:
        target.write(ORIGIN.format(version=botocore.__version__, dropped=dropped))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
