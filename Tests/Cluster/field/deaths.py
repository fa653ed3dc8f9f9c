"""Processes and nodes that die, stand still, are interrupted or cut off."""

import signal

from fault import Fault
from rigs import kill


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
        # Slurm's PMIx plugin kills the step when one of several ranks of a node dies: all ranks and
        # supervisors by SIGKILL, so that none removes the sockets.
        if trial.rig.name == "slurm" and trial.rig.per_node > 1:
            trial.lose_all()
            trial.killed_outright = True


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
        # srun lets the others wait in MPI_Init for a rank that died before it, unless it is started
        # with --kill-on-bad-exit: the user has to cancel the job.
        if trial.rig.name == "slurm" and not trial.begun:
            trial.sleep(15)
            if trial.session.running():
                trial.note("scancel")
                trial.rig.interrupt(trial.session.launcher, signal.SIGTERM)


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
            trial.limit += 60 if slurm else 0
        # Whatever its options, srun waits for the tasks of a lost node until Slurm has noticed that
        # loss: SlurmdTimeout of the rig, 30 s, and up to 20 s more.
        self.launcher_limit = trial.launcher_limit
        trial.launcher_limit = trial.limit if slurm else trial.launcher_limit

    def strike(self, trial) -> None:
        trial.wait_for_moment()
        # mpirun waits without end for the daemon of a node that is lost while that starts, whatever
        # the program.
        while trial.session.running() and self.node not in trial.rig.nodes_with_ranks():
            trial.sleep(0.02)
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
        trial.launcher_limit = self.launcher_limit
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
