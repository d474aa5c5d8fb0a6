"""Builds what is measured, and what the measuring needs."""

import dataclasses
import json
import pathlib
import subprocess

from measure import say

ROOT = pathlib.Path(__file__).resolve().parents[2]


@dataclasses.dataclass
class Programs:
    earwitness: pathlib.Path
    inflate: pathlib.Path
    testkit: pathlib.Path


def build(options):
    # Binaries and their packages.
    wanted = {"bare-inflate": "earwitness-benches", "earwitness-testkit": "earwitness-testkit"}
    if options.earwitness is None:
        wanted["earwitness"] = "earwitness"
    say(f"building {', '.join(wanted)} ({options.profile})")
    command = ["cargo", "build", "--locked", "--profile", options.profile]
    command += ["--message-format", "json-render-diagnostics"]
    for name, package in wanted.items():
        command += ["--package", package, "--bin", name]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True)
    messages = [json.loads(line) for line in done.stdout.splitlines()]
    built = {
        message["target"]["name"]: pathlib.Path(message["executable"])
        for message in messages
        if message["reason"] == "compiler-artifact" and message["executable"]
    }
    return Programs(
        (options.earwitness or built["earwitness"]).resolve(),
        built["bare-inflate"],
        built["earwitness-testkit"],
    )
