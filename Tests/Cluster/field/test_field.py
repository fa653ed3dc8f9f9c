"""Shows the campaign doctored ends of jobs: it must complain of each, and of a good end not."""

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
import types
import unittest
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import files
import jobs
import rigs
import verdict
from trial import Trial

HERE = Path(__file__).resolve().parent

# Copies what it is asked to with cp, and does then what FAKE says.
FAKE = """#!/usr/bin/env python3
import os, subprocess, sys, time
fake, sockets = os.environ["FAKE"], os.environ["XDG_RUNTIME_DIR"] + "/mpiswarm"
os.makedirs(sockets, exist_ok=True)
if sys.argv[1] == "clean":
    for name in os.listdir(sockets):
        os.remove(sockets + "/" + name)
    sys.exit()
rank = os.environ["PMIX_RANK"]
words = [w for w in sys.argv[1:] if w.startswith("/") and not w.endswith("summary.json")]
target = words.pop().replace("{rank}", rank)
if fake == "socket":
    open(sockets + "/field.1", "w").close()
if target.endswith("/"):
    os.makedirs(target, exist_ok=True)
if not (fake == "missing" and rank == "1"):
    for source in words:
        subprocess.run(["cp", "-aT", source, target + os.path.basename(source)]
                       if target.endswith("/") else ["cp", "-aT", source, target], check=True)
if rank == "1":
    files = sorted(os.path.join(d, n) for d, _, names in os.walk(target) for n in names)
    file = next((f for f in files if os.path.getsize(f) and not os.path.islink(f)), target)
    if fake == "byte":
        times = os.stat(file)
        data = bytearray(open(file, "rb").read())
        data[-1] ^= 1
        open(file, "wb").write(data)
        os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))
    if fake == "short":
        os.truncate(file, os.path.getsize(file) - 1)
    if fake == "part":
        open(os.path.dirname(target.rstrip("/")) + "/.x.mpiswarm-part", "w").close()
    if fake == "process":
        subprocess.Popen(["sleep", "60"], start_new_session=True, stdout=subprocess.DEVNULL,
                         stderr=subprocess.DEVNULL)
    if fake == "shm":
        open(f"/dev/shm/left.{os.uname().nodename}.0", "w").close()
    if fake == "claims":
        print("9 of 9 copies")
    if fake == "crash":
        print("Fatal error: index out of range", file=sys.stderr)
    if fake == "code":
        sys.exit(1)
    if fake == "hang":
        time.sleep(1000)
"""


