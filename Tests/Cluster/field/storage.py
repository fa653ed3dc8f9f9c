"""Disks, files and folders that are not as they should be, or change meanwhile."""

import os
import signal
import subprocess

import files
from fault import Fault
from rigs import kill


class FullDisk(Fault):
    """A small file system is mounted for one node, which slurmd would have to see before it starts."""

    rigs = ("plain", "nodes")
    jobs = ("stage",)

    def __init__(self, before: bool):
        self.before = before
        self.name = "small disk" if before else "disk fills up"

    def arrange(self, trial) -> None:
        job, rig = trial.job, trial.rig
        free = [n for n in range(rig.nodes) if n not in job.holding_nodes]
        if rig.name == "plain" or job.spread == "all":
            free = list(range(rig.nodes))
        # A node whose disk holds the source as well needs room for that first.
        self.node = trial.rng.choice(free or job.holding_nodes)
        held = 0 if free else job.size
        size = job.size // 2 if self.before else job.size + (6 << 20)
        rig.small_disk(self.node, held + size)
        trial.struck = self.before
        if self.before:
            trial.harm_node(self.node)

    def strike(self, trial) -> None:
        if self.before:
            return
        trial.wait_for_moment()
        trial.note(f"the disk of node {self.node} fills up")
        subprocess.run(["dd", "if=/dev/zero", f"of={trial.rig.disk(self.node)}/junk", "bs=64K"],
                       stderr=subprocess.DEVNULL)
        trial.lose({r for r in range(trial.rig.ranks) if trial.rig.node(r) == self.node},
                   sources=False)

    def repair(self, trial) -> None:
        (trial.rig.disk(self.node) / "junk").unlink(missing_ok=True)
        trial.rig.grow_disk(self.node)


class DamagedPart(Fault):
    """The job ends in the middle, a byte of what it left changes, and the second run continues."""

    name = "damaged part"
    jobs = ("stage",)

    def strike(self, trial) -> None:
        trial.wait_for_moment()
        if trial.rig.name == "slurm":
            trial.rig.interrupt(trial.session.launcher, signal.SIGTERM)
        else:
            kill(trial.session.launcher.pid, signal.SIGKILL)
        trial.lose_all()
        trial.may_be_silent = trial.killed_outright = True

    def repair(self, trial) -> None:
        # Ranks whose mpirun was killed go on for a second, and note the state of their files last.
        trial.rig.living_processes()
        grown = [p for copy in trial.job.copies.values() if copy.is_dir()
                 for p in sorted(copy.glob(f".*{files.PART}part*/tree/**/*"))
                 if p.is_file() and not p.is_symlink() and p.stat().st_size]
        for path in trial.rng.sample(grown, min(len(grown), 3)):
            status = path.stat()
            offset = trial.rng.randrange(status.st_size)
            with open(path, "r+b") as file:
                file.seek(offset)
                byte = file.read(1)[0]
                file.seek(offset)
                file.write(bytes([byte ^ 0x20]))
            if trial.rng.random() < 0.5:
                os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
            trial.note(f"byte {offset} of {path.name} changed in what was left")


class SourceChanges(Fault):
    name = "source changes"
    jobs = ("stage",)

    def strike(self, trial) -> None:
        how = trial.rng.choice(["byte", "append", "replace"])
        trial.wait_for_moment()
        trial.note(f"the source changes: {how}")
        for source in trial.job.sources:
            path = source / "large.bin" if source.is_dir() else source
            if how == "replace":
                files.make_file(path.with_name(".new"), trial.rng, path.stat().st_size)
                os.rename(path.with_name(".new"), path)
            else:
                with open(path, "r+b") as file:
                    file.seek(path.stat().st_size if how == "append" else 12345)
                    file.write(b"changed")
        # Each node had its own moment: all end with the same bytes and dates.
        count = len(trial.job.names)
        for source in trial.job.sources[count:]:
            first = next(s for s in trial.job.sources[:count] if s.name == source.name)
            subprocess.run(["rm", "-r", source], check=True)
            subprocess.run(["cp", "-a", first, source], check=True)
        trial.job.alternatives = trial.job.expected
        trial.job.expect()
        trial.lose_all()

    def repair(self, trial) -> None:
        trial.job.alternatives = {}
        trial.job.extra = ["--force"]


class Unreadable(Fault):
    """Root reads everything, but for the capability that the ranks go without here."""

    name = "unreadable file"
    jobs = ("stage",)

    def prepare(self, trial) -> None:
        trial.rig.wrapper = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"]
        for source in trial.job.sources:
            path = source / "middle 0/data" if source.is_dir() else source
            self.mode = path.stat().st_mode
            path.chmod(0)
        trial.struck = True
        trial.lose_all()

    def repair(self, trial) -> None:
        trial.rig.wrapper = []
        for source in trial.job.sources:
            (source / "middle 0/data" if source.is_dir() else source).chmod(self.mode)


class Different(Fault):
    name = "different file there"
    jobs = ("stage",)

    def prepare(self, trial) -> None:
        self.node = trial.rng.randrange(trial.rig.nodes)
        names = [n for n, e in trial.job.expected.items() if e.kind == "file"]
        self.file = trial.rng.choice(sorted(names))
        self.path = trial.job.copies[self.node] / self.file
        files.make_file(self.path, trial.rng, 1000)
        self.was = files.describe(self.path)
        trial.job.there_before[self.node] = {self.file: self.was}
        trial.struck = True
        trial.harm_node(self.node)

    def complaints(self, trial) -> list[str]:
        kept = self.path.exists() and files.describe(self.path) == self.was
        return [] if kept else [f"{self.path} was replaced without --force"]

    def repair(self, trial) -> None:
        trial.job.extra = ["--force"]


class Moved(Fault):
    """The folder of a copy, or what grows in it, is renamed while the job writes there."""

    name = "destination moved"
    jobs = ("stage",)

    def strike(self, trial) -> None:
        how = trial.rng.choice(["folder", "folder replaced", "part"])
        trial.wait_for_moment()
        # A copy that is complete may be moved by its user.
        open_nodes = [n for n, c in trial.job.comparisons().items() if not c.complete]
        if not open_nodes or not trial.session.running():
            trial.struck = False
            return
        node = trial.rng.choice(open_nodes)
        copy = trial.job.copies[node]
        parts = [p for p in copy.iterdir() if files.PART in p.name]
        self.away = copy.with_name("away")
        if how == "part" and parts:
            os.rename(parts[0], self.away)
        else:
            os.rename(copy, self.away)
            if how == "folder replaced":
                copy.mkdir()
        trial.note(f"the {how} of node {node} moved")
        trial.harm_node(node)

    def repair(self, trial) -> None:
        for copy in trial.job.copies.values():
            subprocess.run(["rm", "-rf", copy.with_name("away")], check=True)
            copy.mkdir(exist_ok=True)


class TwoJobs(Fault):
    """A second job for the same copies begins while the first one runs."""

    name = "two jobs"
    jobs = ("stage",)

    def strike(self, trial) -> None:
        trial.wait_for_moment()
        trial.note("a second job begins")
        self.other = trial.job.begin(trial.log("other"))

    def conclude(self, trial) -> None:
        self.code = self.other.wait(trial.limit)
        trial.note(f"the second job exits {self.code}")
        self.other.finish(trial.launcher_limit)

    def complaints(self, trial) -> list[str]:
        if self.code is None:
            return ["the second job hangs"]
        over = all(c.complete for c in trial.job.comparisons().values())
        return [] if over or self.code else ["the second job exits 0, and copies are incomplete"]
