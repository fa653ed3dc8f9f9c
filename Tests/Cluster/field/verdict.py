"""What is wrong with the end of a job, in words and by the columns of the table."""

import json
import re
from dataclasses import dataclass, field
from pathlib import Path

COLUMNS = ["hang", "dishonest", "wrong", "unfinished", "silent", "leftover", "second run"]

# mpirun and srun add these to a failure, which is not what a transport prints. The last two are of
# mpirun's way to start its daemons: a race that it warns of, and the shell whose node is killed.
LAUNCHER = re.compile(
    r"^(-{20,}|srun: .*|slurmstepd(-\S+)?: .*|Primary job  ?terminated.*|a non-zero exit code.*|\s*"
    r"|mpirun (detected|noticed) that .*|the job to be terminated.*|\s+Process name: .*"
    r"|\s+Exit code: .*|An interrupted .*|ORTE has lost communication with a remote daemon\."
    r"|\s+HNP daemon   : .*|\s+Remote daemon: .*|This is usually due to either a failure of the TCP.*"
    r"|connection to the node, or possibly an .*|the daemon itself\. We cannot recover .*"
    r"|therefore will terminate the job\.|.* plm:rsh: Warning: setpgid.*"
    r"|\S+/rsh: line \d+: +\d+ Killed .*)$")
RESULT = re.compile(r"^(\d+) of \1 (copies|files)", re.MULTILINE)
CRASH = re.compile(r"Fatal error|Segmentation fault|core dumped|Backtrace|\*\*\* Process received")


@dataclass
class Demands:
    """What a run has to fulfil. `copies` are those that must be complete whatever happened."""

    copies: set[int]
    success: bool = True
    code_means_nothing: bool = False
    may_be_silent: bool = False
    says_interrupted: bool = False


@dataclass
class Findings:
    bad: dict[str, list[str]] = field(default_factory=dict)
    noise: int = 0

    def add(self, column: str, words: str) -> None:
        self.bad.setdefault(column, []).append(words)

    def __str__(self) -> str:
        return "; ".join(f"{column}: {', '.join(words)}" for column, words in self.bad.items())


def judge(code: int | None, comparisons: dict, demands: Demands, log: Path,
          summary: Path | None, copy_of) -> Findings:
    findings = Findings()
    if code is None:
        findings.add("hang", "ended by the trial")
    incomplete = {copy for copy, result in comparisons.items() if not result.complete}
    for copy, result in comparisons.items():
        for name in result.wrong[:3]:
            findings.add("wrong", f"copy {copy}: {name}")
    if code == 0 and incomplete and not demands.code_means_nothing:
        findings.add("dishonest", f"exit 0 without copies {sorted(incomplete)}")
    if code not in (0, None) and demands.success:
        findings.add("dishonest", f"exit {code} though nothing stood in the way")
    for copy in sorted(incomplete & demands.copies):
        if code is not None:
            missing = comparisons[copy].missing + comparisons[copy].wrong
            findings.add("unfinished", f"copy {copy} lacks {', '.join(missing[:3])}")
    claims(findings, incomplete, len(comparisons), log, summary, copy_of)
    if code == 0 and not incomplete:
        for copy, result in comparisons.items():
            if result.parts:
                findings.add("leftover", f"copy {copy}: {', '.join(result.parts[:3])}")
    words(findings, code, demands, log)
    return findings


def claims(findings: Findings, incomplete: set, count: int, log: Path, summary: Path | None,
           copy_of) -> None:
    """What the job says of its copies must be so."""
    said = re.findall(r"(\d+) of (\d+) copies", both(log))
    if said and int(said[-1][0]) > count - len(incomplete):
        findings.add("dishonest", f"says {said[-1][0]} copies, {count - len(incomplete)} are there")
    if summary is None or not summary.exists():
        return
    content = json.loads(summary.read_text())
    if content["complete"] and incomplete:
        findings.add("dishonest", "the summary says complete")
    for rank in content["ranks"]:
        if rank["copy"] and rank["failure"] is None and copy_of(rank["rank"]) in incomplete:
            findings.add("dishonest", f"the summary says that rank {rank['rank']} has its copy")


def words(findings: Findings, code: int | None, demands: Demands, log: Path) -> None:
    lines = Path(f"{log}.err").read_text(errors="replace").splitlines()
    if Path(f"{log}.get.err").exists():
        lines += Path(f"{log}.get.err").read_text(errors="replace").splitlines()
    ours = [line for line in lines if line.startswith("mpiswarm:")]
    foreign = [line for line in lines if not line.startswith("mpiswarm:")]
    findings.noise = sum(1 for line in foreign if not LAUNCHER.match(line))
    if any(CRASH.search(line) for line in lines):
        findings.add("silent", "a process crashed")
    # A job may end, or print its result, before the launcher passes the signal on.
    is_late = demands.says_interrupted and (
        code == 0 and not demands.code_means_nothing or RESULT.search(both(log)))
    if is_late:
        return
    if code not in (0, None) and not ours and not demands.may_be_silent:
        findings.add("silent", f"exit {code} without a line of ours")
    if demands.says_interrupted and not any("interrupted" in line for line in ours):
        findings.add("silent", "no line says that it was interrupted")


def both(log: Path) -> str:
    return "".join(Path(f"{log}.{end}").read_text(errors="replace") for end in ("out", "err"))
