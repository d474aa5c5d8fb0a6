"""Counts what a folder of logs holds, with nothing but Python's json and gzip.

usage: oracle.py LOGS

Every contender's answer is held against these counts.
"""

import gzip
import json
import multiprocessing
import pathlib
import sys

# Source: Amazon S3 User Guide, "Amazon S3 CloudTrail events", object-level actions;
# and GetBucketLocation, which marks a bucket as visited.
S3_EVENTS = set(
    """AbortMultipartUpload CompleteMultipartUpload CopyObject CreateMultipartUpload
    DeleteObject DeleteObjectTagging DeleteObjects GetBucketLocation GetObject GetObjectAcl
    GetObjectAttributes GetObjectLegalHold GetObjectRetention GetObjectTagging GetObjectTorrent
    HeadBucket HeadObject ListObjectVersions ListObjects ListParts PutObject PutObjectAcl
    PutObjectLegalHold PutObjectRetention PutObjectTagging RestoreObject SelectObjectContent
    UploadPart UploadPartCopy""".split()
)


def read(file):
    packed = file.read_bytes()
    text = gzip.decompress(packed)
    records = json.loads(text)["Records"]
    named = [
        (record["eventName"], record["eventID"])
        for record in records
        if record.get("eventName") in S3_EVENTS
    ]
    return len(packed), len(text), len(records), named


def main():
    files = list(pathlib.Path(sys.argv[1]).rglob("*.json.gz"))
    counts = {"files": len(files), "gz_bytes": 0, "json_bytes": 0, "records": 0}
    ids = {"DeleteObject": [], "GetObject": []}
    s3_events = set()
    with multiprocessing.Pool() as pool:
        for packed, text, records, named in pool.imap_unordered(read, files, chunksize=16):
            counts["gz_bytes"] += packed
            counts["json_bytes"] += text
            counts["records"] += records
            for name, event_id in named:
                s3_events.add(event_id)
                if name in ids:
                    ids[name].append(event_id)
    counts["deletes_written"] = len(ids["DeleteObject"])
    counts["deletes"] = len(set(ids["DeleteObject"]))
    counts["listens_written"] = len(ids["GetObject"])
    counts["listens"] = len(set(ids["GetObject"]))
    counts["parquet"] = len(s3_events)
    json.dump(counts, sys.stdout)


if __name__ == "__main__":
    main()
