"""Reads a file with readers that share no code with its writer.

usage: independent_readers.py parquet|row-groups|csv|csv-raw|xlsx|xlsx-sheets FILE COLUMNS.json

COLUMNS.json lists the columns with their kind and values; times are
microseconds since 1970. Any difference ends the script with an error.
"""

import csv
import datetime
import json
import re
import sys

SQL_TYPES = {
    "time": "TIMESTAMP WITH TIME ZONE",
    "text": "VARCHAR",
    "integer": "BIGINT",
    "unsigned": "UBIGINT",
    "float": "DOUBLE",
    "flag": "BOOLEAN",
}
# What a spreadsheet may take for the beginning of a formula.
FORMULA_STARTS = "=+-@\t\r\n＝＋－＠\ufeff"
EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
MICROSECOND = datetime.timedelta(microseconds=1)


def same(what, found, expected):
    if found != expected or type(found) is not type(expected):
        sys.exit(f"{what}: found {found!r}, expected {expected!r}")


def quoted(text):
    return '"' + text.replace('"', '""') + '"'


def connect(path):
    import duckdb

    database = duckdb.connect()
    # Times must come out alike wherever the test runs.
    database.execute("SET TimeZone = 'Asia/Kathmandu'")
    database.execute(
        "CREATE VIEW written AS SELECT * FROM read_parquet('%s')" % path.replace("'", "''")
    )
    return database


def check_encoding(database, path, times):
    codecs = database.execute(
        "SELECT DISTINCT compression FROM parquet_metadata(?)", [path]
    ).fetchall()
    same("compression", codecs, [("ZSTD",)])
    for name in times:
        ((kind, logical),) = database.execute(
            "SELECT type, logical_type FROM parquet_schema(?) WHERE name = ?", [path, name]
        ).fetchall()
        same(f"{name}: physical type", kind, "INT64")
        if not re.search(r"isAdjustedToUTC=(1|true)\b", logical) or "MICROS" not in logical:
            sys.exit(f"{name}: no UTC time in microseconds but {logical}")


def check_parquet(path, columns):
    database = connect(path)
    check_encoding(database, path, [c["name"] for c in columns if c["kind"] == "time"])
    described = database.execute("DESCRIBE written").fetchall()
    same(
        "columns",
        [(row[0], row[1]) for row in described],
        [(column["name"], SQL_TYPES[column["kind"]]) for column in columns],
    )
    for column in columns:
        name = quoted(column["name"])
        value = f"epoch_us({name})" if column["kind"] == "time" else name
        found = [row[0] for row in database.execute(f"SELECT {value} FROM written").fetchall()]
        same(f"{column['name']}: rows", len(found), len(column["values"]))
        for row, (value, expected) in enumerate(zip(found, column["values"])):
            same(f"{column['name']}, row {row}", value, expected)


def check_row_groups(path, _columns):
    database = connect(path)
    check_encoding(database, path, ["event_time"])
    (groups,) = database.execute(
        "SELECT count(DISTINCT row_group_id) FROM parquet_metadata(?)", [path]
    ).fetchone()
    if groups < 2:
        sys.exit(f"{groups} row group, too few to skip one")
    (bounded,) = database.execute(
        "SELECT count(*) FROM parquet_metadata(?) "
        "WHERE stats_min_value IS NOT NULL AND stats_max_value IS NOT NULL",
        [path],
    ).fetchone()
    same("columns of row groups with statistics", bounded, groups * 2)
    for condition, expected in [
        ("true", 300_000),
        ("event_time >= TIMESTAMPTZ '1970-01-02 00:00:00+00'", 300_000 - 86_400),
        ("event_time < TIMESTAMPTZ '1970-01-01 00:00:10+00'", 10),
        ("text = 'key-299999'", 1),
        ("text > 'key-131071' AND text <= 'key-131073'", 2),
        ("text > 'key-300000'", 0),
    ]:
        (count,) = database.execute(f"SELECT count(*) FROM written WHERE {condition}").fetchone()
        same(condition, count, expected)


def read_cell(kind, cell):
    """Reads a cell back; an empty cell is no value."""
    if cell == "" and kind != "text":
        return None
    if kind == "time":
        if not cell.endswith("Z"):
            sys.exit(f"{cell!r} is no time in UTC")
        return (datetime.datetime.fromisoformat(cell[:-1] + "+00:00") - EPOCH) // MICROSECOND
    if kind in ("integer", "unsigned"):
        return int(cell)
    if kind == "float":
        return float(cell)
    if kind == "flag":
        return {"true": True, "false": False}[cell]
    return cell