@unittest.skipUnless(os.geteuid() == 0, "needs root")
class DoctoredJobs(unittest.TestCase):
    """The whole campaign with a program that is none, in a trial without any fault."""

    @classmethod
    def setUpClass(cls):
        cases = ["none", "byte", "short", "missing", "code", "claims", "crash", "part", "process",
                 "shm", "hang", "socket"]
        with ThreadPoolExecutor(4) as pool:
            # These two wait for bytes that the doctored program never puts into a part folder.
            cls.killed = pool.submit(cls.outcome, "socket", "kill mpirun")
            cls.two = pool.submit(cls.outcome, "none", "two jobs")
            cls.outcomes = dict(zip(cases, pool.map(cls.outcome, cases)))

    @staticmethod
    def begin(folder: str, fake: str, kind: str = "none") -> subprocess.Popen:
        program = Path(folder, "fake")
        program.write_text(FAKE)
        program.chmod(0o755)
        return subprocess.Popen(
            [sys.executable, "-B", HERE], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True,
            env=os.environ | {"MPISWARM": str(program), "FAKE": fake, "LOGS": f"{folder}/logs",
                              "LIMIT": "5" if fake == "hang" else "60", "CAMPAIGN": "1",
                              "KINDS": kind, "LAUNCHES": "plain", "COMMANDS": "stage",
                              "FIRST": "1", "SEED": ""})

    @classmethod
    def outcome(cls, fake: str, kind: str = "none"):
        with tempfile.TemporaryDirectory() as folder:
            campaign = cls.begin(folder, fake, kind)
            said, _ = campaign.communicate(timeout=300)
            return campaign.returncode, said

    def expect(self, fake: str, words: str) -> None:
        code, said = self.outcomes[fake]
        self.assertIn(words, said)
        self.assertEqual(code, 1, said)

    def test_good(self):
        code, said = self.outcomes["none"]
        self.assertEqual(code, 0, said)
        self.assertIn("1 trials from seed 1, 0 bad", said)

    def test_wrong_byte(self):
        self.expect("byte", "wrong: copy 1")

    def test_short_file(self):
        self.expect("short", "wrong: copy 1")

    def test_missing_copy_with_exit_0(self):
        self.expect("missing", "dishonest: exit 0 without copies [1]")

    def test_failure_without_a_fault(self):
        self.expect("code", "exit 1 though nothing stood in the way")
        self.expect("code", "without a line of ours")

    def test_claim_of_too_many_copies(self):
        self.expect("claims", "says 9 copies")

    def test_socket(self):
        self.expect("socket", "run/mpiswarm/field.1")

    def test_socket_of_a_killed_job_that_only_clean_removes(self):
        code, said = self.killed.result()
        self.assertIn("field.1, which the next job of this user removes", said)
        self.assertEqual(said.count("leftover:"), 1, said)
        self.assertEqual(code, 1, said)

    def test_second_job_beside_the_first(self):
        code, said = self.two.result()
        self.assertIn("0 bad", said)
        self.assertEqual(code, 0, said)

    def test_crash(self):
        self.expect("crash", "a process crashed")

    def test_part_left_after_success(self):
        self.expect("part", "leftover: copy 1: .x.mpiswarm-part")

    def test_process_left(self):
        self.expect("process", "leftover: process")

    def test_shared_memory_left(self):
        self.expect("shm", "leftover: /dev/shm/left.")

    def test_terminated_campaign_leaves_nothing(self):
        with tempfile.TemporaryDirectory() as folder:
            campaign = self.begin(folder, "hang")
            deadline = time.monotonic() + 30
            while not list(Path(folder, "logs").glob("*/first.out")):
                self.assertLess(time.monotonic(), deadline)
                time.sleep(0.05)
            campaign.terminate()
            campaign.communicate(timeout=60)
            self.assertEqual(campaign.returncode, 143)
            self.assertEqual(list(Path("/tmp").glob(f"field.{campaign.pid}.*")), [])
            running = [p for p in Path("/proc").glob("[0-9]*/cmdline") if folder in text(p)]
            self.assertEqual(running, [])

    def test_hang(self):
        self.expect("hang", "hang: ended by the trial")


