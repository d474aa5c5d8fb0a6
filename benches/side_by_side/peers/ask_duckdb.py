"""Asks DuckDB what a file with SQL asks.

usage: ask_duckdb.py SQL_FILE LOGS [OUT]

In the SQL, {logs} stands for the log files and {out} for the file to write. An
answer of one number is printed.
"""

import pathlib
import sys

import duckdb


def main():
    query, logs, *out = sys.argv[1:]
    sql = pathlib.Path(query).read_text(encoding="utf-8")
    sql = sql.replace("{logs}", f"{logs}/**/*.json.gz").replace("{out}", "".join(out))
    with duckdb.connect() as database:
        print(database.execute(sql).fetchone()[0])


if __name__ == "__main__":
    main()
