"""Runs the built binary against the server and reads its answer."""

import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

PASS, FAIL, UNKNOWN = "pass", "fail", "unknown"
NOT_APPLICABLE = "not_applicable"
ABSENT = None

TWO_REGIONS = ("--regions", "us-east-1,eu-west-1")


def binary():
    """`TRAILPROOF_BIN`, or the release build of this repository."""
    target = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    chosen = Path(os.environ.get("TRAILPROOF_BIN", target / "release" / "trailproof"))
    if not shutil.which(chosen):
        raise FileNotFoundError(f"{chosen} is missing: build it with `cargo build --release` or set TRAILPROOF_BIN")
    return chosen


@dataclass
class Scan:
    code: int
    out: str
    err: str

    @property
    def report(self):
        return json.loads(self.out)

    @property
    def verdicts(self):
        return self.report["verdicts"]

    def statuses(self, subject):
        return {v["rule"]: v["status"] for v in self.verdicts if v["subject"]["id"] == subject}


def environment(server, credentials=True):
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
    kept |= {
        "AWS_ENDPOINT_URL": server.url,
        "AWS_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    }
    if credentials:
        kept |= {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing"}
    return kept


def run(server, *arguments, credentials=True):
    done = subprocess.run(
        [binary(), *arguments],
        env=environment(server, credentials),
        cwd=ROOT / "tests" / "moto",
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert "panicked" not in done.stderr, done.stderr
    return Scan(done.returncode, done.stdout, done.stderr)


def scan(server, *arguments):
    return run(server, "scan", "--format", "json", *arguments)
