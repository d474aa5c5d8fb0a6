"""Runs a whole process and measures it."""

import dataclasses
import hashlib
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time

# Peak memory is in KiB everywhere but on macOS, where it is in bytes.
PEAK_UNIT = 1 if sys.platform == "darwin" else 1024


@dataclasses.dataclass
class Run:
    """One run. Of a pipeline, processor time is that of all its processes and
    peak memory that of the largest one."""

    seconds: float
    cpu_seconds: float
    peak_bytes: int
    problem: str | None
    # The end of what it said, and the SHA-256 of all of it.
    last_words: bytes
    digest: str


def use_processors(count):
    """Restricts this process, and all it starts, to so many processors."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:count])


def run(command, timeout):
    """Runs a command. What it says goes to files, so that nobody waits for a reader.

    A process cannot seem smaller than the one that started it, so this program
    stays small: it keeps no output, and what needs memory is done elsewhere.
    """
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        stopped = threading.Event()
        started = time.perf_counter()
        process = subprocess.Popen(
            [str(word) for word in command],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=err,
            start_new_session=True,
        )

        def stop():
            stopped.set()
            os.killpg(process.pid, signal.SIGKILL)

        timer = threading.Timer(timeout, stop)
        timer.start()
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - started
        timer.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
        problem = None
        if stopped.is_set():
            problem = f"stopped after {timeout:.0f} s"
        elif process.returncode != 0:
            said = last_bytes(err).decode(errors="replace").split()
            problem = f"ended with {process.returncode}: … {' '.join(said)}"
        return Run(
            seconds,
            usage.ru_utime + usage.ru_stime,
            usage.ru_maxrss * PEAK_UNIT,
            problem,
            last_bytes(out),
            digest(out),
        )


def last_bytes(file):
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - 100))
    return file.read()


def digest(file):
    file.seek(0)
    return hashlib.file_digest(file, "sha256").hexdigest()


@dataclasses.dataclass
class Summary:
    """Several runs of one command."""

    runs: list[Run]

    @property
    def seconds(self):
        return statistics.median(run.seconds for run in self.runs)

    @property
    def least_seconds(self):
        return min(run.seconds for run in self.runs)

    @property
    def most_seconds(self):
        return max(run.seconds for run in self.runs)

    @property
    def cpu_seconds(self):
        return statistics.median(run.cpu_seconds for run in self.runs)

    @property
    def peak_bytes(self):
        return max(run.peak_bytes for run in self.runs)


def say(text):
    print(text, file=sys.stderr, flush=True)
