"""Counts distinct DeleteObject events with Python's json and gzip, on two processes.

usage: python_deletes.py LOGS
"""

import gzip
import json
import multiprocessing
import pathlib
import sys


def event_ids(file):
    records = json.loads(gzip.decompress(file.read_bytes()))["Records"]
    return {record["eventID"] for record in records if record.get("eventName") == "DeleteObject"}


def main():
    files = list(pathlib.Path(sys.argv[1]).rglob("*.json.gz"))
    with multiprocessing.Pool(2) as pool:
        print(len(set().union(*pool.imap_unordered(event_ids, files, chunksize=8))))


if __name__ == "__main__":
    main()
