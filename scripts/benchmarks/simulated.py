"""Jobs in the simulator, whose results depend on nothing but the seed."""

import json
import subprocess
from statistics import median

from .measuring import PROGRAM


def simulate(*options, seeds=1):
    output = subprocess.run(
        [PROGRAM, "simulate", "--json", "--seeds", str(seeds), *options], check=True,
        capture_output=True, text=True).stdout
    return json.loads(output)["runs"]


class Simulated:
    def __init__(self, table):
        self.table = table

    def _row(self, what, *options, seeds=1, figure="last_over_bound"):
        results = simulate(*options, seeds=seeds)
        took = median(result["took_s"] for result in results)
        self.table.row(
            f"simulator, {what}", f"simulated in {took:.1f} s", "least possible time",
            f"{median(result[figure] for result in results):.3f}")

    def swarms(self, most):
        for peers in (7, 15, 50, 100, 1000):
            if peers <= most:
                self._row(
                    f"{peers:,} peers", "--peers", str(peers), seeds=5 if peers < 1000 else 1)

    def unlimited(self, most):
        for peers in (15, 100, 1000):
            if peers <= most:
                self._row(
                    f"{peers:,} peers, download unlimited", "--peers", str(peers), "--down",
                    "unlimited", seeds=5 if peers < 1000 else 1)

    def slow(self):
        self._row(
            "100 peers, the quick ones beside a slow tenth", "--slow-share", "10", "--peers", "100",
            seeds=5, figure="quick_over_bound")

    def links(self):
        for latency in ("10us", "100us"):
            for rate in ("1Gbit", "10Gbit", "100Gbit"):
                self._row(
                    f"50 peers, 4 GiB, {rate}/s, {latency}", "--peers", "50", "--size", "4G",
                    "--piece-size", "2M",
                    "--nic", rate, "--latency", latency)
