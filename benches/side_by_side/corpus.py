"""Archives of synthetic CloudTrail logs, made by seed."""

import dataclasses
import json
import pathlib
import shutil
import subprocess
import sys

from measure import say

HERE = pathlib.Path(__file__).parent


@dataclasses.dataclass
class Archive:
    """A folder of log files, and what is true of it."""

    folder: pathlib.Path
    logs: pathlib.Path
    facts: dict


def archive(home, built, seed, events):
    """Makes an archive once. Its name says how, and a finished one has its facts."""
    folder = home / f"events-{events}-seed-{seed}"
    facts = folder / "facts.json"
    if not facts.exists():
        say(f"making an archive of {events:,} events")
        shutil.rmtree(folder, ignore_errors=True)
        command = [built.testkit, "contact-centre", folder / "centre"]
        command += ["--seed", str(seed), "--events", str(events), "--expected", folder / "answers"]
        subprocess.run([str(word) for word in command], check=True)
        found = oracle(folder / "centre" / "AWSLogs")
        told = json.loads((folder / "answers" / "counts.json").read_text(encoding="utf-8"))
        check(told, found)
        shutil.rmtree(folder / "answers")
        facts.write_text(json.dumps(found), encoding="utf-8")
    return Archive(
        folder, folder / "centre" / "AWSLogs", json.loads(facts.read_text(encoding="utf-8"))
    )


def small_files(home, source, files):
    """Cuts an archive into files of about 2 KB: four records each."""
    folder = home / f"small-{files}-of-{source.folder.name}"
    facts = folder / "facts.json"
    if not facts.exists():
        say(f"cutting {files:,} small files")
        shutil.rmtree(folder, ignore_errors=True)
        command = [sys.executable, HERE / "cut.py", source.logs, folder / "AWSLogs", str(files)]
        subprocess.run(command, check=True)
        facts.write_text(json.dumps(oracle(folder / "AWSLogs")), encoding="utf-8")
    return Archive(folder, folder / "AWSLogs", json.loads(facts.read_text(encoding="utf-8")))


def remove(archive, options):
    if not (options.dir and options.keep):
        shutil.rmtree(archive.folder)


def oracle(logs):
    command = [sys.executable, HERE / "oracle.py", logs]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE)
    return json.loads(done.stdout)


def check(told, found):
    """Holds what the archive's maker says beside what is found in the files."""
    pairs = [
        (told["cloudtrail_records"], found["records"]),
        (told["files"], found["files"]),
        (told["events_by_name"]["DeleteObject"], found["deletes_written"]),
        (told["events_by_name"]["GetObject"], found["listens_written"]),
    ]
    if any(told != found for told, found in pairs):
        raise SystemExit(f"the archive is not what its maker says it is: {pairs}")
