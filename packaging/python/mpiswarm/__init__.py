"""Stage files onto the nodes of an MPI job, and ask a running `mpiswarm serve` for files.

    import mpiswarm
    result = mpiswarm.stage("dataset", "/scratch/dataset", launcher=["srun", "--mpi=pmix", "-N4"])
    with mpiswarm.serve("/scratch/results", launcher=["mpirun", "-np", "4"]) as job:
        job.get("answer", progress=print)

Pure Python over the documented command line and socket of the program, which the wheel carries.
"""

from __future__ import annotations

import asyncio
import dataclasses
import json
import os
import pathlib
import re
import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator, Sequence
from typing import Any

__all__ = [
    "Failure", "Job", "Progress", "connect", "program", "serve", "stage", "stage_async"]

Launcher = Sequence[str]
# Named out here, since `Job` has a method `list`.
Answers = list[Any]


class Failure(Exception):
    """A command failed; the text is the program's own line."""

    def __init__(self, words: str, status: int = 1) -> None:
        super().__init__(words)
        self.status = status


@dataclasses.dataclass(frozen=True)
class Progress:
    """How far a file is: bytes held, bytes in all, bytes a second."""

    held: int
    total: int
    rate: int


def program() -> str:
    """The path of the program: the wheel's own, or the one in the PATH."""
    own = pathlib.Path(__file__).parent / "bin" / "mpiswarm"
    if own.exists():
        return str(own)
    found = shutil.which("mpiswarm")
    if found is None:
        raise Failure("mpiswarm is not installed: neither in this package nor in the PATH", 127)
    return found


def _own_lines(text: str) -> str:
    lines = [line for line in text.splitlines() if line.startswith("mpiswarm: ")]
    return "\n".join(lines) or text.strip()


def _stage_command(
    source: str | os.PathLike[str] | Sequence[str | os.PathLike[str]],
    destination: str | os.PathLike[str], launcher: Launcher, options: Sequence[str],
) -> list[str]:
    sources = [source] if isinstance(source, (str, os.PathLike)) else list(source)
    return [
        *launcher, program(), "stage", "--json", "-", "--quiet", *options, "--",
        *(os.fspath(each) for each in sources), os.fspath(destination)]


def _result(output: str, errors: str, status: int) -> dict[str, Any]:
    # A launcher may print around it.
    start, end = output.find("{"), output.rfind("}")
    if status == 0 and start >= 0:
        summary: dict[str, Any] = json.loads(output[start:end + 1])
        return summary
    raise Failure(_own_lines(errors) or f"exit code {status}", status)


def stage(
    source: str | os.PathLike[str] | Sequence[str | os.PathLike[str]],
    destination: str | os.PathLike[str], *, launcher: Launcher = ("mpirun",),
    options: Sequence[str] = (), timeout: float | None = None,
) -> dict[str, Any]:
    """Copies onto every node of the job; returns the summary that `--json` writes."""
    command = _stage_command(source, destination, launcher, options)
    done = subprocess.run(command, capture_output=True, text=True, timeout=timeout, check=False)
    return _result(done.stdout, done.stderr, done.returncode)


async def stage_async(
    source: str | os.PathLike[str] | Sequence[str | os.PathLike[str]],
    destination: str | os.PathLike[str], *, launcher: Launcher = ("mpirun",),
    options: Sequence[str] = (),
) -> dict[str, Any]:
    """The same for asyncio. A cancelled task ends the job; the next one continues."""
    command = _stage_command(source, destination, launcher, options)
    process = await asyncio.create_subprocess_exec(
        *command, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE)
    try:
        output, errors = await process.communicate()
    except asyncio.CancelledError:
        process.terminate()
        await process.wait()
        raise
    return _result(output.decode(), errors.decode(), process.returncode or 0)


