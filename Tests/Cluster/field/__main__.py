"""The campaign: trials of mpiswarm with faults, several at a time, and a table of what came of them.

CAMPAIGN=N runs N trials, SEED=S that one alone, FIRST=S begins with seed S, JOBS=N runs so many at a
time; KINDS, LAUNCHES and COMMANDS, as in KINDS="kill node,cut long", keep only those; LIMIT is how
many seconds a job may take. Logs stay in .build/field."""

import collections
import concurrent.futures
import os
import shutil
import signal
import sys
import tempfile
import time
from pathlib import Path

import verdict
from rigs import CLUSTER, PROGRAM
from trial import Trial


def main() -> int:
    if not os.access(PROGRAM, os.X_OK):
        print(f"test-field: no program {PROGRAM}; 'make build' makes it", file=sys.stderr)
        return 2
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    alone = os.environ.get("SEED")
    first = int(alone or os.environ.get("FIRST") or 1)
    count = 1 if alone else int(os.environ.get("CAMPAIGN") or 42)
    logs = Path(os.environ.get("LOGS") or CLUSTER.parent.parent / ".build/field")
    root = Path(tempfile.mkdtemp(prefix=f"field.{os.getpid()}.", dir="/tmp"))
    try:
        return campaign(first, count, root, logs)
    finally:
        shutil.rmtree(root, ignore_errors=True)


def campaign(first: int, count: int, root: Path, logs: Path) -> int:
    began = time.monotonic()
    trials, skipped = [], collections.Counter()
    for seed in range(first, first + count * 3000):
        if len(trials) + sum(skipped.values()) == count:
            break
        trial = Trial(seed, root, logs)
        if not all(wanted(*choice) for choice in (
                ("KINDS", trial.kind), ("LAUNCHES", trial.launch), ("COMMANDS", trial.job.name))):
            continue
        if trial.missing:
            skipped[f"{trial.launch}: {trial.missing}"] += 1
        else:
            trials.append(trial)
    with concurrent.futures.ThreadPoolExecutor(int(os.environ.get("JOBS") or 4)) as pool:
        running = {pool.submit(timed_run, trial): trial for trial in trials}
        try:
            for future in concurrent.futures.as_completed(running):
                report(running[future], future.result(), len(trials) == 1)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            for trial in trials:
                trial.stop()
            raise
    table(trials)
    bad = sum(1 for trial in trials if trial.findings.bad)
    for words, number in skipped.items():
        print(f"skipped {number} trials over {words}")
    print(f"{len(trials)} trials from seed {first}, {bad} bad, {time.monotonic() - began:.0f} s; "
          f"logs in {logs}")
    return 1 if bad else 0


def wanted(variable: str, choice: str) -> bool:
    return choice in (os.environ.get(variable) or choice).split(",")


def timed_run(trial: Trial) -> float:
    trial.began = time.monotonic()
    trial.run()
    return time.monotonic() - trial.began


def report(trial: Trial, seconds: float, alone: bool) -> None:
    if alone:
        print(trial.log("notes").read_text(), end="")
    elif trial.findings.bad:
        print(f"FAIL  seed {trial.seed}, {trial.kind}, {trial.launch}, {seconds:.0f} s: "
              f"{trial.findings}\n      replay: SEED={trial.seed} make test-field", flush=True)


def table(trials: list[Trial]) -> None:
    """A line for each kind of fault and launch: trials, those whose fault met a running job, those
    with each kind of finding, and lines of others on standard error. It is Markdown, of at most 100
    columns."""
    rows = collections.defaultdict(collections.Counter)
    for trial in trials:
        for key in ((trial.kind, trial.launch), ("all", "")):
            rows[key]["trials"] += 1
            rows[key]["struck"] += trial.struck
            rows[key]["noise"] += trial.findings.noise
            for column in trial.findings.bad:
                rows[key][column] += 1
    headings = {"trials": "jobs", "struck": "hit", **{column: column for column in verdict.COLUMNS},
                "leftover": "left", "second run": "again", "noise": "noise"}
    total = rows.pop(("all", ""), {})
    print("")
    for cells in [["fault", "rig", *headings.values()], ["---"] * (len(headings) + 2),
                  *([kind, launch, *(str(row.get(column, 0)) for column in headings)]
                    for (kind, launch), row in [*sorted(rows.items()), (("all", ""), total)])]:
        print(f"| {' | '.join(cells)} |")


if __name__ == "__main__":
    sys.exit(main())
