"""Prints, as JSON, requests that botocore signs, without sending any.

Each item: name, method, url, headers ([name, value] pairs), body (base64) and
the credentials are those of the constants below.
"""
import base64
import json

import botocore.session
from botocore.config import Config
from botocore.exceptions import FlexibleChecksumError

ACCESS_KEY = "ASIAEXAMPLEEXAMPLE00"
SECRET_KEY = "python/SECRET+exampleEXAMPLEkeyEXAMPLE00"
TOKEN = "token/with+plus=and/slash"

captured = []


class Captured(Exception):
    """Stops a request before it is sent."""


def client(service, scheme="http", token=TOKEN, **config):
    session = botocore.session.Session()
    session.set_credentials(ACCESS_KEY, SECRET_KEY, token)
    made = session.create_client(
        service, region_name="us-east-1", endpoint_url=scheme + "://127.0.0.1:8420",
        config=Config(retries={"max_attempts": 0}, s3={"addressing_style": "path"}, **config))

    def capture(request, **_):
        body = request.body
        if hasattr(body, "read"):
            body = body.read()
        if isinstance(body, str):
            body = body.encode()
        add(request.method, request.url, request.headers.items(), body or b"")
        raise Captured()

    made.meta.events.register("before-send", capture)
    return made


def add(method, url, headers, body):
    pairs = [[k, v.decode() if isinstance(v, bytes) else str(v)] for k, v in headers]
    captured.append({"name": label, "method": method, "url": url, "headers": pairs,
                     "body": base64.b64encode(body).decode()})


def call(name, function, **arguments):
    global label
    label = name
    try:
        function(**arguments)
    except Captured:
        pass


def presign(name, made, operation, method="GET", headers=(), **arguments):
    global label
    label = name
    url = made.generate_presigned_url(operation, Params=arguments, ExpiresIn=600, HttpMethod=method)
    add(method, url, headers, b"")


ROLE = "arn:aws:iam::123456789012:role/path/example"
sts, iam, s3 = client("sts"), client("iam"), client("s3")
call("sts assume role", sts.assume_role, RoleArn=ROLE, RoleSessionName="session", Tags=[{"Key": "a b", "Value": "\u00fc"}])
call("sts long-term key", client("sts", token=None).get_caller_identity)
call("iam list users", iam.list_users, PathPrefix="/x y/")
v2, v4 = client("s3", signature_version="s3"), client("s3", signature_version="s3v4")
presign("sts presigned", sts, "get_caller_identity")

KEYS = ["plain.txt", "a b+c", "\u1234/\u00fc", "~tilde*(x)'!", "a//b", "./dot/../x", "semi;colon=eq&amp", "100%", "x?y#z", "@:$,"]
for key in KEYS:
    call("s3 get " + key, s3.get_object, Bucket="bucket", Key=key)
    presign("s3 presigned " + key, v4, "get_object", Bucket="bucket", Key=key,
            ResponseContentType="text/plain; charset=utf-8")
    presign("s3 v2 presigned " + key, v2, "get_object", Bucket="bucket", Key=key,
            VersionId="a+b/c", ResponseContentDisposition='attachment; filename="a b"')
presign("s3 v2 default", s3, "get_object", Bucket="bucket", Key="k")
presign("s3 v2 no token", client("s3", signature_version="s3", token=None), "get_object", Bucket="bucket", Key="k")
presign("s3 v2 put", v2, "put_object", "PUT", [["Content-Type", "text/plain"]],
        Bucket="bucket", Key="k", ContentType="text/plain")
presign("s3 v2 list", v2, "list_objects", Bucket="bucket", Prefix="a b/")  # old releases sign list-type=2, which S3 does not
call("s3 list", s3.list_objects_v2, Bucket="bucket", Prefix="a;b c/+", Delimiter="/", StartAfter="~\u00fc")
call("s3 put hash", s3.put_object, Bucket="bucket", Key="k", Body=b"content" * 9, Metadata={"note": "two  spaces"})
tls = client("s3", "https")
call("s3 put trailer", tls.put_object, Bucket="bucket", Key="k", Body=b"content" * 9000)
for algorithm in ["CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256"]:
    if algorithm in ("CRC32C", "CRC64NVME"):
        try:
            import awscrt  # noqa: F401
        except ImportError:
            continue
    try:
        call("s3 put trailer " + algorithm, tls.put_object, Bucket="bucket", Key="k", Body=b"x" * 70000,
             ChecksumAlgorithm=algorithm)
    except FlexibleChecksumError:
        pass  # CRC64NVME is newer than this botocore
call("s3 delete objects", s3.delete_objects, Bucket="bucket", Delete={"Objects": [{"Key": "a"}, {"Key": "b"}]})
call("s3 copy", s3.copy_object, Bucket="bucket", Key="k", CopySource={"Bucket": "b", "Key": "x y/\u00fc"})
call("s3 list buckets", s3.list_buckets)
print(json.dumps(captured))
