"""Asks a Spark cluster every shipped report, and compares all rows with earwitness's own.

usage: spark_engine.py [--earwitness PROGRAM] [--remote sc://HOST:PORT] [--location URL]
                       [--database NAME] [--timezone ZONE] [--since TIME] [--until TIME]
                       LOGS TABLES
       spark_engine.py [--earwitness PROGRAM] [--remote sc://HOST:PORT] --cases FILE

TABLES is what `earwitness lake tables LOGS --out TABLES` wrote; --location says where the cluster
finds the same folder. Without --remote a Sail cluster is started here, with two workers that
talk over the network of this machine alone. FILE is a list in JSON, of one object for each pair of
LOGS and TABLES with the names of the options above.

Needs pyspark-client, and pysail where it starts the cluster. Ends with 1 where an answer differs;
prints what was asked as JSON.
"""

import argparse
import concurrent.futures
import contextlib
import datetime
import decimal
import json
import math
import os
import re
import signal
import subprocess
import sys
import tempfile
import time

WORKERS = 2
SECONDS_TO_START = 60

# Numbers that mean nothing beyond a run.
OF_A_RUN = {"access_id", "actor_ref", "bucket_ref", "object_ref"}
# Reports about one contact are asked of so many, the ones with the most rows.
CONTACTS = 2


def options():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--earwitness", default="earwitness")
    parser.add_argument("--remote")
    parser.add_argument("--cases")
    parser.add_argument("--location")
    parser.add_argument("--database", default="earwitness")
    parser.add_argument("--timezone")
    parser.add_argument("--since")
    parser.add_argument("--until")
    parser.add_argument("logs", nargs="?")
    parser.add_argument("tables", nargs="?")
    options = parser.parse_args()
    if not options.cases and not (options.logs and options.tables):
        parser.error("name LOGS and TABLES, or --cases FILE")
    return options


def cases(options):
    if options.cases:
        with open(options.cases, encoding="utf-8") as file:
            return json.load(file)
    names = ["logs", "tables", "location", "database", "timezone", "since", "until"]
    return [{name: getattr(options, name) for name in names if getattr(options, name)}]


@contextlib.contextmanager
def cluster():
    """Starts a Sail cluster, and ends it whatever happens."""
    environment = os.environ | {
        "SAIL_MODE": "local-cluster",
        "SAIL_CLUSTER__WORKER_INITIAL_COUNT": str(WORKERS),
        "SAIL_CLUSTER__WORKER_MAX_COUNT": str(WORKERS),
        # What depends on one another runs at the same time, on whichever worker has room.
        "SAIL_CLUSTER__WORKER_TASK_SLOTS": "32",
        "SAIL_EXECUTION__DEFAULT_PARALLELISM": str(2 * WORKERS),
        "RUST_LOG": "info,sail_execution=debug",
    }
    # Its own choice of a port is free for certain; it says which it took.
    command = [sys.executable, "-m", "pysail", "spark", "server", "--ip", "127.0.0.1", "--port", "0"]
    with tempfile.NamedTemporaryFile("w+", suffix=".log") as log:
        server = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        try:
            yield Cluster(server, log.name)
        finally:
            server.kill()
            server.wait()


class Cluster:
    def __init__(self, server, log):
        self.server, self.log = server, log

    def said(self):
        with open(self.log, encoding="utf-8", errors="replace") as file:
            return file.read()

    def wait_for(self, what, done):
        give_up = time.monotonic() + SECONDS_TO_START
        while not (found := done()):
            if self.server.poll() is not None or time.monotonic() > give_up:
                raise RuntimeError(f"the cluster has no {what}:\n{self.said()[-3000:]}")
            time.sleep(0.1)
        return found

    def remote(self):
        port = self.wait_for(
            "port", lambda: re.search(r"server on 127\.0\.0\.1:(\d+)", self.said())
        )
        return f"sc://127.0.0.1:{port[1]}"

    def workers(self, session):
        """Counts the workers that the cluster itself lists as running."""
        query = """
            SELECT CAST(worker_id AS BIGINT) AS worker FROM system.cluster.workers
            WHERE status = 'RUNNING'
        """

        def all_of_them():
            count = session.sql(query).toArrow().num_rows
            return count if count >= WORKERS else None

        # They are started with the first work.
        session.sql("SELECT 1").toArrow()
        return self.wait_for("second worker", all_of_them)

    def exchanges(self):
        """Counts the workers that took in what another one had worked out."""
        told = re.findall(r"worker_id: (\d+), peer_worker_ids: \[([\d, ]*)\]", self.said())
        return len({worker for worker, peers in told if set(peers.split(", ")) - {worker}})


def said_by(program, *arguments):
    done = subprocess.run([program, *arguments], capture_output=True, text=True, timeout=300)
    # 3 is an answer from inputs that could not all be read.
    if done.returncode not in (0, 3):
        raise RuntimeError(f"{program} {' '.join(arguments)}: {done.stderr}")
    return done.stdout


def moment(value):
    """Writes a moment as RFC 3339 in UTC, with a fraction only where there is one."""
    value = value.astimezone(datetime.timezone.utc)
    text = value.strftime("%Y-%m-%dT%H:%M:%S")
    if value.microsecond:
        text += f".{value.microsecond:06}".removesuffix("000")
    return text + "Z"


def plain(value):
    if isinstance(value, datetime.datetime):
        return moment(value)
    if isinstance(value, decimal.Decimal):
        return float(value)
    return value


