"""What a job runs on: one machine, pretend nodes, or a Slurm cluster of them."""

import os
import signal
import subprocess
import time
from pathlib import Path

CLUSTER = Path(__file__).resolve().parent.parent
PROGRAM = Path(os.environ.get("MPISWARM") or CLUSTER.parent.parent / ".build/release/mpiswarm")
MARK = "FIELD_TRIAL"


def marked_processes(mark: str) -> dict[int, dict[str, str]]:
    """The environments of the living processes that belong to a trial."""
    found = {}
    for entry in os.listdir("/proc"):
        if not entry.isdigit():
            continue
        try:
            text = Path("/proc", entry, "environ").read_bytes().decode(errors="replace")
        except OSError:
            continue
        if f"{MARK}={mark}\0" in text:
            found[int(entry)] = dict(w.split("=", 1) for w in text.split("\0") if "=" in w)
    return found


def parent(process: int) -> int:
    try:
        return int(Path("/proc", str(process), "stat").read_text().rsplit(")", 1)[1].split()[1])
    except OSError:
        return 0


class Rig:
    """`ranks` processes of a job on `nodes` nodes, which are numbered alike."""

    name = "plain"
    launcher = "mpirun"
    per_node = 1

    def __init__(self, folder: Path, nodes: int, per_node: int):
        self.folder, self.nodes, self.mark = folder, nodes, folder.name
        self.ranks = nodes
        self.options: list[str] = []
        self.wrapper: list[str] = []
        self.disks: list[Path] = []

    @classmethod
    def missing(cls) -> str:
        """What this kind of rig lacks on this machine, in words."""
        return "" if os.geteuid() == 0 else "needs root"

    def up(self) -> None:
        for place in ("local", "tmp/run", "logs"):
            (self.folder / place).mkdir(parents=True)
        (self.folder / "tmp/run").chmod(0o700)

    def down(self) -> None:
        for process in marked_processes(self.mark):
            kill(process, signal.SIGKILL)
        for disk in self.disks:
            subprocess.run(["umount", "-l", disk], check=True)
        for entry in os.scandir("/dev/shm"):
            if f".{self.mark}" in entry.name:
                os.unlink(entry)
        subprocess.run(["rm", "-rf", self.folder], check=True)

    # Nodes of this rig are folders: {rank} in a path gives each its own.
    local = property(lambda self: self.folder / "local")
    inside = property(lambda self: f"{self.folder}/local/{{rank}}")
    temporary = property(lambda self: [self.folder / "tmp"])

    def disk(self, node: int) -> Path:
        return self.local / str(node)

    def node(self, rank: int) -> int:
        return rank

    # A host name of its own gives the job's shared memory names that are no other job's.
    named = property(lambda self: ["unshare", "-u", "sh", "-c",
                                   f'hostname {self.mark}; exec "$@"', "job"])

    def command(self, words: list[str]) -> list[str]:
        return [*self.named, "mpirun",
                "--allow-run-as-root", "--oversubscribe", "--bind-to", "none", *self.options,
                "-np", str(self.ranks), *self.wrapper, *words]

    def environment(self) -> dict[str, str]:
        return os.environ | {MARK: self.mark, "TMPDIR": str(self.folder / "tmp"),
                             "XDG_RUNTIME_DIR": str(self.folder / "tmp/run")}

    def start(self, words: list[str], log: Path) -> subprocess.Popen:
        return self.launch(self.command([str(PROGRAM), *words]), log)

    def on_node(self, node: int, words: list[str], log: Path) -> subprocess.Popen:
        return self.launch([*self.named, *words], log)

    def clean(self, log: Path) -> None:
        """Lets a user remove what killed jobs left, when that is more than a minute old."""
        for path in self.leftover_files():
            for file in [path, *path.rglob("*")]:
                os.utime(file, (time.time() - 120,) * 2, follow_symlinks=False)
        for node in range(len(self.temporary)):
            self.on_node(node, [str(PROGRAM), "clean"], log).wait(60)

    def launch(self, command: list[str], log: Path) -> subprocess.Popen:
        with open(f"{log}.out", "wb") as out, open(f"{log}.err", "wb") as err:
            return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=err,
                                    env=self.environment(), start_new_session=True)

    def rank_processes(self, supervisors: bool = False) -> dict[int, int]:
        """The process of each rank: the child of the one that the runtime started, or that one."""
        marked = marked_processes(self.mark)
        numbers = {p: int(e["PMIX_RANK"]) for p, e in marked.items() if "PMIX_RANK" in e}
        return {rank: process for process, rank in numbers.items()
                if (numbers.get(parent(process)) == rank) != supervisors}

    def nodes_with_ranks(self) -> set[int]:
        """The nodes on which the launcher has started something."""
        return {self.node(rank) for rank in self.rank_processes(supervisors=True)}

    def small_disk(self, node: int, size: int) -> None:
        self.disk(node).mkdir(parents=True, exist_ok=True)
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", self.mark, self.disk(node)],
                       check=True)
        self.disks.append(self.disk(node))

    def grow_disk(self, node: int) -> None:
        subprocess.run(["mount", "-o", "remount,size=1g", self.disk(node)], check=True)

    def interrupt(self, process: subprocess.Popen, number: int) -> None:
        kill(process.pid, number)

    def leftovers(self) -> list[str]:
        """What the job left on the machine, when it had a moment to end."""
        found = [f"process {p}: {command_line(p)}" for p in self.living_processes()]
        return found + [str(path) for path in self.leftover_files() + self.sockets()]

    def living_processes(self) -> list[int]:
        """Those that are still there when the job had a moment to end."""
        deadline = time.monotonic() + 5
        while (living := marked_processes(self.mark)) and time.monotonic() < deadline:
            time.sleep(0.1)
        return list(living)

    def sockets(self) -> list[Path]:
        """What ranks of `serve` listen at."""
        return [path for folder in self.temporary for path in folder.glob("run/mpiswarm/*")
                if path.name != "lock"]

    def leftover_files(self) -> list[Path]:
        """What is Open MPI's."""
        memory = [p for p in Path("/dev/shm").iterdir() if f".{self.mark}" in p.name]
        return memory + [p for folder in self.temporary for p in folder.glob("ompi.*/*")]


