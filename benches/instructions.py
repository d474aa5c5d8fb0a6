"""Counts the instructions of the hot paths and holds them against a budget.

usage: python3 benches/instructions.py [--accept]

The input is a small synthetic archive, always the same; the program is built as
the tests are, with the crates that touch every byte optimised. Two counts of the
same program differ by less than a hundred-thousandth, so that 5 % are a change:
more fails, less asks to lower the budget. --accept writes the budget anew; the
commit says why. Counts follow the Rust compiler too, so that the budget names it;
of another kind of processor nothing is known.
"""

import argparse
import gzip
import json
import os
import pathlib
import platform
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[1]
BUDGET = ROOT / "benches" / "instructions.json"
TOLERANCE = 0.05
SEED, EVENTS = 11, 4_000
# inflate is C and reads gzip; the others read what is inflated already, so that
# they do not follow the C compiler.
PATHS = {
    "inflate": "packed",
    "who-deleted": "plain",
    "who-listened": "plain",
    "everything": "plain",
}
HOW_TO_ACCEPT = (
    "If the cost is worth it, run `python3 benches/instructions.py --accept`, commit the "
    "budget, and say in the commit what is bought with it."
)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--accept", action="store_true", help="write the budget anew")
    accept = parser.parse_args().accept
    missing = what_is_missing(accept)
    if missing:
        print(f"instructions were not counted: {missing}")
        sys.exit(1 if "CI" in os.environ else 0)
    testkit, hot_path = build()
    with tempfile.TemporaryDirectory() as home:
        size = lay_out(testkit, pathlib.Path(home))
        counts = {path: count(hot_path, path, f"{home}/{kind}") for path, kind in PATHS.items()}
    found = {
        "machine": platform.machine(),
        "rustc": said(["rustc", "--version"]),
        "input_bytes": size,
        "instructions": counts,
    }
    if accept:
        BUDGET.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
        print(f"the budget is {counts}")
    else:
        sys.exit(compare(json.loads(BUDGET.read_text(encoding="utf-8")), found))


def what_is_missing(accept):
    if shutil.which("valgrind") is None:
        return "there is no valgrind"
    if not accept:
        machine = json.loads(BUDGET.read_text(encoding="utf-8"))["machine"]
        if machine != platform.machine():
            return f"the budget is for {machine}, and this is {platform.machine()}"
    return None


def said(command):
    return subprocess.run(
        command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True
    ).stdout.strip()


def build():
    """Builds the counted program, and the maker of its input, as the tests are built."""
    command = ["cargo", "build", "--locked", "--workspace"]
    command += ["--example", "hot-path", "--bin", "earwitness-testkit"]
    command += ["--message-format", "json-render-diagnostics"]
    messages = map(json.loads, said(command).splitlines())
    built = {
        message["target"]["name"]: message["executable"]
        for message in messages
        if message["reason"] == "compiler-artifact" and message["executable"]
    }
    return built["earwitness-testkit"], built["hot-path"]


def lay_out(testkit, home):
    """Writes the archive as it is delivered and inflated; returns its inflated size."""
    for kind in ["packed", "plain"]:
        (home / kind).mkdir()
    command = [testkit, "contact-centre", home / "centre"]
    command += ["--seed", str(SEED), "--events", str(EVENTS)]
    subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
    size = 0
    for place, file in enumerate(sorted((home / "centre").rglob("*.*"))):
        if file.suffix == ".gz":
            shutil.copyfile(file, home / "packed" / f"{place:03}")
            text = gzip.decompress(file.read_bytes())
        elif file.is_file():
            text = file.read_bytes()
        else:
            continue
        (home / "plain" / f"{place:03}").write_bytes(text)
        size += len(text)
    return size


def count(program, path, folder):
    command = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null"]
    done = subprocess.run(
        [*command, program, path, folder],
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "RAYON_NUM_THREADS": "1", "POLARS_MAX_THREADS": "1"},
    )
    return int(re.search(r"Collected : (\d+)", done.stderr)[1])


def compare(budget, found):
    """Prints each path beside its budget; returns the exit code."""
    if budget["input_bytes"] != found["input_bytes"]:
        print(
            "the input is not the one that the budget was taken on: testkit makes another archive"
        )
        print(HOW_TO_ACCEPT)
        return 1
    over, under = [], []
    for path, most in budget["instructions"].items():
        count = found["instructions"][path]
        change = count / most - 1
        print(f"{path:<14} {count:>14,} {change:+8.2%} of {most:,}")
        if change > TOLERANCE:
            over.append(path)
        elif change < -TOLERANCE:
            under.append(path)
    if under:
        print(f"cheaper by more than 5 %: {', '.join(under)}. Lower the budget: --accept")
    if over:
        print(f"dearer by more than 5 %: {', '.join(over)}. {HOW_TO_ACCEPT}")
        if budget["rustc"] != found["rustc"]:
            print(f"The budget is of {budget['rustc']}, this count of {found['rustc']}.")
        return 1
    return 0


if __name__ == "__main__":
    main()
