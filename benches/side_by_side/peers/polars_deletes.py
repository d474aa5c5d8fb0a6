"""Counts distinct DeleteObject events with polars.

usage: polars_deletes.py LOGS

Each file is one line; decoding it with a declared type was faster here than
scan_ndjson with the same type.
"""

import pathlib
import sys

import polars as pl

TYPE = pl.Struct({"Records": pl.List(pl.Struct({"eventName": pl.String, "eventID": pl.String}))})


def main():
    files = sorted(pathlib.Path(sys.argv[1]).rglob("*.json.gz"))
    record = pl.col("line").str.json_decode(TYPE).struct.field("Records").list.explode()
    events = pl.scan_lines(files, name="line").select(record).unnest("Records")
    deletes = events.filter(pl.col("eventName") == "DeleteObject")
    print(deletes.select(pl.col("eventID").n_unique()).collect().item())


if __name__ == "__main__":
    main()
