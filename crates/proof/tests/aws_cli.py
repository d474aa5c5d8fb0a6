"""Validates a folder with the code of aws-cli's `cloudtrail validate-logs`.

Arguments: the folder of the trail, the list of public keys. Prints what is valid,
a key a line; ends with an error where aws-cli would name something invalid.
"""

import gzip
import hashlib
import json
import pathlib
import sys
from datetime import datetime

from awscli.customizations.cloudtrail import validation

folder, keys = pathlib.Path(sys.argv[1]), json.load(open(sys.argv[2]))
metadata = {}
for line in open(folder / "digest-metadata.ndjson"):
    saved = json.loads(line)
    metadata[saved["Key"]] = saved["Metadata"]


class Provider:
    trail_home_region = "us-west-2"

    def load_digest_keys_in_range(self, **_):
        return sorted(metadata)

    def fetch_digest(self, bucket, key):
        digest = gzip.decompress((folder / key).read_bytes())
        data = json.loads(digest)
        data["_signature"] = metadata[key]["signature"]
        data["_signature_algorithm"] = metadata[key]["signature-algorithm"]
        return data, digest


class Keys:
    def get_public_keys(self, *_):
        return {key["Fingerprint"]: key for key in keys["PublicKeyList"]}


problems = []
traverser = validation.DigestTraverser(
    digest_provider=Provider(),
    starting_bucket="example-trail",
    starting_prefix="",
    public_key_provider=Keys(),
    on_invalid=lambda **said: problems.append(said["message"]),
    on_missing=lambda **said: problems.append(said["message"]),
    on_gap=lambda **_: print("gap"),
)
for digest in traverser.traverse_digests(datetime(2026, 3, 1), datetime(2026, 3, 2)):
    print(digest["digestS3Object"])
    for log in digest["logFiles"]:
        content = gzip.decompress((folder / log["s3Object"]).read_bytes())
        if hashlib.sha256(content).hexdigest() != log["hashValue"]:
            problems.append(log["s3Object"])
        print(log["s3Object"])
if problems:
    sys.exit("\n".join(problems))
