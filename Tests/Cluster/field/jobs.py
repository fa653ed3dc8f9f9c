"""What the trials run: a command of mpiswarm, the copies it has to make, and how it is asked."""

import re
import subprocess
import time
from pathlib import Path

import files
from rigs import PROGRAM, Rig, kill

RATE = 6 << 20  # bytes a second from each rank: a job then takes long enough for a fault


class Job:
    """One command on one rig. `copies` are folders outside the nodes, by node, and each has to hold
    what `expected` says."""

    name = ""

    def __init__(self, rig: Rig, rng):
        self.rig, self.rng = rig, rng
        self.size = rng.randrange(8 << 20, 20 << 20)
        self.expected: dict[str, files.Entry] = {}
        self.alternatives: dict[str, files.Entry] = {}
        self.there_before: dict[int, dict[str, files.Entry]] = {}
        self.sources: list[Path] = []
        self.holders: set[int] = set()  # ranks that can read the source
        self.extra: list[str] = []

    @property
    def copies(self) -> dict[int, Path]:
        return {node: self.rig.disk(node) / "d" for node in range(self.rig.nodes)}

    def comparisons(self) -> dict[int, files.Comparison]:
        return {node: files.compare(copy, self.expected, self.alternatives,
                                    self.there_before.get(node, {}))
                for node, copy in self.copies.items()}

    def copy_of(self, rank: int) -> int:
        """The key in `copies` of what this rank is to have."""
        return rank

    def begun(self) -> bool:
        """Whether bytes grow already on some node, so that every rank is past MPI_Init."""
        return any(copy.is_dir() and any(files.PART in child.name for child in copy.iterdir())
                   for copy in self.copies.values())

    def progress(self) -> float:
        """The share of all bytes that the disks hold."""
        held = sum(files.allocated(copy) for copy in self.copies.values())
        return held / (self.size * self.wanted)

    def begin(self, log: Path, again: bool = False) -> "Session":
        return Session(self.rig.start(self.words(again), log))

    def words(self, again: bool) -> list[str]:
        raise NotImplementedError

    def describe(self) -> str:
        return f"{self.name} on {self.rig.nodes} nodes, {self.rig.ranks} ranks"


class Session:
    """A job that runs. Its end is that of the process whose exit code says what came of it."""

    def __init__(self, process: subprocess.Popen):
        self.launcher = self.process = process

    def running(self) -> bool:
        return self.process.poll() is None

    def wait(self, limit: float) -> int | None:
        """The exit code, or None where the job hangs; it is killed then."""
        try:
            return self.process.wait(limit)
        except subprocess.TimeoutExpired:
            return None

    def finish(self, launcher_limit: float) -> str:
        """Ends what still runs. Returns what did not end by itself, in words."""
        if self.launcher.poll() is None:
            kill(self.launcher.pid, 9)
            self.launcher.wait()
        return ""