def check_csv(path, columns, raw=False):
    with open(path, encoding="utf-8", newline="") as file:
        header, *rows = list(csv.reader(file, strict=True))
    same("columns", header, [column["name"] for column in columns])
    same("rows", len(rows), len(columns[0]["values"]))
    for place, row in enumerate(rows):
        same(f"row {place}: cells", len(row), len(columns))
        for cell, column in zip(row, columns):
            expected = column["values"][place]
            if column["kind"] == "text":
                expected = expected or ""
                if not raw and expected.startswith(tuple(FORMULA_STARTS)):
                    expected = "'" + expected
            same(f"{column['name']}, row {place}", read_cell(column["kind"], cell), expected)


EXACT = 1 << 53
LAST_EXCEL_DAY = datetime.datetime(9999, 12, 31, tzinfo=datetime.timezone.utc)


def workbook(path):
    import openpyxl

    # It goes by the suffix of a name, and takes an open file as it is.
    return openpyxl.load_workbook(open(path, "rb"))


def in_excel(kind, value):
    """Returns a value as a workbook has it, with its type in Excel."""
    if value is None or value == "":
        return None, "n"
    if kind == "time":
        time = EPOCH + value * MICROSECOND
        if time >= LAST_EXCEL_DAY:
            return time.isoformat().replace("+00:00", "Z"), "s"
        # Excel counts milliseconds at most, and openpyxl rounds to them.
        millis = (time + MICROSECOND * 500).replace(tzinfo=None)
        return millis.replace(microsecond=millis.microsecond // 1000 * 1000), "d"
    if kind in ("integer", "unsigned"):
        return (value, "n") if abs(value) <= EXACT else (str(value), "s")
    if kind == "float":
        return value, "n"
    if kind == "flag":
        return value, "b"
    # XML has one line end; Excel's own escape keeps the others.
    return value, "s"


def check_xlsx(path, columns):
    book = workbook(path)
    same("sheets", book.sheetnames, ["Summary", "Rows", "Coverage and parameters"])
    made = datetime.datetime(1980, 1, 1)
    same("created", book.properties.created.replace(tzinfo=None), made)
    same("modified", book.properties.modified.replace(tzinfo=None), made)
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f" or cell.hyperlink:
                    sys.exit(f"{sheet.title}, {cell.coordinate}: a formula or a link")
    sheet = book["Rows"]
    header, *rows = list(sheet.iter_rows())
    same("columns", [cell.value for cell in header], [column["name"] for column in columns])
    same("rows", len(rows), len(columns[0]["values"]))
    same("frozen", sheet.freeze_panes, "A2")
    same("filtered", sheet.auto_filter.ref, f"A1:{rows[-1][-1].coordinate}")
    for place, row in enumerate(rows):
        for cell, column in zip(row, columns):
            value, kind = in_excel(column["kind"], column["values"][place])
            what = f"{column['name']}, row {place}"
            found = cell.value
            if isinstance(value, str):
                found = unescaped(found)
            if column["kind"] == "float" and value is not None:
                value, found = float(value), float(found)
            same(what, found, value)
            same(f"{what}: type", "n" if found is None else cell.data_type.replace("inlineStr", "s"), kind)
            is_text = column["kind"] == "text" and value is not None
            if is_text and value.startswith(tuple(FORMULA_STARTS)):
                same(f"{what}: stays text", cell.quotePrefix, True)
    for column in sheet.column_dimensions.values():
        if not 8 <= column.width <= 61:
            sys.exit(f"{column.index}: {column.width} wide")
    lines = [[cell.value for cell in row] for row in book["Summary"].iter_rows()]
    same("title", lines[0][0], "=1+1")
    same("question", lines[1][:2], ["Question", "Who?"])


def unescaped(text):
    """Undoes Excel's escapes, as Excel does and openpyxl does not."""
    return re.sub("_x([0-9A-Fa-f]{4})_", lambda found: chr(int(found[1], 16)), text)


def check_xlsx_sheets(path, _columns):
    import openpyxl

    book = openpyxl.load_workbook(open(path, "rb"), read_only=True)
    same("sheets", book.sheetnames[1:3], ["Rows", "Rows 2"])
    rest = [row for (row,) in book["Rows 2"].iter_rows(values_only=True)]
    same("second sheet", rest, ["n"] + list(range(1_048_575, 1_048_580)))
    count = 0
    for (value,) in book["Rows"].iter_rows(min_row=2, values_only=True):
        same("first sheet", value, count)
        count += 1
    same("first sheet", count, 1_048_575)


def main():
    check, path, columns_path = sys.argv[1:]
    with open(columns_path, encoding="utf-8") as file:
        columns = json.load(file)
    checks = {
        "parquet": check_parquet,
        "row-groups": check_row_groups,
        "csv": check_csv,
        "xlsx": check_xlsx,
        "xlsx-sheets": check_xlsx_sheets,
        "csv-raw": lambda path, columns: check_csv(path, columns, raw=True),
    }
    checks[check](path, columns)


if __name__ == "__main__":
    main()
