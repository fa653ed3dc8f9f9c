"""Trees of files: making one, describing it, and comparing a copy with what it should be."""

import hashlib
import os
import stat
from dataclasses import dataclass, field
from pathlib import Path

PART = ".mpiswarm-"  # in the names of growing files and of notes about them


@dataclass(frozen=True)
class Entry:
    """A file, link or folder as a copy must have it. Dates of folders change while they fill."""

    kind: str
    digest: str = ""
    mode: int = 0
    date: int = 0


def digest(path: Path) -> str:
    return hashlib.sha1(path.read_bytes()).hexdigest()


def describe(path: Path) -> Entry:
    status = path.lstat()
    if stat.S_ISLNK(status.st_mode):
        return Entry("link", os.readlink(path))
    if stat.S_ISDIR(status.st_mode):
        return Entry("folder")
    return Entry("file", digest(path), stat.S_IMODE(status.st_mode), status.st_mtime_ns)


def snapshot(path: Path, name: str) -> dict[str, Entry]:
    """What is at `path` and below, by names that begin with `name`."""
    entries = {name: describe(path)}
    if path.is_dir() and not path.is_symlink():
        for child in path.iterdir():
            entries |= snapshot(child, f"{name}/{child.name}")
    return entries


@dataclass
class Comparison:
    missing: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)

    @property
    def complete(self) -> bool:
        return not self.missing and not self.wrong


def compare(folder: Path, expected: dict[str, Entry], alternatives: dict[str, Entry],
            there_before: dict[str, Entry]) -> Comparison:
    """Compares what `folder` holds with what it should. `alternatives` are as right as what is
    expected; what was there before the job is not right, but no work of the job's either."""
    result = Comparison()
    found: dict[str, Entry] = {}
    collect(folder, "", found, result.parts)
    for name, entry in expected.items():
        if name not in found:
            result.missing.append(name)
        elif found[name] not in (entry, alternatives.get(name)):
            old = found[name] == there_before.get(name)
            (result.missing if old else result.wrong).append(name)
    result.wrong += [name for name in found if name not in expected]
    return result


def collect(folder: Path, prefix: str, found: dict[str, Entry], parts: list[str]) -> None:
    """Gathers all names below `folder`, those of growing files apart."""
    for child in folder.iterdir() if folder.is_dir() else ():
        name = prefix + child.name
        if PART in child.name:
            parts.append(name)
            continue
        found[name] = describe(child)
        if found[name].kind == "folder":
            collect(child, name + "/", found, parts)


def make_file(path: Path, rng, size: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(rng.randbytes(size))
    os.utime(path, ns=(10**18, rng.randrange(10**18, 17 * 10**17)))


def make_tree(path: Path, rng, size: int) -> None:
    """About `size` bytes: a large file, some of middle size, small ones, links and an empty one."""
    make_file(path / "large.bin", rng, size * 6 // 10)
    for number in range(4):
        make_file(path / f"middle {number}" / "data", rng, size // 10)
    for number in range(20):
        make_file(path / "small" / str(number), rng, rng.randrange(5000))
    make_file(path / "small" / "nothing", rng, 0)
    (path / "small" / "program").write_text("#!/bin/sh\n")
    (path / "small" / "program").chmod(0o755)
    (path / "link").symlink_to("large.bin")
    os.link(path / "small" / "0", path / "second name")


def allocated(folder: Path) -> int:
    """Bytes on the disk below a folder that may change meanwhile."""
    total = 0
    for parent, _, names in os.walk(folder):
        for name in names:
            try:
                total += os.lstat(os.path.join(parent, name)).st_blocks * 512
            except FileNotFoundError:
                pass
    return total
