"""Holds what was measured against what is promised."""

import report

MB = 1e6


def markdown(results, extras, options):
    rows = [
        [text, f"{'≤' if at_most else '≥'} {wanted:g}", *verdict(measured, wanted, at_most)]
        for text, wanted, at_most, measured in targets(results, extras, options)
    ]
    return "\n" + report.table(["target", "wanted", "measured", ""], rows)


def verdict(measured, wanted, at_most):
    """Says what was measured, and met or by which factor it was missed."""
    if measured is None:
        return "-", "not measured"
    if (measured <= wanted) if at_most else (measured >= wanted):
        return f"{measured:,.3g}", "met"
    factor = measured / wanted if at_most else wanted / measured
    return f"{measured:,.3g}", f"missed by {factor:.2f} ×"


def targets(results, extras, options):
    """Yields text, number wanted, whether it is a most, and the number measured."""
    sound = {r.contender.name: r for r in results if not r.problem}

    def time(name):
        return sound[name].summary.seconds if name in sound else None

    def memory(name):
        return sound[name].summary.peak_bytes / MB if name in sound else None

    def ratio(over, under):
        return over / under if over is not None and under is not None else None

    def per_event(name):
        return sound[name].out_bytes if name in sound else None

    inflate = time("bare inflate")
    deleted, listened, written = (
        f"earwitness {report}" for report in ["who-deleted", "who-listened", "columns"]
    )
    yield "who-deleted, × bare inflate", 2.5, True, ratio(time(deleted), inflate)
    yield "chdb, × who-deleted", 6, False, ratio(time("chdb deletes"), time(deleted))
    yield (
        "DuckDB read_json, × who-deleted",
        50,
        False,
        ratio(time("duckdb_typed deletes"), time(deleted)),
    )
    yield "who-listened, × bare inflate", 8, True, ratio(time(listened), inflate)
    yield (
        "chdb filtering only, × who-listened",
        2,
        False,
        ratio(time("chdb listens"), time(listened)),
    )
    yield "Parquet, × bare inflate", 10, True, ratio(time(written), inflate)
    yield "chdb Parquet, × earwitness", 4, False, ratio(time("chdb parquet"), time(written))
    yield (
        "DuckDB read_json Parquet, × earwitness",
        15,
        False,
        ratio(time("duckdb_typed parquet"), time(written)),
    )
    yield (
        "Parquet file, × DuckDB's",
        1,
        True,
        ratio(per_event(written), per_event("duckdb_typed parquet")),
    )
    yield "Parquet, peak MB", 400, True, memory(written)
    yield "who-deleted, peak MB", 150, True, memory(deleted)
    yield "who-listened, peak MB", 400, True, memory(listened)
    growth = extras.get("growth")
    if growth:
        peaks = [
            result.summary.peak_bytes
            for by_name in growth.values()
            for result in by_name
            if result.contender.name == deleted and not result.problem
        ]
        # As flat as measuring tells: a quarter more is buffers, not the archive.
        first_to_last = ratio(peaks[-1], peaks[0]) if len(peaks) == len(growth) else None
        yield f"who-deleted peak, most events × {min(growth):,}", 1.25, True, first_to_last
    if "threads" in extras:
        for name in ["who-deleted", "who-listened"]:
            one, two = (extras["threads"][f"{name}, {count}"].seconds for count in [1, 2])
            yield f"{name}, one thread × two", 1.7, False, one / two
    if "start-up" in extras:
        for word, summary in extras["start-up"].items():
            yield f"start-up of {word}, ms", 20, True, summary.seconds * 1e3
    if "small-files" in extras:
        small, facts = extras["small-files"]
        found = [r for r in small if r.contender.name == deleted and not r.problem]
        rate = facts["files"] / found[0].summary.seconds if found else None
        yield "who-deleted, small files/s", 20_000, False, rate
