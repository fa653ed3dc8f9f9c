"""Libraries of Tests/Cluster that are loaded into every rank and do harm on one of them."""

import subprocess
import threading
from pathlib import Path

from fault import Fault
from rigs import CLUSTER


class Preloaded(Fault):
    """A library that is loaded into every rank does harm on one of them."""

    jobs = ("stage",)
    library = ""

    def prepare(self, trial) -> None:
        rank = trial.rng.randrange(trial.rig.ranks)
        settings = self.settings(trial, rank)
        trial.note(f"rank {rank} runs with {' '.join(settings)}")
        library = build_library(trial.rig.folder.parent, self.library)
        trial.rig.wrapper = ["env", f"LD_PRELOAD={library}", *settings]
        trial.begun = trial.struck = True
        trial.lose({rank})

    def repair(self, trial) -> None:
        trial.rig.wrapper = []


class FaultyDisk(Preloaded):
    name = "disk fails"
    library = "faulty_disk"

    def settings(self, trial, rank: int) -> list[str]:
        rng = trial.rng
        calls = rng.choice(["pread", "pwrite", "pread,pwrite", "fsync", "ftruncate,fallocate"])
        hows = ["EIO", "EIO", "ENOSPC", "short"] + (["flip", "end"] if calls == "pread" else [])
        return [f"FAULTY_DISK_RANK={rank}", f"FAULTY_DISK_UNDER={trial.rig.folder}/local",
                f"FAULTY_DISK_CALLS={calls}", f"FAULTY_DISK_FROM={rng.choice([1, 3, 10, 30])}",
                f"FAULTY_DISK_COUNT={rng.choice([1, 5, 1000000])}",
                f"FAULTY_DISK_HOW={rng.choice(hows)}"]


class WrongRank(Preloaded):
    name = "wrong rank"
    library = "wrong_rank"

    def settings(self, trial, rank: int) -> list[str]:
        # Not "huge": Open MPI writes past the end of a buffer when such a message arrives by TCP.
        deeds = ["flip", "piece", "have", "silent", "flood", "head", "kind", "length", "short",
                 "stray", "long"]
        deed = trial.rng.choice(deeds)
        if rank == 0 and deed in ("flood", "head", "kind", "length", "short"):
            # Rank 0 alone gives the orders. Where it garbles them, or floods a rank that then no
            # longer reads them, there is no job to finish.
            trial.lose_all()
        return [f"WRONG_RANK={rank}", f"WRONG_RANK_DOES={deed}",
                f"WRONG_RANK_EVERY={trial.rng.choice([1, 1, 3, 10])}",
                f"WRONG_RANK_FROM={trial.rng.choice([1, 1, 10])}"]


BUILDING = threading.Lock()


def build_library(folder: Path, name: str) -> Path:
    library = folder / f"{name}.so"
    with BUILDING:
        if not library.exists():
            subprocess.run(["mpicc", "-shared", "-fPIC", "-O2", "-o", library,
                            CLUSTER / f"{name}.c", "-ldl"], check=True)
    return library
