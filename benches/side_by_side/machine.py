"""What was measured with: machine, versions, date."""

import datetime
import os
import pathlib
import platform
import subprocess

import peers_home


def describe(python, built):
    """Returns pairs of what and which."""
    versions = ", ".join(package.replace("==", " ") for package in peers_home.PACKAGES)
    pairs = {
        "date": datetime.datetime.now(datetime.timezone.utc).date().isoformat(),
        "processor": f"{processor()}, {usable()} of {os.cpu_count()} used",
        "memory": memory(),
        "system": f"{platform.system()} {platform.release()}",
        "earwitness": said([built.earwitness, "--version"]),
        "others": f"{versions}, {said([python, '--version'])}, {said(['jq', '--version'])}",
    }
    return pairs


def usable():
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()


def said(command):
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    except FileNotFoundError:
        return f"no {command[0]}"
    return done.stdout.strip()


def line_of(file, beginning):
    try:
        for line in pathlib.Path(file).read_text(encoding="utf-8").splitlines():
            if line.startswith(beginning):
                return line.split(":", 1)[1].strip()
    except FileNotFoundError:
        pass
    return None


def processor():
    return line_of("/proc/cpuinfo", "model name") or platform.processor() or platform.machine()


def memory():
    total = line_of("/proc/meminfo", "MemTotal")
    return f"{int(total.split()[0]) / 1024**2:.0f} GiB" if total else "unknown"
