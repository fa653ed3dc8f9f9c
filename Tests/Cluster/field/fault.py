"""The base of all faults, and the trial without any."""


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
