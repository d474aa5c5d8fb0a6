"""Asks chdb, ClickHouse inside Python, what a file with SQL asks.

usage: ask_chdb.py SQL_FILE LOGS [OUT]

In the SQL, {logs} stands for the log files and {out} for the file to write. An
answer of one number is printed.
"""

import pathlib
import sys

import chdb


def main():
    query, logs, *out = sys.argv[1:]
    sql = pathlib.Path(query).read_text(encoding="utf-8")
    sql = sql.replace("{logs}", f"{logs}/**/*.json.gz").replace("{out}", "".join(out))
    print(str(chdb.query(sql, "TSV")).strip())


if __name__ == "__main__":
    main()
