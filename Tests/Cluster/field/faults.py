"""What goes wrong in a trial: a seed takes its turn in this list."""

from deaths import Cut, Interrupt, KillLauncher, KillNode, KillRank, KillSupervisor, Stop
from fault import Fault
from libraries import FaultyDisk, WrongRank
from rigs import CLUSTER
from storage import Different, DamagedPart, FullDisk, Moved, SourceChanges, TwoJobs, Unreadable

# Faults by libraries are drawn only where these are.
FAULTS = [
    Fault, lambda: KillRank("receiver"), lambda: KillRank("source"), lambda: KillRank("rank 0"),
    KillSupervisor, KillLauncher, lambda: KillNode(False), lambda: KillNode(True),
    lambda: Stop("short", 0.5, 4), lambda: Stop("long", 11, 15), Interrupt,
    lambda: Cut("short", 0.5, 4), lambda: Cut("long", 11, 15), lambda: FullDisk(True),
    lambda: FullDisk(False), DamagedPart, SourceChanges, Unreadable, Different, Moved, TwoJobs,
    *(fault for fault in (FaultyDisk, WrongRank) if (CLUSTER / f"{fault.library}.c").exists()),
]
