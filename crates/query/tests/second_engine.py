"""Asks DuckDB what reports ask, over the same tables in Parquet files.

usage: second_engine.py FOLDER

Each folder in FOLDER is a case: query.sql, and beside it one TABLE.parquet for
every table that the query may name. Into it goes answers.json, with one answer
for each way of asking: of the tables as they are; and of the tables with their
rows the other way round and nulls sorted first, as other engines sort them. A
query whose ORDER BY says everything is answered alike.
"""

import concurrent.futures
import datetime
import decimal
import json
import pathlib
import sys

import duckdb

WAYS = {"as it is": ("", "nulls_last"), "reversed": ("DESC", "nulls_first")}


def name_in_sql(name):
    return '"' + name.replace('"', '""') + '"'


def text_in_sql(text):
    return "'" + str(text).replace("'", "''") + "'"


def connect(case, direction, nulls):
    database = duckdb.connect(config={"threads": 1})
    # Answers must come out alike wherever they are asked for.
    database.execute("SET TimeZone = 'Asia/Kathmandu'")
    database.execute(f"SET default_null_order = '{nulls}'")
    for path in sorted(case.glob("*.parquet")):
        database.execute(
            f"CREATE TABLE {name_in_sql(path.stem)} AS SELECT * EXCLUDE (file_row_number) "
            f"FROM read_parquet({text_in_sql(path)}, file_row_number = true) "
            f"ORDER BY file_row_number {direction}"
        )
    return database


def time(micros):
    """Writes a moment as RFC 3339 in UTC, with a fraction only where there is one."""
    if micros is None:
        return None
    seconds, fraction = divmod(micros, 1_000_000)
    epoch = datetime.datetime(1970, 1, 1)
    text = (epoch + datetime.timedelta(seconds=seconds)).isoformat()
    if fraction:
        text += f".{fraction:06}".removesuffix("000")
    return text + "Z"


def plain(value):
    if isinstance(value, decimal.Decimal):
        return float(value)
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    raise TypeError(f"{value!r} is nothing that a report has")


def ask(case, direction, nulls):
    with connect(case, direction, nulls) as database:
        query = (case / "query.sql").read_text(encoding="utf-8")
        # Nothing but a table says that its rows keep the order that they came in.
        database.execute(f"CREATE TABLE answer AS {query}")
        columns = [row[:2] for row in database.execute("DESCRIBE answer").fetchall()]
        times = [kind == "TIMESTAMP WITH TIME ZONE" for _, kind in columns]
        cells = [
            f"epoch_us({name_in_sql(name)})" if is_time else name_in_sql(name)
            for (name, _), is_time in zip(columns, times)
        ]
        found = database.execute(f"SELECT {', '.join(cells)} FROM answer ORDER BY rowid").fetchall()
    rows = [
        [time(value) if is_time else value for value, is_time in zip(row, times)] for row in found
    ]
    return {"columns": [name for name, _ in columns], "rows": rows}


def answer(case):
    answers = {}
    for way, (direction, nulls) in WAYS.items():
        try:
            answers[way] = ask(case, direction, nulls)
        except duckdb.Error as error:
            answers[way] = {"error": str(error)}
    text = json.dumps(answers, allow_nan=False, default=plain)
    (case / "answers.json").write_text(text, encoding="utf-8")


def main():
    (folder,) = sys.argv[1:]
    # DuckDB lets other threads run while it works.
    with concurrent.futures.ThreadPoolExecutor() as threads:
        list(threads.map(answer, pathlib.Path(folder).iterdir()))


if __name__ == "__main__":
    main()