def text(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:
        return ""


class Judgement(unittest.TestCase):
    """Rules about ends that no trial without a fault has."""

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.log = Path(self.folder.name, "log")
        self.say("", "")

    def tearDown(self):
        self.folder.cleanup()

    def say(self, out: str, err: str) -> None:
        Path(f"{self.log}.out").write_text(out)
        Path(f"{self.log}.err").write_text(err)

    def judge(self, code, missing=(), copies=(0, 1), summary=None, **demands):
        results = {copy: files.Comparison(["x"] if copy in missing else []) for copy in (0, 1)}
        return verdict.judge(code, results, verdict.Demands(set(copies), **demands), self.log,
                             summary, lambda rank: rank)

    def test_unfinished_survivor(self):
        self.say("", "mpiswarm: rank 1 was killed\n")
        found = self.judge(1, missing=[0, 1], copies=[0], success=False)
        self.assertEqual(str(found), "unfinished: copy 0 lacks x")

    def test_lost_copy_and_honest_code(self):
        self.say("1 of 2 copies\n", "mpiswarm: rank 1 was killed\n")
        self.assertFalse(self.judge(1, missing=[1], copies=[0], success=False).bad)

    def test_summary_that_claims_too_much(self):
        summary = Path(self.folder.name, "summary")
        summary.write_text('{"complete": true, "ranks": [{"rank": 1, "copy": true, '
                           '"failure": null}]}')
        found = self.judge(0, missing=[1], copies=[], summary=summary, success=False,
                           code_means_nothing=True)
        self.assertEqual(found.bad["dishonest"], [
            "the summary says complete", "the summary says that rank 1 has its copy"])

    def test_interrupt_without_a_word(self):
        self.say("", "mpiswarm: something\n")
        found = self.judge(130, success=False, says_interrupted=True)
        self.assertIn("no line says that it was interrupted", found.bad["silent"])

    def test_interrupt_that_comes_too_late(self):
        self.say("", "")
        self.assertFalse(self.judge(0, success=False, says_interrupted=True).bad)
        found = self.judge(0, success=False, says_interrupted=True, code_means_nothing=True)
        self.assertIn("no line says that it was interrupted", found.bad["silent"])
        self.say("2 of 2 copies of 3 files\n", "")
        self.assertFalse(self.judge(143, success=False, says_interrupted=True).bad)
        self.say("1 of 2 copies of 3 files\n", "")
        found = self.judge(143, success=False, says_interrupted=True)
        self.assertIn("no line says that it was interrupted", found.bad["silent"])

    def test_noise(self):
        self.say("", "mpiswarm: x\n" + "-" * 74 + "\n[a:1] More: 17\nsrun: error: task 1\nfoo\n")
        self.assertEqual(self.judge(1, success=False).noise, 2)

    def test_comparison(self):
        with tempfile.TemporaryDirectory() as place:
            tree = Path(place, "tree")
            files.make_tree(tree, random.Random(1), 100_000)
            expected = files.snapshot(tree, "tree")
            self.assertTrue(files.compare(Path(place), expected, {}, {}).complete)
            small = tree / "small/1"
            small.chmod(0o600)
            self.assertEqual(files.compare(Path(place), expected, {}, {}).wrong, ["tree/small/1"])
            before = {"tree/small/1": files.describe(small)}
            found = files.compare(Path(place), expected, {}, before)
            self.assertEqual((found.missing, found.wrong), (["tree/small/1"], []))
            self.assertTrue(files.compare(Path(place), expected, before, {}).complete)
            (tree / "more").touch()
            self.assertIn("tree/more", files.compare(Path(place), expected, {}, {}).wrong)

    def test_serve_that_does_not_end(self):
        with tempfile.TemporaryDirectory(prefix="t") as folder:
            rig = rigs.Rig(Path(folder), 2, 1)
            self.assertEqual(self.complaint(rig, "true"), "")
            self.assertEqual(self.complaint(rig, "exec sleep 60"),
                             "mpirun did not end after its ranks")
            # Rank 0 listens at no socket, so that it is the one that is not asked.
            self.assertEqual(self.complaint(rig, "PMIX_RANK=0 sleep 60"),
                             "ranks [0] did not end when they were asked to")
            rig.down()

    def complaint(self, rig, command: str) -> str:
        service = jobs.Service.__new__(jobs.Service)
        service.job, service.log = types.SimpleNamespace(rig=rig), self.log
        service.launcher = rig.launch(["sh", "-c", command], self.log)
        while "PMIX_RANK" in command and not rig.rank_processes(supervisors=True):
            pass
        return service.finish(1)

    def test_ranks_and_leftovers(self):
        with tempfile.TemporaryDirectory(prefix="t") as folder:
            rig = rigs.Rig(Path(folder), 2, 1)
            process = rig.launch(["env", "PMIX_RANK=1", "sh", "-c", "sleep 60 & wait"], self.log)
            while len(rigs.marked_processes(rig.mark)) < 2:
                pass
            child = rig.rank_processes()[1]
            self.assertEqual(rig.rank_processes(supervisors=True), {1: process.pid})
            self.assertEqual(rigs.parent(child), process.pid)
            self.assertEqual(len(rig.leftovers()), 2)
            for number in (child, process.pid):
                os.kill(number, signal.SIGKILL)
            process.wait()
            self.assertEqual(rig.leftovers(), [])


if __name__ == "__main__":
    unittest.main()
