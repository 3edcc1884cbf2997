"""Put botocore's own serializer and parser at the disposal of botocore_test.go.

Reads one JSON object from standard input and writes one to standard output:

  {"serialize": [SERVICE, ...]}
      -> [{"service", "operation", "params", "body", "target"}, ...]
      A request with every member filled in, for every operation.
  {"parse": [{"service", "operation", "status", "body"}, ...]}
      -> [PARSED, ...]
      What a client sees of an answer, times as RFC 3339, blobs in base64;
      null for an operation that is newer than this botocore.
"""
import base64
import datetime
import json
import sys

import botocore.parsers
import botocore.serialize
import botocore.session

SESSION = botocore.session.get_session()
MODELS = {}


def model(service):
    if service not in MODELS:
        MODELS[service] = SESSION.get_service_model(service)
    return MODELS[service]


def sample(shape, name="x"):
    if shape.type_name == "structure":
        return {key: sample(member, key) for key, member in shape.members.items()}
    if shape.type_name == "list":
        return [sample(shape.member, name + str(i)) for i in range(11)]
    if shape.type_name == "string":
        return name + " é&;=+%<"
    if shape.type_name == "integer":
        return 1234
    if shape.type_name == "boolean":
        return True
    if shape.type_name == "timestamp":
        return datetime.datetime(2026, 11, 22, 16, 0, 0, tzinfo=datetime.timezone.utc)
    raise ValueError("no sample for " + shape.type_name)


def encode_form(body):
    from urllib.parse import urlencode

    return urlencode(body) if isinstance(body, dict) else body


def serialize(service):
    m = model(service)
    serializer = botocore.serialize.create_serializer(m.metadata["protocol"], include_validation=False)
    for name in m.operation_names:
        operation = m.operation_model(name)
        params = sample(operation.input_shape) if operation.input_shape else {}
        request = serializer.serialize_to_request(params, operation)
        body = encode_form(request["body"])
        yield {
            "service": service,
            "operation": name,
            "params": params,
            "body": body.decode() if isinstance(body, bytes) else body,
            "target": request["headers"].get("X-Amz-Target", ""),
        }


def parse(task):
    m = model(task["service"])
    if task["operation"] not in m.operation_names:
        return None
    operation = m.operation_model(task["operation"])
    parser = botocore.parsers.create_parser(m.metadata["protocol"])
    response = {"status_code": task["status"], "headers": {}, "body": task["body"].encode()}
    return parser.parse(response, operation.output_shape)


def plain(value):
    if isinstance(value, datetime.datetime):
        return value.astimezone(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    raise TypeError(type(value))


def main():
    tasks = json.load(sys.stdin)
    if "serialize" in tasks:
        result = [row for service in tasks["serialize"] for row in serialize(service)]
    else:
        result = [parse(task) for task in tasks["parse"]]
    json.dump(result, sys.stdout, default=plain)


main()
