"""Measures earwitness beside other programs on the same files, and prints the table.

usage: python3 benches/side_by_side [options], with Python 3.11 or newer

Everything it needs it makes: a synthetic archive by seed, the programs, and a
Python environment of its own with the other programs in it. Each contender is a
whole process, run several times in turn with the others on files that are in the
system's cache. Markdown goes to standard output, progress to standard error.
"""

import argparse
import pathlib
import sys
import tempfile

import contenders
import corpus
import machine
import measure
import peers_home
import programs
import report
import rounds
import targets


def parse():
    parser = argparse.ArgumentParser(
        prog="python3 benches/side_by_side", description=__doc__.split("\n\n")[0]
    )
    add = parser.add_argument
    add("--events", type=int, default=600_000, help="events in the archive [%(default)s]")
    add(
        "--most-events",
        type=int,
        default=3_000_000,
        help="events that memory is watched up to [%(default)s]",
    )
    add("--small-files", type=int, default=100_000, help="files of about 2 KB [%(default)s]")
    add("--runs", type=int, default=5, help="timed runs of each contender [%(default)s]")
    add(
        "--slow",
        type=float,
        default=30,
        help="a contender that takes more seconds runs once [%(default)s]",
    )
    add(
        "--timeout",
        type=float,
        default=600,
        help="seconds after which a run is stopped [%(default)s]",
    )
    add("--cores", type=int, default=2, help="processors that everything may use [%(default)s]")
    add("--seed", type=int, default=11, help="decides the archive [%(default)s]")
    add(
        "--only",
        metavar="WORD",
        action="append",
        help="only contenders with this word in their name",
    )
    add(
        "--skip",
        choices=["growth", "small-files", "threads", "start-up"],
        action="append",
        default=[],
        help="leave a part out",
    )
    add(
        "--earwitness",
        metavar="PATH",
        type=pathlib.Path,
        help="measure this program, not one built here",
    )
    add("--profile", default="release", help="cargo profile of what is built here [%(default)s]")
    add("--dir", type=pathlib.Path, help="keep archives and environment here between runs")
    add("--keep", action="store_true", help="keep the largest archives in --dir too")
    return parser.parse_args()


def main():
    options = parse()
    if options.dir:
        options.dir.mkdir(parents=True, exist_ok=True)
        run(options, options.dir.resolve())
    else:
        with tempfile.TemporaryDirectory(prefix="earwitness-side-by-side-") as home:
            run(options, pathlib.Path(home))


def run(options, home):
    built = programs.build(options)
    python = peers_home.python(home)
    # From here on; building and installing may use every processor.
    measure.use_processors(options.cores)
    archive = corpus.archive(home, built, options.seed, options.events)
    scratch = home / "out"
    scratch.mkdir(exist_ok=True)
    field = contenders.field(built, python, scratch, options)
    results = rounds.side_by_side(field, archive, options)
    extras = {}
    if "threads" not in options.skip:
        extras["threads"] = rounds.threads(built, archive, options)
    if "start-up" not in options.skip:
        extras["start-up"] = rounds.start_up(built, options)
    if "small-files" not in options.skip:
        small = corpus.small_files(home, archive, options.small_files)
        extras["small-files"] = rounds.small_files(field, small, options)
        corpus.remove(small, options)
    if "growth" not in options.skip:
        extras["growth"] = rounds.growth(field, home, built, archive, options)
    text = report.markdown(
        machine.describe(python, built), sys.argv[1:], options, archive, results, extras
    )
    sys.stdout.write(text + targets.markdown(results, extras, options))


if __name__ == "__main__":
    main()
