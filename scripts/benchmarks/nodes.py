"""Jobs on emulated nodes with links of a given rate: network namespaces on this machine."""

import json
import os
import re
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from statistics import median

from . import aria2
from .machine import has_libtorrent
from .measuring import PROGRAM, ROOT, on_path, random_file, run, spread
from .simulated import simulate

NODES = 8
TORRENT = ROOT / "scripts/bench_libtorrent.py"


def busy_seconds():
    """The processor time of the whole machine: what runs on the nodes is no child of this one."""
    fields = Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:]
    idle = int(fields[3]) + int(fields[4])
    return (sum(map(int, fields[:8])) - idle) / os.sysconf("SC_CLK_TCK")


class Nodes:
    """Eight of them."""

    def __init__(self, table, runs):
        self.table = table
        self.runs = runs
        self.scratch = Path(tempfile.mkdtemp(prefix="bench."))
        self.folder = self.scratch / "bn"
        self.local = self.folder / "local"
        self._nodes("up", NODES)

    def close(self):
        self._nodes("down")
        shutil.rmtree(self.scratch)

    def _nodes(self, *words, limit=300):
        return run([ROOT / "Tests/Cluster/nodes", self.folder, *words], self.scratch, limit)

    def _rate(self, megabits):
        for node in range(NODES):
            self._nodes("rate", node, f"{megabits}mbit")

    def _mpi(self, *command, ranks=NODES):
        """One rank on each node; rank 0 has a node with another one if there is one more."""
        hosts = [f"bn{node}" for node in range(NODES)]
        hosts = ["bn0"] * (ranks - NODES) + hosts
        return self._nodes(
            "mpirun", "--oversubscribe", "--host", ",".join(hosts), "-np", ranks, *command)

    def _clear(self):
        for disk in (self.folder / "disk").iterdir():
            for entry in disk.iterdir():
                shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
        shutil.rmtree(self.folder / "trace", ignore_errors=True)

    def _stage(self, *options):
        self._clear()
        before = busy_seconds()
        self._mpi(
            PROGRAM, "stage", "--sources", 0, self.folder / "data", self.local / "copy", "--json",
            self.folder / "result", *options)
        cpu = busy_seconds() - before
        seconds = json.loads((self.folder / "result").read_text())["seconds"]
        for node in range(NODES):
            run(["cmp", self.folder / "data", self.folder / f"disk/{node}/copy"], self.scratch)
        return seconds, cpu

    def staging(self, megabits, mebibytes, beside=False):
        """All nodes get a file of the first one."""
        random_file(self.folder / "data", mebibytes)
        self._rate(megabits)
        bound = mebibytes * 2**23 / megabits / 1e6
        what = f"{mebibytes} MiB to seven nodes, {megabits} Mbit/s"
        results = [self._stage() for _ in range(self.runs)]
        seconds = [result[0] for result in results]
        self.table.row(
            what, spread(seconds, " s"), f"links: {bound:.2f} s", median(seconds) / bound)
        gibibytes = (NODES - 1) * mebibytes / 1024
        self.table.row(
            "the same: CPU for each GiB, with starting",
            spread([cpu / gibibytes for _, cpu in results], " s"))
        if not beside:
            return median(seconds) / bound
        for name, others in (
            ("pipelined `MPI_Ibcast`", self._broadcasts()),
            ("libtorrent", self._torrents()),
            ("aria2, whole", self._downloads()),
            ("`dbcast`, whole", self._dbcasts()),
        ):
            if others:
                self.table.row(
                    what, spread(seconds, " s"), f"{name}: {spread(others, ' s')}",
                    median(seconds) / median(others))
        return median(seconds) / bound

    def _broadcasts(self):
        program = self.scratch / "broadcast"
        run(["mpicc", "-O2", "-o", program, ROOT / "scripts/benchmarks/broadcast.c"], self.scratch)
        seconds = []
        for _ in range(self.runs):
            self._clear()
            job = self._mpi(program, self.folder / "data", self.local / "copy")
            seconds.append(float(re.findall(r"^[0-9.]+$", job.output, re.M)[-1]))
        return seconds

    def _dbcasts(self):
        if not on_path("dbcast"):
            return []
        walls = []
        for _ in range(self.runs):
            self._clear()
            walls.append(self._mpi("dbcast", self.folder / "data", self.local / "copy").wall)
        return walls

    def _torrents(self):
        """From the time at which all peers run to that at which all have the file."""
        if not has_libtorrent():
            return []
        seconds = []
        for _ in range(self.runs):
            self._clear()
            meeting = self.folder / "meeting"
            shutil.rmtree(meeting, ignore_errors=True)
            meeting.mkdir()
            peers = [
                subprocess.Popen(
                    ["timeout", "-k", "5", "300", ROOT / "Tests/Cluster/nodes", self.folder,
                     "exec", str(node), "/usr/bin/python3", TORRENT, self.folder / "data",
                     self.local, str(NODES - 1), "--node", str(node), meeting])
                for node in range(NODES)]
            waiting = {f"finished-{node}" for node in range(1, NODES)}
            ready = {f"ready-{node}" for node in range(NODES)}
            deadline = time.monotonic() + 300
            began = None
            while not waiting <= set(os.listdir(meeting)) and time.monotonic() < deadline:
                if began is None and ready <= set(os.listdir(meeting)):
                    began = time.monotonic()
                    (meeting / "go").touch()
                time.sleep(0.005)
            seconds.append(time.monotonic() - (began or deadline))
            (meeting / "done").touch()
            for peer in peers:
                peer.wait()
        return seconds

    def _downloads(self):
        if not aria2.is_there():
            return []
        seconds = []
        for _ in range(self.runs):
            self._clear()
            seconds.append(
                aria2.spread_with(
                    PROGRAM, [ROOT / "Tests/Cluster/nodes", self.folder], NODES,
                    self.folder / "data", self.local, self.folder / "meeting"))
        return seconds

    def slow_node(self):
        """The last node has a tenth of the rate of the others."""
        random_file(self.folder / "data", 128)
        self._rate(250)
        self._nodes("rate", NODES - 1, "25mbit")
        bound = 128 * 2**23 / 250e6
        lasts = []
        for _ in range(self.runs):
            self._stage("--trace-dir", self.folder / "trace")
            lasts.append(max(self._completion(rank) for rank in range(1, NODES - 1)))
        self.table.row(
            "128 MiB, 250 Mbit/s, one node a tenth: the last of the other six",
            spread(lasts, " s"), f"links: {bound:.2f} s", median(lasts) / bound)

    def _completion(self, rank):
        """The time at which all pieces were there. Some that were asked for twice come later."""
        trace = (self.folder / f"trace/trace{rank}.txt").read_text()
        found = re.search(r"^(\S+) > \d+ tracker fileCompleted\(", trace, re.MULTILINE)
        return float(found[1])

    def many_files(self):
        """Four nodes own four files each, and each node wants another half of the sixteen."""
        self._rate(250)
        self._clear()
        inputs = self.folder / "inputs"
        inputs.mkdir(exist_ok=True)
        for number in range(16):
            random_file(inputs / f"data{number}", 16)
        for peer in range(1, NODES + 1):
            owned = range(4 * peer - 4, 4 * peer) if peer <= 4 else ()
            wanted = [(2 * peer + step) % 16 for step in range(8)]
            wanted = [number for number in wanted if number not in owned]
            words = [str(len(owned)), *(f"file{number} @data{number}" for number in owned)]
            words += [str(len(wanted)), *(f"file{number}" for number in wanted), ""]
            (inputs / f"in{peer}.txt").write_text("\n".join(words))
        bound = 8 * 16 * 2**23 / 250e6
        seconds = []
        for _ in range(self.runs):
            self._clear()
            job = self._mpi(
                PROGRAM, "run", inputs, "--output", self.local / "out", ranks=NODES + 1)
            seconds.append(float(re.findall(r", ([0-9.]+) s\b", job.output)[-1]))
        shutil.rmtree(inputs)
        self.table.row(
            "`run`: 16 files of four nodes, each node wants another half, 250 Mbit/s",
            spread(seconds, " s"), f"links: {bound:.2f} s", median(seconds) / bound)

    def simulated(self, megabits, ratio):
        """The same job in the simulator: 256 KiB are what `stage` cuts 128 MiB into."""
        run_ = simulate(
            "--job", "stage", "--peers", str(NODES - 1), "--nic", f"{megabits}Mbit", "--size",
            "128M", "--piece-size", "256K", "--latency", "200us")[0]
        payload = 1448 / 1538  # of a frame of Ethernet, the rest of which is headers
        predicted = run_["last_over_bound"] / payload
        self.table.row(
            f"simulator beside the nodes, {megabits} Mbit/s, headers included",
            f"{predicted:.2f}", f"measured: {ratio:.2f}", ratio / predicted)