def same(column, mine, theirs):
    """Whole numbers are compared exactly, and a share at a tie may round to either side."""
    if type(mine) is bool or type(theirs) is bool:
        return mine is theirs
    if isinstance(mine, float) or isinstance(theirs, float):
        if not all(isinstance(value, (int, float)) for value in (mine, theirs)):
            return False
        if column == "share":
            return abs(mine - theirs) < 1.5e-4
        return math.isclose(mine, theirs, rel_tol=1e-9, abs_tol=1e-9)
    return mine == theirs


class Case:
    """Logs and the tables made of them, asked by two programs."""

    def __init__(self, program, session, case):
        self.program, self.session = program, session
        self.logs = case["logs"]
        self.database = case.get("database", "earwitness")
        self.location = case.get("location") or os.path.abspath(case["tables"])
        given = [(f"--{name}", case.get(name)) for name in ("since", "until", "timezone")]
        self.options = [word for pair in given if pair[1] for word in pair]

    def define(self):
        arguments = ["--dialect", "spark", "--location", self.location, "--database", self.database]
        for statement in said_by(self.program, "lake", "ddl", *arguments).split(";\n"):
            # Sail looks for the folders itself.
            if statement.strip() and not statement.startswith("MSCK"):
                self.session.sql(statement).toArrow()

    def own(self, report, *arguments):
        arguments = [*arguments, *self.options, "--quiet", "--output", "jsonl"]
        lines = said_by(self.program, "report", report, self.logs, *arguments).splitlines()
        rows = [json.loads(line) for line in lines]
        # A zone adds its time as text beside each time; a cluster has the times.
        local = {f"{name}_local" for name in rows[0]} if rows else set()
        return [{name: row[name] for name in row if name not in local} for row in rows]

    def questions(self, reports):
        """Returns each report with what it cannot do without."""
        rows = [row["contact_id"] for row in self.own("accesses")]
        contacts = sorted({row for row in rows if row}, key=lambda row: (-rows.count(row), row))
        for name, requires_contact in reports:
            if not requires_contact:
                yield name, []
            for contact in contacts[:CONTACTS] if requires_contact else []:
                yield name, ["--contact-id", contact]

    def ask(self, report, arguments):
        """Returns how many rows there are, and in what the answers differ."""
        name = " ".join([report, *arguments, *self.options, "of", self.logs])
        mine = self.own(report, *arguments)
        sql = said_by(
            self.program,
            *["lake", "sql", report, "--dialect", "spark", "--database", self.database],
            *[*arguments, *self.options],
        )
        try:
            answer = self.session.sql(sql).toArrow()
        except Exception as error:  # noqa: BLE001: whatever it is, it is no answer
            return 0, f"{name}: {type(error).__name__}: {str(error)[:500]}"
        theirs = answer.to_pylist()
        if mine and list(mine[0]) != answer.column_names:
            return len(mine), f"{name}: columns: {list(mine[0])}, and {answer.column_names}"
        for place, (row, other) in enumerate(zip(mine, theirs)):
            for column in row.keys() - (OF_A_RUN if report == "accesses" else set()):
                if not same(column, row[column], plain(other[column])):
                    difference = f"row {place}, {column}: {row[column]!r}, and {other[column]!r}"
                    return len(mine), f"{name}: {difference}"
        if len(mine) != len(theirs):
            return len(mine), f"{name}: rows: {len(mine)}, and {len(theirs)}"
        return len(mine), None


def shipped(program):
    """Lists the reports, each with whether it is about one contact."""
    names = [line.split()[0] for line in said_by(program, "reports").splitlines() if line.strip()]
    return [(name, "Requires: --contact-id" in said_by(program, "reports", name)) for name in names]


def ask_all(options, remote, own_cluster):
    from pyspark.sql import SparkSession

    session = SparkSession.builder.remote(remote).getOrCreate()
    try:
        return ask_in(session, options, own_cluster)
    finally:
        # Its threads would wait for a cluster that is gone.
        session.stop()


def ask_in(session, options, own_cluster):
    session.conf.set("spark.sql.session.timeZone", "UTC")
    workers = own_cluster.workers(session) if own_cluster else None
    reports = shipped(options.earwitness)
    found = {name: 0 for name, _ in reports}
    asked, differences = 0, []
    with concurrent.futures.ThreadPoolExecutor(4) as threads:
        waiting = []
        for case in cases(options):
            case = Case(options.earwitness, session, case)
            case.define()
            for report, arguments in case.questions(reports):
                waiting.append((report, threads.submit(case.ask, report, arguments)))
        for report, answer in waiting:
            rows, difference = answer.result()
            asked += 1
            found[report] += rows
            if difference:
                differences.append(difference)
    exchanges = own_cluster.exchanges() if own_cluster else None
    counts = {"workers": workers, "exchanges": exchanges, "asked": asked}
    return counts | {"rows": found, "differences": differences}


def main():
    chosen = options()
    # An end from outside is an end like any other: the cluster ends, too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    if chosen.remote:
        summary = ask_all(chosen, chosen.remote, None)
    else:
        with cluster() as own:
            summary = ask_all(chosen, own.remote(), own)
    json.dump(summary, sys.stdout, indent=2)
    print()
    return 1 if summary["differences"] else 0


if __name__ == "__main__":
    sys.exit(main())
