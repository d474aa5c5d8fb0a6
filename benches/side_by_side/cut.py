"""Cuts log files into many small ones, each with a few records as they were.

usage: cut.py LOGS OUT FILES
"""

import gzip
import json
import pathlib
import sys

# About 2 KB in gzip.
RECORDS_PER_FILE = 4


def records(text):
    """Yields the text of each record."""
    decoder = json.JSONDecoder()
    at = text.index("[") + 1
    while text[at] != "]":
        _, end = decoder.raw_decode(text, at)
        yield text[at:end]
        at = end + (text[end] == ",")


def main():
    logs, out, files = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), int(sys.argv[3])
    written = 0
    for file in sorted(logs.rglob("*.json.gz")):
        few = []
        for record in records(gzip.decompress(file.read_bytes()).decode()):
            few.append(record)
            if len(few) == RECORDS_PER_FILE:
                # A thousand to a folder, as days of a quiet trail would be.
                folder = out / f"{written // 1000:04}"
                if written % 1000 == 0:
                    folder.mkdir(parents=True)
                text = '{"Records":[' + ",".join(few) + "]}"
                packed = gzip.compress(text.encode(), compresslevel=6, mtime=0)
                (folder / f"{written:08}.json.gz").write_bytes(packed)
                few.clear()
                written += 1
                if written == files:
                    return
    sys.exit(f"the archive has records for {written} files only")


if __name__ == "__main__":
    main()
