"""`sbcast` beside `stage` in a real Slurm on emulated nodes."""

import os
import re
import subprocess

from .measuring import ROOT

LINE = re.compile(r"^\| (stage|sbcast) \| ((\S+) .*) \|$", re.M)


def beside_sbcast(table, runs):
    """Left out, with its reason, where there is no Slurm."""
    output = subprocess.run(
        [ROOT / "scripts/bench-sbcast", "--without-faults"],
        env={**os.environ, "RUNS": str(runs)}, stdout=subprocess.PIPE, text=True, check=True,
        timeout=600).stdout
    found = {name: (text, float(middle)) for name, text, middle in LINE.findall(output)}
    if len(found) < 2:
        return
    (ours, middle), (theirs, other) = found["stage"], found["sbcast"]
    table.row(
        "256 MiB to four nodes, 500 Mbit/s, under Slurm: wall", f"{ours} s",
        f"`sbcast`: {theirs} s", middle / other)
