"""What goes wrong in a trial, and what may then be demanded of the job."""

import os
import signal
import subprocess
import time

import files
from rigs import kill


class Fault:
    """A fault of the job's surroundings. `arrange` comes before the files are made, `prepare`
    before the job, `strike` while it runs, `conclude` when it is over, `repair` before the second
    run; each may take away from what the trial demands."""

    name = "none"
    rigs = ("plain", "nodes", "slurm")
    jobs = ("stage", "stage", "stage", "stage", "run", "serve")

    def arrange(self, trial) -> None:
        pass

    def prepare(self, trial) -> None:
        pass

    def strike(self, trial) -> None:
        pass

    def conclude(self, trial) -> None:
        pass

    def repair(self, trial) -> None:
        pass

    def complaints(self, trial) -> list[str]:
        """What else is wrong after the first run."""
        return []


class KillRank(Fault):
    def __init__(self, whom: str):
        self.name, self.whom = f"kill {whom}", whom

    def victim(self, trial) -> int:
        job, ranks = trial.job, range(1, trial.rig.ranks)
        if self.whom == "rank 0":
            return 0
        if self.whom == "source":
            return trial.rng.choice(sorted(job.holders))
        return trial.rng.choice([r for r in ranks if r not in job.holders] or list(ranks))

    def strike(self, trial) -> None:
        rank = self.victim(trial)
        trial.wait_for_moment()
        trial.signal_rank(rank, signal.SIGKILL)
        trial.lose({rank})


class KillSupervisor(Fault):
    """The runtime sees this one die of a signal, and ends the job."""

    name = "kill supervisor"
    jobs = ("stage",)

    def strike(self, trial) -> None:
        rank = trial.rng.randrange(trial.rig.ranks)
        trial.wait_for_moment()
        trial.signal_rank(rank, signal.SIGKILL, supervisor=True)
        trial.lose_all()
        trial.may_be_silent = True


class KillLauncher(Fault):
    name = "kill mpirun"
    rigs = ("plain", "nodes")

    def strike(self, trial) -> None:
        trial.wait_for_moment()
        trial.note("kill -9 of mpirun")
        kill(trial.session.launcher.pid, signal.SIGKILL)
        trial.lose_all()
        trial.may_be_silent = True
        trial.killed_outright = True


class KillNode(Fault):
    rigs = ("nodes", "slurm")

    def __init__(self, survive: bool):
        self.survive = survive
        self.name = "kill node, survive" if survive else "kill node"

    def prepare(self, trial) -> None:
        slurm = trial.rig.name == "slurm"
        self.node = trial.rng.randrange(0 if slurm else 1, trial.rig.nodes)
        if self.survive:
            trial.rig.options = (["--no-kill", "--kill-on-bad-exit=0"] if slurm
                                  else ["--enable-recovery"])
            trial.exit_code_means_nothing = not slurm
            trial.limit += 60 if slurm else 0  # until Slurm believes that the node is gone

    def strike(self, trial) -> None:
        trial.wait_for_moment()
        trial.note(f"kill node {self.node}")
        trial.rig.kill_node(self.node)
        trial.killed_outright = True
        if self.survive:
            trial.lose({r for r in range(trial.rig.ranks) if trial.rig.node(r) == self.node})
        else:
            trial.lose_all()

    def repair(self, trial) -> None:
        trial.rig.revive(self.node)
        trial.rig.options.clear()
        trial.exit_code_means_nothing = False


class Stop(Fault):
    def __init__(self, name: str, least: float, most: float):
        self.name, self.range = f"stop {name}", (least, most)

    def strike(self, trial) -> None:
        rank = trial.rng.randrange(trial.rig.ranks)
        duration = trial.rng.uniform(*self.range)
        trial.wait_for_moment()
        process = trial.signal_rank(rank, signal.SIGSTOP)
        if duration > trial.lease:
            trial.lose({rank})
        trial.sleep(duration, even_if_over=True)
        trial.note(f"continues after {duration:.1f} s")
        kill(process, signal.SIGCONT)


class Interrupt(Fault):
    name = "interrupt"

    def strike(self, trial) -> None:
        number = trial.rng.choice([signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
        trial.wait_for_moment()
        trial.note(f"{signal.Signals(number).name} to {trial.rig.launcher}")
        trial.rig.interrupt(trial.session.launcher, number)
        trial.lose_all()
        trial.interrupted = trial.begun and trial.struck and trial.job.name != "serve"


class Cut(Fault):
    rigs = ("nodes", "slurm")

    def __init__(self, name: str, least: float, most: float):
        self.name, self.range = f"cut {name}", (least, most)

    def strike(self, trial) -> None:
        node = trial.rng.randrange(trial.rig.nodes)
        duration = trial.rng.uniform(*self.range)
        trial.wait_for_moment()
        trial.note(f"cut node {node}")
        trial.rig.cut(node)
        if duration > trial.lease:
            trial.lose({r for r in range(trial.rig.ranks) if trial.rig.node(r) == node})
        if not trial.begun:
            trial.lose_all()  # the launcher itself starts nothing on a node that is cut off
        trial.sleep(duration, even_if_over=True)
        trial.note(f"heals after {duration:.1f} s")
        trial.rig.heal(node)


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
        node = trial.rng.randrange(trial.rig.nodes)
        how = trial.rng.choice(["folder", "folder replaced", "part"])
        trial.wait_for_moment()
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
        trial.sleep(trial.rng.uniform(0, 1 + trial.job.seconds))
        trial.struck = trial.session.running()
        trial.note("a second job begins")
        self.other = trial.job.begin(trial.log("other"))

    def conclude(self, trial) -> None:
        self.code = self.other.wait(trial.limit)
        trial.note(f"the second job exits {self.code}")
        self.other.finish()

    def complaints(self, trial) -> list[str]:
        if self.code is None:
            return ["the second job hangs"]
        over = all(c.complete for c in trial.job.comparisons().values())
        return [] if over or self.code else ["the second job exits 0, and copies are incomplete"]


FAULTS = [
    Fault, lambda: KillRank("receiver"), lambda: KillRank("source"), lambda: KillRank("rank 0"),
    KillSupervisor, KillLauncher, lambda: KillNode(False), lambda: KillNode(True),
    lambda: Stop("short", 0.5, 4), lambda: Stop("long", 11, 15), Interrupt,
    lambda: Cut("short", 0.5, 4), lambda: Cut("long", 11, 15), lambda: FullDisk(True),
    lambda: FullDisk(False), DamagedPart, SourceChanges, Unreadable, Different, Moved, TwoJobs,
]