class Nodes(Rig):
    name = "nodes"

    def __init__(self, folder: Path, nodes: int, per_node: int):
        super().__init__(folder, nodes, per_node)
        self.per_node, self.ranks = per_node, nodes * per_node
        self.rate = "150mbit"

    @classmethod
    def missing(cls) -> str:
        return lacking("ip", "tc", "nsenter", "unshare") or super().missing()

    def tool(self, tool: str, *words: str) -> None:
        subprocess.run([CLUSTER / tool, self.folder, *map(str, words)], check=True,
                       stdout=subprocess.DEVNULL)

    def up(self) -> None:
        self.tool("nodes", "up", str(self.nodes), self.rate)
        (self.folder / "logs").mkdir()

    def down(self) -> None:
        self.disks.clear()
        self.tool("nodes", "down")

    inside = property(lambda self: f"{self.folder}/local")
    temporary = property(lambda self: [self.folder / "temporary" / str(n) for n in range(self.nodes)])

    def disk(self, node: int) -> Path:
        return self.folder / "disk" / str(node)

    def node(self, rank: int) -> int:
        return rank // self.per_node

    def command(self, words: list[str]) -> list[str]:
        hosts = ",".join(f"{self.mark}{i}:{self.per_node}" for i in range(self.nodes))
        return [str(CLUSTER / "nodes"), str(self.folder), "mpirun", "-x", MARK, "--host", hosts,
                "-np", str(self.ranks), *self.options, *self.wrapper, *words]

    def environment(self) -> dict[str, str]:
        return os.environ | {MARK: self.mark}

    def on_node(self, node: int, words: list[str], log: Path) -> subprocess.Popen:
        tool = [str(CLUSTER / "nodes"), str(self.folder), "exec", str(node)]
        return self.launch(tool + words, log)

    def cut(self, node: int) -> None:
        self.tool("nodes", "cut", str(node))

    def heal(self, node: int) -> None:
        self.tool("nodes", "heal", str(node))

    def kill_node(self, node: int) -> None:
        self.tool("nodes", "kill", str(node))

    def revive(self, node: int) -> None:
        """A node that was killed comes back with its disk, but without anything temporary."""
        for folder in self.temporary[node].glob("ompi.*"):
            subprocess.run(["rm", "-rf", folder], check=True)
        for entry in os.scandir("/dev/shm"):
            if f".{self.mark}{node}." in entry.name:
                os.unlink(entry)


class Slurm(Nodes):
    name = "slurm"
    launcher = "srun"

    @classmethod
    def missing(cls) -> str:
        return lacking("slurmctld", "slurmd", "srun", "munged") or super().missing()

    def up(self) -> None:
        self.tool("slurm", "up", str(self.nodes), self.rate)
        (self.folder / "logs").mkdir()

    def command(self, words: list[str]) -> list[str]:
        return [str(CLUSTER / "slurm"), str(self.folder), "srun", "-J", self.mark, "--mpi=pmix",
                "-N", str(self.nodes), "-n", str(self.ranks), "--distribution=block",
                "--overcommit", *self.options, *self.wrapper, *words]

    def interrupt(self, process: subprocess.Popen, number: int) -> None:
        self.tool("slurm", "scancel", "-n", self.mark)

    def revive(self, node: int) -> None:
        super().revive(node)
        self.tool("slurm", "revive", str(node))


RIGS: dict[str, type[Rig]] = {rig.name: rig for rig in (Rig, Nodes, Slurm)}


def kill(process: int, number: int) -> None:
    try:
        os.kill(process, number)
    except ProcessLookupError:
        pass


def command_line(process: int) -> str:
    try:
        return Path("/proc", str(process), "cmdline").read_text().replace("\0", " ")[:120]
    except OSError:
        return "gone meanwhile"


def lacking(*tools: str) -> str:
    paths = os.environ["PATH"].split(":") + ["/usr/sbin", "/sbin"]
    absent = [t for t in tools if not any(os.access(f"{p}/{t}", os.X_OK) for p in paths)]
    return f"needs {', '.join(absent)}" if absent else ""
