"""One trial: a seed decides what runs where, what goes wrong and when. Then a second run must work."""

import os
import random
import shutil
import signal
import time
from pathlib import Path

import verdict
from faults import FAULTS
from jobs import JOBS
from rigs import RIGS, kill, marked_processes


def campaign() -> str:
    """Four letters and digits, by which host names differ from those of another campaign."""
    return "".join("0123456789abcdefghijklmnopqrstuvwxyz"[os.getpid() // 36**place % 36]
                   for place in range(4))


class Trial:
    lease = 10

    def __init__(self, seed: int, root: Path, logs: Path):
        self.seed, self.rng = seed, random.Random(seed)
        make_fault = FAULTS[seed % len(FAULTS)]
        self.fault = make_fault()
        turn = seed // len(FAULTS)
        rig = RIGS[self.fault.rigs[turn % len(self.fault.rigs)]]
        self.missing = rig.missing()
        nodes = self.rng.randrange(3, 7) if rig.name == "plain" else self.rng.randrange(3, 5)
        per_node = self.rng.choice([1, 1, 2])
        self.rig = rig(root / f"t{campaign()}{seed % 1_000_000}x", nodes, per_node)
        self.job = JOBS[self.rng.choice(self.fault.jobs)](self.rig, self.rng)
        self.logs = logs / str(seed)
        self.limit, self.began = float(os.environ.get("LIMIT") or 100), time.monotonic()
        self.launcher_limit = 30.0  # seconds that a job that is asked to end may take
        self.notes: list[str] = []
        self.harmed: set[int] = set()
        self.struck = self.all_lost = self.begun = self.early = self.may_be_silent = False
        self.interrupted = self.killed_outright = self.exit_code_means_nothing = False
        self.stopped = False
        self.findings = verdict.Findings()

    kind = property(lambda self: self.fault.name)
    launch = property(lambda self: self.rig.name)

    def log(self, name: str) -> Path:
        return self.logs / name

    def note(self, words: str) -> None:
        self.notes.append(f"{time.monotonic() - self.began:6.2f} s  {words}")

    def run(self) -> verdict.Findings:
        shutil.rmtree(self.logs, ignore_errors=True)
        self.logs.mkdir(parents=True)
        try:
            self.rig.up()
            self.fault.arrange(self)
            self.job.prepare()
            self.fault.prepare(self)
            self.first_run()
            self.fault.repair(self)
            self.second_run()
        except Exception as error:
            self.note(f"the trial itself failed: {error!r}")
            self.findings.add("hang", f"the trial itself failed: {error!r}")
        finally:
            self.rig.down()
            self.note(f"{self.findings}" or "good")
            words = [f"seed {self.seed}: {self.kind}, {self.launch}: {self.job.describe()}"]
            self.log("notes").write_text("\n".join(words + self.notes) + "\n")
        return self.findings

    def first_run(self) -> None:
        self.note("begins")
        self.session = self.job.begin(self.log("first"))
        self.fault.strike(self)
        code, comparisons = self.end("first")
        copies = set() if self.all_lost else set(comparisons) - self.harmed
        demands = verdict.Demands(
            copies, not self.harmed and not self.all_lost, self.exit_code_means_nothing,
            self.may_be_silent or self.early, self.interrupted)
        self.judge(code, comparisons, demands, "first")
        for words in self.fault.complaints(self):
            self.findings.add("wrong", words)
        if not self.killed_outright:
            for words in self.rig.leftovers():
                self.findings.add("leftover", words)

    def stop(self) -> None:
        """Ends the trial soon, so that its rig goes."""
        self.stopped = True
        for process in marked_processes(self.rig.mark):
            kill(process, signal.SIGKILL)

    def second_run(self) -> None:
        if self.stopped:
            return
        if "hang" in self.findings.bad:
            for process in self.rig.rank_processes().values():
                kill(process, signal.SIGKILL)
        self.note("second run begins")
        self.session = self.job.begin(self.log("second"), again=True)
        code, comparisons = self.end("second")
        again = verdict.Findings()
        self.findings, first = again, self.findings
        self.judge(code, comparisons, verdict.Demands(set(comparisons)), "second")
        if self.killed_outright:
            self.rig.living_processes()
            for path in self.rig.sockets():
                again.add("leftover", f"{path}, which the next job of this user removes")
            self.rig.clean(self.log("clean"))
        for words in self.rig.leftovers():
            again.add("leftover", words)
        self.findings, leftover = first, again.bad.pop("leftover", [])
        for words in leftover:
            self.findings.add("leftover", f"after the second run: {words}")
        if again.bad:
            self.findings.add("second run", str(again))

    def end(self, name: str):
        code = self.session.wait(self.limit)
        if name == "first":
            self.fault.conclude(self)
        comparisons = self.job.comparisons()
        self.note(f"exit {code}, complete: {[c for c, r in comparisons.items() if r.complete]} "
                  f"of {sorted(comparisons)}")
        complaint = self.session.finish(self.launcher_limit)
        if complaint and code is not None:
            self.findings.add("hang", f"{complaint} ({name} run)")
        return code, comparisons

    def judge(self, code, comparisons, demands, name: str) -> None:
        summary = Path(self.job.summary) if self.job.name == "stage" else None
        found = verdict.judge(code, comparisons, demands, self.log(name), summary,
                              self.job.copy_of)
        for column, words in found.bad.items():
            for word in words:
                self.findings.add(column, word)
        self.findings.noise += found.noise
        if summary and summary.exists():
            summary.rename(self.log(f"{name}.json"))

    # What faults need

    def wait_for_moment(self) -> None:
        """Waits until a random moment: most are in the middle of the job."""
        self.early = early = self.rng.random() < 0.1
        share = self.rng.uniform(0, 0.95)
        if early:
            self.sleep(share)
        else:
            deadline = time.monotonic() + 20
            while self.session.running() and time.monotonic() < deadline and not (
                    self.job.begun() and self.job.progress() >= share):
                time.sleep(0.02)
        self.begun = not early
        self.struck = self.session.running()

    def sleep(self, duration: float, even_if_over: bool = False) -> None:
        deadline = time.monotonic() + duration
        while time.monotonic() < deadline and (even_if_over or self.session.running()):
            time.sleep(min(0.02, max(0.0, deadline - time.monotonic())))

    def signal_rank(self, rank: int, number: int, supervisor: bool = False) -> int:
        """Returns the process, or one that is none where the rank has not begun or is over."""
        process = self.rig.rank_processes(supervisor).get(rank)
        what = "supervisor of rank" if supervisor else "rank"
        self.note(f"{signal.Signals(number).name} to {what} {rank}, process {process}")
        if process is None:
            return 2**22 + 1
        kill(process, number)
        return process

    def lose(self, ranks: set[int], sources: bool = True) -> None:
        """These ranks are not expected to finish, nor are others when no source is left."""
        self.harmed |= {self.job.copy_of(rank) for rank in ranks}
        if not self.begun or (sources and self.job.holders <= ranks):
            self.lose_all()

    def harm_node(self, node: int) -> None:
        ranks = {r for r in range(self.rig.ranks) if self.rig.node(r) == node}
        self.harmed |= {self.job.copy_of(rank) for rank in ranks}

    def lose_all(self) -> None:
        self.all_lost = True
