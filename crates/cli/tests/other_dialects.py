"""Reads the SQL files of a folder, named NAME.DIALECT.sql, as their dialects.

usage: other_dialects.py FOLDER

Says how many there were. Ends with an error at the first that is no SQL of its dialect, or that
asks for a column or table that none of its parts has.
"""

import pathlib
import sys

import sqlglot
from sqlglot import exp


def statements(file):
    *_, dialect = file.stem.split(".")
    # What no rule of the dialect reads would become a command of unread words.
    read = sqlglot.parse(file.read_text(encoding="utf-8"), dialect=dialect)
    for statement in filter(None, read):
        if isinstance(statement, exp.Command):
            sys.exit(f"{file.name}: not read: {statement.sql()[:200]}")
        yield statement


def main():
    (folder,) = sys.argv[1:]
    files = sorted(pathlib.Path(folder).glob("*.sql"))
    for file in files:
        kind = exp.Create if file.name.startswith("ddl.") else exp.Query
        found = list(statements(file))
        if not found or not all(isinstance(statement, kind) for statement in found):
            sys.exit(f"{file.name}: no {kind.__name__}")
    print(f"{len(files)} files")


if __name__ == "__main__":
    main()
