#!/usr/bin/env python3
"""Whole-process figures: a scan of the sample organization over loopback, and start-up.

    cargo build --release --workspace --bins && python3 benches/scan.py [--runs 10] [--world FILE]

Prints the median, the range and the peak memory of each command, and how many requests the replica served.
"""

import argparse
import os
import pathlib
import re
import resource
import statistics
import subprocess
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
BINARIES = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "release"


def measure(command, environment, runs):
    """Seconds of each run, and the largest resident set of any in MiB. Children are reaped one by one, so their peak is their own."""
    seconds, peak = [], 0
    for _ in range(runs):
        started = time.perf_counter()
        process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        error = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        seconds.append(time.perf_counter() - started)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode not in (0, 1, 3):
            raise SystemExit(f"{command}: exit code {process.returncode}\n{error.decode()}")
        peak = max(peak, usage.ru_maxrss / 1024)
    return seconds, peak


def show(name, seconds, peak):
    median = statistics.median(seconds)
    print(f"{name:<28} {median * 1000:9.1f} ms  ({min(seconds) * 1000:.1f} to {max(seconds) * 1000:.1f})  {peak:7.1f} MiB")


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--runs", type=int, default=10)
    arguments.add_argument("--world", default=str(ROOT / "examples/acme-org/world.yaml"))
    options = arguments.parse_args()
    trailproof = str(BINARIES / "trailproof")
    clean = {"PATH": os.environ["PATH"], "HOME": "/nonexistent"}

    show("--version", *measure([trailproof, "--version"], clean, options.runs))
    show("policy list", *measure([trailproof, "policy", "list"], clean, options.runs))

    log = open(os.devnull, "wb")
    replica = subprocess.Popen(
        [str(BINARIES / "trailproof-replica"), options.world], stdout=subprocess.PIPE, stderr=log, text=True
    )
    try:
        environment = dict(clean)
        for line in replica.stdout:
            if found := re.match(r"\s*export (\w+)=(\S+)", line):
                environment[found[1]] = found[2].strip("'\"")
            if "AWS_EC2_METADATA_DISABLED" in line:
                break
        threading.Thread(target=replica.stdout.read, daemon=True).start()
        scan = [trailproof, "scan", "--format", "json", "--exit-zero"]
        report = subprocess.run(scan, env=environment, stdout=subprocess.PIPE, check=True).stdout
        calls = re.search(rb'"calls":\s*(\d+)', report)
        show("scan", *measure(scan, environment, options.runs))
        print(f"{'API calls of a scan':<28} {int(calls[1]):9d}")
    finally:
        replica.kill()
        replica.wait()


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    main()
