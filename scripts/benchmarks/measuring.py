"""Runs whole processes and keeps what they took."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("PROGRAM", str(ROOT / ".build/release/mpiswarm"))
MPIRUN = ["mpirun", "--oversubscribe", "--bind-to", "none"]
if os.geteuid() == 0:
    MPIRUN.append("--allow-run-as-root")


@dataclass
class Job:
    """A command with everything that it started."""

    wall: float
    cpu: float
    peak_mib: float
    output: str


def run(command, folder, limit=300):
    """Runs a command to its end, which has to be a good one."""
    command = ["timeout", "-k", "5", str(limit), *map(str, command)]
    with open(Path(folder) / "log", "w+") as log:
        start = os.times().elapsed
        process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=subprocess.STDOUT)
        _, status, used = os.wait4(process.pid, 0)
        wall = os.times().elapsed - start
        log.seek(0)
        output = log.read()
    if status:
        sys.exit(f"bench: status {status} of {' '.join(command)}\n{output}")
    return Job(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, output)


def mpi(ranks, *arguments):
    return [*MPIRUN, "-np", ranks, PROGRAM, *arguments]


def on_path(name):
    return shutil.which(name) is not None


def spread(values, unit="", digits=2):
    """The median, and the least and the most where there are several."""
    def text(value):
        return f"{value:.{digits}f}"

    if len(values) == 1:
        return f"{text(values[0])}{unit}"
    return f"{text(median(values))}{unit} ({text(min(values))} to {text(max(values))})"


def random_file(path, mebibytes):
    with open(path, "wb") as file:
        for _ in range(mebibytes):
            file.write(os.urandom(1 << 20))


class Table:
    """Prints each row as soon as it is known."""

    def __init__(self):
        self.lines = []
        self._print("| measurement | mpiswarm | beside it | ratio |")
        self._print("|---|---|---|---|")

    def row(self, what, ours, beside="", ratio=None):
        ratio = "" if ratio is None else ratio if isinstance(ratio, str) else f"{ratio:.2f}"
        self._print(f"| {what} | {ours} | {beside} | {ratio} |")

    def _print(self, line):
        self.lines.append(line)
        print(line, flush=True)
