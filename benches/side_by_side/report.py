"""Writes what was measured as Markdown."""

from contenders import QUESTIONS

LIMITS = """\
Not measured: a cold cache, other storage than this, inputs over a network, archives other than the
synthetic one, and the time to install. Peers count events or write columns of single records;
earwitness drops second copies, joins, resolves who it was and sorts in the same time. For Parquet
the peers write 35 columns, second copies too, in any order; "earwitness columns" writes the same
ones, a copy's source as two, and "earwitness accesses" what it works out as well, each event
once, in order. Peak memory is that of one process, and at least that of Python itself, which starts
them; of the jq pipeline and of Python's pool it is the largest process alone.
"""


def seconds(value):
    return f"{value:.3f} s" if value < 10 else f"{value:.1f} s"


def megabytes(value):
    return f"{value / 1e6:,.0f} MB"


def row(cells):
    return "| " + " | ".join(cells) + " |\n"


def table(head, rows):
    return row(head) + row(["---"] + ["--:"] * (len(head) - 1)) + "".join(map(row, rows)) + "\n"


def markdown(machine, arguments, options, archive, results, extras):
    facts = archive.facts
    command = " ".join(["python3 benches/side_by_side", *arguments])
    text = f"`{command}`\n\n"
    text += "".join(f"- {what}: {which}\n" for what, which in machine.items())
    text += (
        f"- archive: {facts['records']:,} events in {facts['files']:,} files, "
        f"{megabytes(facts['gz_bytes'])} in gzip, {megabytes(facts['json_bytes'])} of JSON\n"
    )
    text += f"- runs: {options.runs} of each in turn, warm cache; medians\n\n"
    text += "".join(question(key, results) for key in QUESTIONS)
    if "threads" in extras:
        text += threads(extras["threads"])
    if "start-up" in extras:
        text += start_up(extras["start-up"])
    if "small-files" in extras:
        text += small_files(*extras["small-files"])
    if "growth" in extras:
        text += growth(extras["growth"])
    return text + LIMITS


def of_question(key, results):
    return [result for result in results if result.contender.question == key]


def question(key, results):
    """One question's contenders, with ratios to bare inflate and to earwitness."""
    asked = of_question(key, results)
    if not asked:
        return ""
    inflate = results[0].summary
    ours = next((r.summary for r in asked if r.contender.name.startswith("earwitness")), None)
    with_file = any(result.out_bytes for result in asked)
    head = [
        QUESTIONS[key],
        "median",
        "least to most",
        "processor",
        "× inflate",
        "× earwitness",
        "peak memory",
    ]
    rows = []
    for result in asked:
        summary = result.summary
        if result.problem:
            cells = [f"{result.contender.name}: {result.problem}"]
            rows.append(cells + [""] * (len(head) - 1 + with_file))
            continue
        name = result.contender.name + (" (1 run)" if len(summary.runs) == 1 else "")
        cells = [
            name,
            seconds(summary.seconds),
            f"{seconds(summary.least_seconds)} to {seconds(summary.most_seconds)}",
            seconds(summary.cpu_seconds),
            f"{summary.seconds / inflate.seconds:.2f}" if inflate else "",
            f"{summary.seconds / ours.seconds:.2f}" if ours else "",
            megabytes(summary.peak_bytes),
        ]
        if with_file:
            cells.append(megabytes(result.out_bytes))
        rows.append(cells)
    return table(head + ["file"] * with_file, rows)


def threads(summaries):
    rows = [
        [name, seconds(summary.seconds), megabytes(summary.peak_bytes)]
        for name, summary in summaries.items()
    ]
    return table(["report, threads", "median", "peak memory"], rows)


def start_up(summaries):
    rows = [[f"earwitness {word}", f"{s.seconds * 1e3:.1f} ms"] for word, s in summaries.items()]
    return table(["start-up", "median"], rows)


def small_files(results, facts):
    head = [f"{facts['files']:,} files of {facts['gz_bytes'] / facts['files'] / 1e3:.1f} KB"]
    rows = []
    for result in results:
        if result.problem:
            rows.append([f"{result.contender.name}: {result.problem}", "", "", ""])
            continue
        summary = result.summary
        rate = facts["files"] / summary.seconds
        rows.append(
            [
                result.contender.name,
                seconds(summary.seconds),
                f"{rate:,.0f}",
                megabytes(summary.peak_bytes),
            ]
        )
    return table(head + ["median", "files/s", "peak memory"], rows)


def growth(by_events):
    """Seconds and peak memory, a column for each size of the archive."""
    names = [result.contender.name for result in next(iter(by_events.values()))]
    head = ["events"] + [f"{events:,}" for events in by_events]
    rows = []
    for place, name in enumerate(names):
        cells = [name]
        for results in by_events.values():
            result = results[place]
            cells.append(
                result.problem
                or f"{seconds(result.summary.seconds)}, {megabytes(result.summary.peak_bytes)}"
            )
        rows.append(cells)
    return table(head, rows)
