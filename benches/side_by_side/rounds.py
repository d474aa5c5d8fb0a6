"""Runs the contenders in turn."""

import dataclasses

import corpus
import measure
from contenders import Contender
from measure import Summary, say


@dataclasses.dataclass
class Options:
    """What the rounds look at of the options."""

    runs: int
    slow: float
    timeout: float


@dataclasses.dataclass
class Result:
    contender: Contender
    # Why there is nothing to show; None when the answers were right.
    problem: str | None
    summary: Summary | None = None
    out_bytes: int | None = None


def warm(archive):
    """Brings the files into the system's cache."""
    for file in archive.logs.rglob("*.json.gz"):
        file.read_bytes()


def side_by_side(field, archive, options):
    """Checks each contender's answer, then times those that are right, in turn.

    The checked run warms up, and is the only one of a contender that is slow.
    """
    warm(archive)
    results, fast = [], []
    for contender in field:
        say(f"checking {contender.name}")
        first = contender.run(archive.logs, options.timeout)
        problem = first.problem or contender.wrong(first, archive, options.timeout)
        result = Result(contender, problem)
        results.append(result)
        if problem:
            say(f"{contender.name}: {problem}")
            continue
        result.summary = Summary([first])
        if contender.out:
            result.out_bytes = contender.out.stat().st_size
        if first.seconds <= options.slow:
            fast.append((result, first.digest))
            result.summary.runs.clear()
    for turn in range(options.runs):
        say(f"round {turn + 1} of {options.runs}")
        # Nobody always runs behind the same other.
        start = turn % len(fast) if fast else 0
        for result, digest in fast[start:] + fast[:start]:
            timed(result, digest, archive.logs, options)
    return results


def timed(result, digest, logs, options):
    if result.problem:
        return
    run = result.contender.run(logs, options.timeout)
    if run.problem or run.digest != digest:
        result.problem = run.problem or "did not answer the same twice"
        say(f"{result.contender.name}: {result.problem}")
    else:
        result.summary.runs.append(run)


def alternate(commands, runs, timeout):
    """Runs named commands in turn; returns a summary for each."""
    summaries = {name: Summary([]) for name in commands}
    for _ in range(runs):
        for name, command in commands.items():
            run = measure.run(command, timeout)
            if run.problem:
                raise SystemExit(f"{name}: {run.problem}")
            summaries[name].runs.append(run)
    return summaries


def threads(built, archive, options):
    say("one thread and two")
    commands = {
        f"{report}, {count}": [
            built.earwitness, "report", report, archive.logs,
            "--output", "csv", "--quiet", "--threads", count,
        ]
        for report in ["who-deleted", "who-listened"]
        for count in [1, 2]
    }  # fmt: skip
    return alternate(commands, options.runs, options.timeout)


def start_up(built, options):
    say("start-up")
    commands = {word: [built.earwitness, word] for word in ["--version", "reports"]}
    return alternate(commands, 4 * options.runs, options.timeout)


def named(field, names):
    return [contender for contender in field if contender.name in names]


def small_files(field, small, options):
    chosen = named(
        field, ["bare inflate", "earwitness who-deleted", "chdb deletes", "duckdb_objects deletes"]
    )
    return side_by_side(chosen, small, options), small.facts


def growth(field, home, built, archive, options):
    """Peak memory and seconds by the archive's size: two runs of each."""
    names = [
        "bare inflate",
        "earwitness who-deleted",
        "earwitness who-listened",
        "chdb deletes",
        "duckdb_objects deletes",
    ]
    few = Options(runs=2, slow=options.slow, timeout=options.timeout)
    by_events = {}
    for events in sorted({options.events // 6, options.events, options.most_events}):
        made = archive
        if events != options.events:
            made = corpus.archive(home, built, options.seed, events)
        by_events[events] = side_by_side(named(field, names), made, few)
        if made is not archive:
            corpus.remove(made, options)
    return by_events