class Job:
    """A conversation with one rank of a job that `serve` keeps running on this machine."""

    def __init__(self, path: str | os.PathLike[str], name: str, rank: int) -> None:
        self.name, self.rank = name, rank
        self._path = os.fspath(path)
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.connect(self._path)
        self._lines = self._socket.makefile("r", encoding="utf-8")

    def ask(self, *words: str, progress: Callable[[Progress], object] | None = None) -> Answers:
        """Sends a command; returns the objects of the answer, or raises `Failure`."""
        self._socket.sendall(("--json " + " ".join(map(_quoted, words)) + "\n").encode())
        answers: Answers = []
        for line in self._lines:
            answer = json.loads(line)
            if "ok" in answer:
                if answer["ok"]:
                    return answers
                raise Failure(str(answer.get("error", "refused")))
            if progress is not None and "held" in answer:
                progress(Progress(answer["held"], answer["size"], answer.get("rate") or 0))
            else:
                answers.append(answer)
        raise Failure("the job has ended")

    def list(self) -> Answers:
        """All files of the swarm."""
        return self.ask("list")

    def get(
        self, name: str, *, source: int | None = None, to: str | os.PathLike[str] | None = None,
        later: bool = False, progress: Callable[[Progress], object] | None = None,
    ) -> str | None:
        """Fetches a file and returns its path; nothing with `later`, for which `wait` waits."""
        words = ["get", name]
        if source is not None:
            words += ["from", str(source)]
        if to is not None:
            text = os.fspath(to)
            slash = "/" if text.endswith("/") else ""
            words += ["to", os.path.abspath(text) + slash]
        if later:
            words.append("later")
        if progress is not None and not later:
            words.append("progress")
        answers = self.ask(*words, progress=progress)
        paths = [answer["path"] for answer in answers if "path" in answer]
        return paths[-1] if paths else None

    def wait(self, name: str | None = None) -> Answers:
        """Waits for what is fetched later."""
        return self.ask("wait", *([name] if name else []))

    async def get_async(self, name: str, **options: Any) -> str | None:
        """`get` in a thread, over a connection of its own."""
        def fetch() -> str | None:
            with Job(self._path, self.name, self.rank) as other:
                return other.get(name, **options)
        return await asyncio.to_thread(fetch)

    def shutdown(self) -> None:
        """Ends the job."""
        self.ask("shutdown")

    def close(self) -> None:
        self._lines.close()
        self._socket.close()

    def __enter__(self) -> Job:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _quoted(word: str) -> str:
    if "\n" in word:
        raise Failure("a name or path with a line feed cannot be sent", 2)
    if not re.search(r'[\s"\\]', word) and word:
        return word
    return '"' + re.sub(r'(["\\])', r"\\\1", word) + '"'


def _folders() -> Iterator[pathlib.Path]:
    runtime = os.environ.get("XDG_RUNTIME_DIR", f"/run/user/{os.geteuid()}")
    yield pathlib.Path(runtime) / "mpiswarm"
    yield pathlib.Path(f"/tmp/mpiswarm-{os.geteuid()}")


def connect(job: str | None = None, rank: int | None = None) -> Job:
    """Connects to a rank of a job of this machine; by default to the lowest of the only job."""
    found: dict[tuple[str, int], pathlib.Path] = {}
    for folder in _folders():
        for path in folder.glob("*.*") if folder.is_dir() else ():
            name, _, number = path.name.rpartition(".")
            if number.isdigit() and job in (None, name) and rank in (None, int(number)):
                found.setdefault((name, int(number)), path)
    if len({name for name, _ in found}) > 1 and job is None:
        raise Failure(f"several jobs run here: {', '.join(sorted({n for n, _ in found}))}", 2)
    for (name, number), path in sorted(found.items()):
        try:
            return Job(path, name, number)
        except ConnectionRefusedError:
            continue
    raise Failure(f"no such job runs on this machine{f': {job}' if job else ''}", 2)


class serve:
    """Keeps a swarm running for the length of a `with` block, whose value is a `Job`."""

    def __init__(
        self, share: str | os.PathLike[str], *, launcher: Launcher = ("mpirun",),
        job: str | None = None, rank: int | None = None, options: Sequence[str] = (),
    ) -> None:
        self._rank = rank
        name = ["--job", job] if job else []
        self._command = [
            *launcher, program(), "serve", "--share", os.fspath(share), *name, *options]

    def __enter__(self) -> Job:
        self._process = subprocess.Popen(self._command, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        for line in self._process.stdout:
            started = re.match(r"job (\S+): ranks? ", line)
            if started:
                self._job = connect(started[1], self._rank)
                return self._job
        raise Failure("serve did not start", self._process.wait())

    def __exit__(self, *_: object) -> None:
        try:
            self._job.shutdown()
        except (Failure, OSError):
            self._process.terminate()
        self._job.close()
        self._process.communicate()
