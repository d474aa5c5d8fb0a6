"""Who is measured, what each is asked, and how its answer is checked."""

import dataclasses
import pathlib
import shutil

import measure

PEERS = pathlib.Path(__file__).parent / "peers"

# What is asked, by the name of the fact that the answer is held against.
QUESTIONS = {
    "json_bytes": "inflate every file",
    "deletes": "who deleted",
    "listens": "who listened",
    "parquet": "every S3 event to Parquet",
}

# Stands for the folder of logs in a command.
LOGS = object()

COUNT_IN_PARQUET = """
import duckdb, sys
count = duckdb.execute("SELECT count(DISTINCT event_id) FROM read_parquet(?)", sys.argv[1:])
print(count.fetchone()[0])
"""


@dataclasses.dataclass
class Contender:
    name: str
    question: str
    # What is timed.
    command: list
    # What prints the answer as a number, where the timed command does not.
    answer: list | None = None
    # The file that the timed command writes.
    out: pathlib.Path | None = None

    def run(self, logs, timeout):
        if self.out:
            self.out.unlink(missing_ok=True)
        return measure.run(with_logs(self.command, logs), timeout)

    def wrong(self, first, archive, timeout):
        """Says what is wrong with the answer behind a first run; None when it is right."""
        told = first
        if self.answer:
            told = measure.run(with_logs(self.answer, archive.logs), timeout)
        if told.problem:
            return told.problem
        words = told.last_words.split()
        found = int(words[-1]) if words and words[-1].isdigit() else None
        wanted = archive.facts[self.question]
        return None if found == wanted else f"answered {found}, not {wanted}"


def with_logs(command, logs):
    return [logs if word is LOGS else word for word in command]


def field(built, python, scratch, options):
    """Returns the contenders, bare inflate first."""
    inflate = [built.inflate, str(options.cores), LOGS]
    contenders = [Contender("bare inflate", "json_bytes", inflate)]
    contenders += ours(built.earwitness, python, scratch)
    for peer in ["chdb", "duckdb_objects", "duckdb_typed"]:
        contenders += asked_in_sql(peer, python, scratch)
    for peer in ["polars", "python"]:
        command = [python, PEERS / f"{peer}_deletes.py", LOGS]
        contenders.append(Contender(f"{peer} deletes", "deletes", command))
    if shutil.which("jq"):
        command = [PEERS / "jq_deletes.sh", LOGS]
        contenders.append(Contender("jq deletes", "deletes", command))
    else:
        measure.say("there is no jq here: left out")
    if options.only:
        chosen = [c for c in contenders if any(word in c.name for word in options.only)]
        contenders = contenders[:1] + [c for c in chosen if c is not contenders[0]]
    return contenders


def ours(earwitness, python, scratch):
    as_csv = ["--output", "csv", "--quiet"]
    for question, name in [("deletes", "who-deleted"), ("listens", "who-listened")]:
        # The report has a row per deletion or sitting; SQL of its own counts events.
        count = PEERS / f"earwitness_{question}.sql"
        yield Contender(
            f"earwitness {name}",
            question,
            [earwitness, "report", name, LOGS, *as_csv],
            [earwitness, "report", count, LOGS, "--all-objects", *as_csv],
        )
    # The columns that the peers write, and all that the report has.
    for name, report in [("columns", PEERS / "earwitness_parquet.sql"), ("accesses", "accesses")]:
        out = scratch / f"earwitness_{name}.parquet"
        command = [earwitness, "report", report, LOGS, "--all-objects", "--quiet"]
        yield Contender(
            f"earwitness {name}",
            "parquet",
            [*command, "--out-file", out],
            [python, "-c", COUNT_IN_PARQUET, out],
            out,
        )


def asked_in_sql(peer, python, scratch):
    """Yields a peer's contenders, whose SQL lies in files of its name."""
    asker = PEERS / f"ask_{peer.split('_')[0]}.py"
    for question in ["deletes", "listens"]:
        command = [python, asker, PEERS / f"{peer}_{question}.sql", LOGS]
        yield Contender(f"{peer} {question}", question, command)
    out = scratch / f"{peer}.parquet"
    command = [python, asker, PEERS / f"{peer}_parquet.sql", LOGS, out]
    count = [python, "-c", COUNT_IN_PARQUET, out]
    yield Contender(f"{peer} parquet", "parquet", command, count, out)
