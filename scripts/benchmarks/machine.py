"""Jobs whose ranks share this machine and write to memory."""

import os
import re
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from statistics import median

from .measuring import MPIRUN, PROGRAM, ROOT, mpi, random_file, run, spread

HELLO = """#include <mpi.h>
int main(int count, char **words) {
    int level;
    MPI_Init_thread(&count, &words, MPI_THREAD_MULTIPLE, &level);
    MPI_Barrier(MPI_COMM_WORLD);
    return MPI_Finalize();
}
"""


class Machine:
    def __init__(self, table, runs, mebibytes):
        self.table = table
        self.runs = runs
        self.mebibytes = mebibytes
        self.folder = Path(tempfile.mkdtemp(prefix="bench.", dir="/dev/shm"))

    def close(self):
        shutil.rmtree(self.folder)

    def _clear(self, *folders):
        shutil.rmtree(self.folder / "out", ignore_errors=True)
        for name in folders:
            (self.folder / "out" / name).mkdir(parents=True)

    def _stage(self, source, *options, ranks=5):
        self._clear()
        return run(
            mpi(ranks, "stage", "--sources", "0", "--receivers", f"1-{ranks - 1}", "--stats",
                source, "out/{rank}/", *options),
            self.folder)

    def _shell(self, loop):
        self._clear("1", "2", "3", "4")
        return run(["sh", "-c", f"for r in 1 2 3 4; do {loop} & done; wait"], self.folder)

    def large_file(self):
        random_file(self.folder / "data", self.mebibytes)
        ours, copies, torrents = [], [], []
        for _ in range(self.runs):
            ours.append(self._stage("data"))
            for rank in "1234":
                run(["cmp", "data", f"out/{rank}/data"], self.folder)
            copies.append(self._shell("cp data out/$r/"))
            if has_libtorrent():
                self._clear("t")
                torrents.append(
                    run(["/usr/bin/python3", ROOT / "scripts/bench_libtorrent.py", "data", "out/t",
                         "4"], self.folder))
        wall = [job.wall for job in ours]
        what = f"{self.mebibytes:,} MiB to four ranks, one machine, memory"
        for name, jobs in (("four `cp`", copies), ("libtorrent", torrents)):
            if jobs:
                beside = [job.wall for job in jobs]
                self.table.row(
                    f"{what}: wall", spread(wall, " s"), f"{name}: {spread(beside, ' s')}",
                    median(wall) / median(beside))
        cpu, plain = (
            [job.cpu / 4 * 1024 / self.mebibytes for job in jobs] for jobs in (ours, copies))
        self.table.row(
            "the same: CPU for each GiB", spread(cpu, " s"), f"four `cp`: {spread(plain, ' s')}",
            median(cpu) / median(plain))
        again = [1 + mebibytes(job.output, "read again") / self.mebibytes for job in ours]
        self.table.row("the same: bytes read, by those of the source", spread(again, digits=3))
        empty = [float(re.search(r"\((\S+) for each event", job.output)[1]) for job in ours]
        self.table.row("the same: empty turns for each event", spread(empty))

    def one_receiver(self):
        """How fast one rank receives, verifies and writes, once ranks and source are there."""
        rates = []
        for _ in range(self.runs):
            job = self._stage("data", ranks=2)
            rates.append(self.mebibytes * 2**20 / own_seconds(job.output) / 1e9)
        self.table.row(
            f"{self.mebibytes:,} MiB to one rank, one machine, memory: rate",
            spread(rates, " GB/s"))

    def memory(self):
        """The largest process, beyond what one of Open MPI alone needs."""
        (self.folder / "hello.c").write_text(HELLO)
        run(["mpicc", "-o", "hello", "hello.c"], self.folder)
        alone = run([*MPIRUN, "-np", "5", "./hello"], self.folder).peak_mib
        with open(self.folder / "sparse", "wb") as file:
            file.truncate(64 << 30)
            for step in range(256):
                file.seek(step << 28)
                file.write(os.urandom(1 << 20))
        for what, name, options in (
            (f"{self.mebibytes:,} MiB", "data", ()),
            ("64 GiB with 256 MiB of data", "sparse", ()),
            (f"{self.mebibytes:,} MiB, `--memory 256M`", "data", ("--memory", "256M")),
        ):
            peak = self._stage(name, *options).peak_mib
            self.table.row(
                f"memory of the largest rank, {what}", f"{peak:.0f} MiB",
                f"Open MPI alone: {alone:.0f} MiB", f"{peak - alone:+.0f} MiB")
        (self.folder / "sparse").unlink()
        (self.folder / "data").unlink()

    def small_files(self):
        for number in range(10_000):
            path = self.folder / "tree" / str(number % 100) / str(number)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(os.urandom(4096))
        ours, tars = [], []
        for _ in range(self.runs):
            ours.append(self._stage("tree/"))
            tars.append(self._shell("tar c tree | tar x -C out/$r"))
        beside = [job.wall for job in tars]
        beside_text = f"four `tar c \\| tar x`: {spread(beside, ' s')}"
        wall = [job.wall for job in ours]
        self.table.row(
            "10,000 files of 4 KiB to four ranks: wall", spread(wall, " s"), beside_text,
            median(wall) / median(beside))
        inside = [own_seconds(job.output) for job in ours]
        self.table.row(
            "the same by its own clock", spread(inside, " s"), beside_text,
            median(inside) / median(beside))
        shutil.rmtree(self.folder / "tree")

    def first_payload(self):
        with open(self.folder / "sparse", "wb") as file:
            file.truncate(100 << 30)
            file.seek(50 << 30)
            file.write(b"x")
        self._stage("sparse", "--trace-dir", "trace", ranks=2)
        lines = (self.folder / "trace/trace1.txt").read_text().splitlines()
        first = next(line for line in lines if "< 0 download ack" in line)
        self.table.row(
            "first payload of a sparse source of 100 GiB, after the start of the job",
            f"{float(first.split()[0]):.3f} s")
        (self.folder / "sparse").unlink()

    def classic(self, ranks, segments):
        """Each peer owns a file of so many segments and wants that of the next one."""
        inputs = self.folder / "classic"
        shutil.rmtree(inputs, ignore_errors=True)
        inputs.mkdir()
        for peer in range(1, ranks):
            if peer <= 8:
                owned = [f"file{peer} {segments}"]
                owned += [f"{peer:08x}{segment:024x}" for segment in range(segments)]
                head = ["1", *owned]
            else:
                head = ["0"]
            wanted = [f"file{peer % 8 + 1}"]
            (inputs / f"in{peer}.txt").write_text(
                "\n".join([*head, str(len(wanted)), *wanted, ""]))
        jobs = []
        for _ in range(self.runs):
            self._clear("run")
            jobs.append(run(mpi(ranks, "run", "classic", "--output", "out/run"), self.folder))
        self.table.row(
            f"`run`, {ranks} ranks that want a file of {segments:,} segments each: wall",
            spread([job.wall for job in jobs], " s"),
            "by its own clock", spread([own_seconds(job.output) for job in jobs], " s"))

    def idle(self):
        """The processor time of the ranks of `serve` that have nothing to do."""
        for rank in range(1, 16):
            share = self.folder / "share" / str(rank)
            share.mkdir(parents=True)
            for number in range(1000):
                (share / str(number)).write_text(f"{rank} {number}")
        name = f"bench-{os.getpid()}"
        job = subprocess.Popen(
            ["timeout", "-k", "5", "120", *map(str, mpi(
                16, "serve", "--job", name, "--share", "share/{rank}"))],
            cwd=self.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(12)
        ranks = [
            int(entry) for entry in os.listdir("/proc") if entry.isdigit()
            and name in command_of(entry) and "mpirun" not in command_of(entry)]
        before = sum(ticks(rank) for rank in ranks)
        time.sleep(20)
        used = (sum(ticks(rank) for rank in ranks) - before) / os.sysconf("SC_CLK_TCK")
        subprocess.run(
            [PROGRAM, "shell", "--job", name, "-c", "shutdown"], cwd=self.folder, timeout=30,
            stdout=subprocess.DEVNULL, check=False)
        job.wait(timeout=60)
        shutil.rmtree(self.folder / "share")
        self.table.row(
            "`serve`, 16 idle ranks with 1,000 files each: CPU of a rank",
            f"{100 * used / 20 / 16:.2f} % of a core")


def command_of(process):
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""


def ticks(process):
    fields = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
    return int(fields[11]) + int(fields[12])


def has_libtorrent():
    return subprocess.run(
        ["/usr/bin/python3", "-c", "import libtorrent"], stderr=subprocess.DEVNULL,
        check=False).returncode == 0


def mebibytes(output, words):
    number, unit = re.search(rf"([0-9.]+) (B|[KMGT]iB) {words}", output).groups()
    return float(number) * {"B": 2**-20, "KiB": 2**-10, "MiB": 1, "GiB": 1024}[unit]


def own_seconds(output):
    return float(re.findall(r", ([0-9.]+) s\b", output)[-1])