class Stage(Job):
    name = "stage"
    wanted = property(lambda self: self.rig.nodes)

    def __init__(self, rig: Rig, rng):
        super().__init__(rig, rng)
        self.shape = rng.choice(["folder", "folder", "file", "several"])
        self.spread = rng.choice(["all", "one", "one", "two"])
        self.flags: list[str] = []
        for flags, share in ((["--verify"], 0.2), (["--preserve"], 0.2), (["--fsync"], 0.1),
                             (["--digest", "sha256"], 0.1), (["--policy", "on-request"], 0.1),
                             (["--piece-size", "64K"], 0.2)):
            self.flags += flags if rng.random() < share else []
        if rng.random() < 0.25 and rig.ranks > 2:
            self.flags += ["--trackers", str(rng.randrange(2, min(4, rig.ranks)))]
        self.choose_holders()

    def choose_holders(self) -> None:
        count = {"all": self.rig.nodes, "one": 1, "two": min(2, self.rig.nodes)}[self.spread]
        nodes = sorted(self.rng.sample(range(self.rig.nodes), count))
        self.holders = {r for r in range(self.rig.ranks) if self.rig.node(r) in nodes}
        if self.spread != "all" and self.rig.name == "plain":
            self.flags += ["--sources", ",".join(map(str, nodes))]
        self.holding_nodes = nodes

    def prepare(self) -> None:
        """Makes the source once, and copies of it where nodes hold one on disks of their own."""
        shared = self.spread == "all" or self.rig.name == "plain"
        origin = self.rig.folder / "source"
        inside = origin if shared else self.rig.folder / "local/source"
        names = {"folder": ["tree"], "file": ["one.bin"], "several": ["tree", "one.bin"]}[self.shape]
        for name in names:
            if name == "tree":
                files.make_tree(origin / name, self.rng, self.size // len(names))
            else:
                files.make_file(origin / name, self.rng, self.size // len(names))
        self.sources = [origin / name for name in names]
        if not shared:
            self.sources = []
            for node in self.holding_nodes:
                subprocess.run(["cp", "-a", origin, self.rig.disk(node) / "source"], check=True)
                self.sources += [self.rig.disk(node) / "source" / name for name in names]
            subprocess.run(["rm", "-r", origin], check=True)
        self.operands = [str(inside / name) for name in names]
        self.names = {name: ("into/" if len(names) > 1 else "") + f"{name}" for name in names}
        self.target = f"{self.rig.inside}/d/" + ("into/" if len(names) > 1 else names[0])
        for copy in self.copies.values():
            copy.mkdir(parents=True)
        self.expect()

    def expect(self) -> None:
        """Takes the source as it is now for what every copy must be."""
        self.expected = {}
        if len(self.names) > 1:
            self.expected["into"] = files.Entry("folder")
        for source in self.sources[:len(self.names)]:
            self.expected |= files.snapshot(source, self.names[source.name])

    def words(self, again: bool) -> list[str]:
        return ["stage", "--limit-rate", f"{RATE * 8}", "--json", self.summary, *self.flags,
                *(self.extra if again else []), *self.operands, self.target]

    @property
    def summary(self) -> str:
        return str(self.rig.folder / "logs/summary.json")

    def copy_of(self, rank: int) -> int:
        return self.rig.node(rank)

    def describe(self) -> str:
        return (f"{super().describe()}: {self.shape}, {self.size >> 20} MiB, source seen by ranks "
                f"{sorted(self.holders)} {' '.join(self.flags)}")


class Run(Job):
    """Peer P is rank P, wants one file, and owns it where it is a holder; rank 0 only tracks."""

    name = "run"

    def __init__(self, rig: Rig, rng):
        super().__init__(rig, rng)
        self.size *= 4  # nothing limits the rate of `run`
        owners = rng.sample(range(1, rig.ranks), rng.choice([1, 2]) if rig.ranks > 3 else 1)
        self.holders = set(owners)
        self.wanting = set(range(1, rig.ranks)) - self.holders

    wanted = property(lambda self: len(self.wanting))

    def prepare(self) -> None:
        inputs = self.rig.folder / "inputs"
        files.make_file(inputs / "bytes", self.rng, self.size)
        self.sources = [inputs / "bytes"]
        for rank in range(1, self.rig.ranks):
            owned = "1\ndata @bytes\n" if rank in self.holders else "0\n"
            wanted = "1\ndata\n" if rank in self.wanting else "0\n"
            (inputs / f"in{rank}.txt").write_text(owned + wanted)
        (self.rig.folder / "output").mkdir()
        self.digest = files.digest(inputs / "bytes")

    @property
    def copies(self) -> dict[int, Path]:
        return {0: self.rig.folder / "output"}

    def begun(self) -> bool:
        return any(True for _ in (self.rig.folder / "output").iterdir())

    def comparisons(self) -> dict[int, files.Comparison]:
        """By peer here, since all write to one folder."""
        results = {rank: files.Comparison() for rank in self.wanting}
        for child in (self.rig.folder / "output").iterdir():
            named = re.fullmatch(r"client(\d+)_data", child.name)
            if not named:
                results[min(results)].parts.append(child.name)
            elif files.digest(child) != self.digest:
                results[int(named[1])].wrong.append(child.name)
        for rank, result in results.items():
            if not (self.rig.folder / "output" / f"client{rank}_data").exists():
                result.missing.append(f"client{rank}_data")
        return results

    def words(self, again: bool) -> list[str]:
        return ["run", str(self.rig.folder / "inputs"), "--output", str(self.rig.folder / "output")]


class Serve(Job):
    """Ranks from 1 offer a folder each; a user asks one of them for a file of the others."""

    name = "serve"
    wanted = 1

    def __init__(self, rig: Rig, rng):
        super().__init__(rig, rng)
        peers = range(1, rig.ranks)
        self.asker = rng.choice(peers)
        others = [r for r in peers if rig.node(r) != rig.node(self.asker)] or [1]
        self.holders = set(rng.sample(others, min(len(others), rng.choice([1, 2]))))

    def prepare(self) -> None:
        share = self.rig.folder / "share"
        for rank in range(self.rig.ranks):
            (share / str(rank)).mkdir(parents=True)
        files.make_file(share / "bytes", self.rng, self.size)
        for rank in self.holders:
            subprocess.run(["cp", "-a", share / "bytes", share / str(rank) / "data"], check=True)
            self.sources.append(share / str(rank) / "data")
        (self.rig.folder / "fetched").mkdir()
        self.digest = files.digest(share / "bytes")

    @property
    def copies(self) -> dict[int, Path]:
        return {self.asker: self.rig.folder / "fetched"}

    def begun(self) -> bool:
        return any(True for _ in self.copies[self.asker].iterdir())

    def comparisons(self) -> dict[int, files.Comparison]:
        result = files.Comparison()
        for child in self.copies[self.asker].iterdir():
            if files.PART in child.name:
                result.parts.append(child.name)
            elif child.name != "data" or files.digest(child) != self.digest:
                result.wrong.append(child.name)
        if not (self.copies[self.asker] / "data").exists():
            result.missing.append("data")
        return {self.asker: result}

    def words(self, again: bool) -> list[str]:
        return ["serve", "--share", f"{self.rig.folder}/share/{{rank}}", "--job", "field",
                "--output", f"{self.rig.folder}/fetched", "--limit-rate", f"{RATE * 8}"]

    def progress(self) -> float:
        """The share of all bytes that the disks hold."""
        held = sum(files.allocated(copy) for copy in self.copies.values())
        return held / (self.size * self.wanted)

    def begin(self, log: Path, again: bool = False) -> "Session":
        return Service(self, log, again)

    def shell(self, rank: int, command: str, log: Path) -> subprocess.Popen:
        words = [str(PROGRAM), "shell", "--job", "field", "--rank", str(rank), "-c", command]
        return self.rig.on_node(self.rig.node(rank), words, log)


class Service(Session):
    """A `serve` and the `get` of its user, whose exit code counts."""

    def __init__(self, job: Serve, log: Path, again: bool):
        super().__init__(job.rig.start(job.words(again), log))
        self.job, self.log = job, log
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline and self.launcher.poll() is None:
            if "serve" in Path(f"{log}.out").read_text():
                break
            time.sleep(0.05)
        self.process = job.shell(job.asker, "get data", Path(f"{log}.get"))

    def finish(self, launcher_limit: float) -> str:
        for rank in self.job.rig.rank_processes():
            if rank and self.launcher.poll() is None:
                asked = self.job.shell(rank, "shutdown", Path(f"{self.log}.shutdown"))
                if asked.wait(20) == 0:
                    break
        asked = time.monotonic()
        try:
            if living := self.ranks_after(min(30, launcher_limit)):
                return f"ranks {living} did not end when they were asked to"
            self.launcher.wait(max(0, asked + launcher_limit - time.monotonic()))
            return ""
        except subprocess.TimeoutExpired:
            return f"{self.job.rig.launcher} did not end after its ranks"
        finally:
            super().finish(launcher_limit)

    def ranks_after(self, limit: float) -> list[int]:
        """The ranks whose processes, or supervisors, still live at the end of that time."""
        deadline = time.monotonic() + limit
        while True:
            living = sorted({*self.job.rig.rank_processes(),
                             *self.job.rig.rank_processes(supervisors=True)})
            if not living or time.monotonic() > deadline:
                return living
            time.sleep(0.1)


JOBS = {job.name: job for job in (Stage, Run, Serve)}
