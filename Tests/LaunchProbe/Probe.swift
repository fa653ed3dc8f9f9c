import CMPI
import Glibc
import Launch

/// One rank of the probe.
struct Probe {
    let deed: Deed
    let chosen: Int32

    static func say(_ line: String) {
        let bytes = Array("\(line)\n".utf8)
        _ = unsafe write(STDOUT_FILENO, bytes, bytes.count)
    }

    func run(_ worker: consuming Worker) throws(LaunchError) -> Int32 {
        if deed == .echo {
            CommandLine.arguments.dropFirst().forEach(Self.say)
            return 5
        }
        let watch = try SignalWatch()
        if deed == .killEarly, rankBeforeStart == chosen { kill(getpid(), SIGKILL) }
        if deed == .killByHand { kill(getpid(), SIGKILL) }

        MPI_Init(nil, nil)
        worker.supervisor.report(.initialised)
        var rank: Int32 = 0
        unsafe MPI_Comm_rank(cmpi_comm_world(), &rank)
        try watch.start { [rank] signal in
            Self.say("rank \(rank) got \(signal)")
            _exit(signal.exitCode)
        }
        unsafe MPI_Barrier(cmpi_comm_world())
        if deed == .pause { pause(rank) }
        if deed == .loseLauncher { loseLauncher(rank) }
        if deed == .endLauncher, rank == chosen {
            worker.supervisor.report(.launcherMayEnd)
            _exit(0)
        }
        if rank == chosen {
            if deed == .killOwing { worker.supervisor.report(.resultOwed) }
            if deed == .killReported { worker.supervisor.report(.resultReported(code: 7)) }
        }
        let code = rank == chosen ? perform() : 0
        usleep(waitsForSignal ? 10_000_000 : 300_000)
        if rank == chosen, [.hangAtEnd, .hangAtEndWith7].contains(deed) {
            try worker.supervisor.end(
                with: deed == .hangAtEnd ? 0 : 7, after: .milliseconds(100))
            while true { usleep(1_000_000) }
        }
        Self.say("rank \(rank) done")
        MPI_Finalize()
        if deed == .killLate, rank == chosen { kill(getpid(), SIGKILL) }
        return code
    }

    private var waitsForSignal: Bool {
        [.killSupervisor, .endSupervisor, .interruptJob, .loseLauncher, .endLauncher]
            .contains(deed)
    }

    private var rankBeforeStart: Int32? {
        unsafe getenv("PMIX_RANK").flatMap { unsafe Int32(String(cString: $0)) }
    }

    private func perform() -> Int32 {
        switch deed {
        case .kill, .killOwing, .killReported: kill(getpid(), SIGKILL)
        case .trap: preconditionFailure("as asked")
        case .abort: unsafe MPI_Abort(cmpi_comm_world(), 3)
        case .killSupervisor: kill(getppid(), SIGKILL)
        case .endSupervisor: kill(getppid(), SIGTERM)
        case .interruptJob: kill(launcher, SIGINT)
        case .exit7: return 7
        case .mutter: mutter()
        case .rest, .killEarly, .killByHand, .killLate, .pause, .echo, .loseLauncher, .endLauncher,
            .hangAtEnd, .hangAtEndWith7, .endSupervisorLate:
            break
        }
        return 0
    }

    /// The chosen rank stops; the next one, which knows its pid, resumes it.
    private func pause(_ rank: Int32) {
        var size: Int32 = 0
        unsafe MPI_Comm_size(cmpi_comm_world(), &size)
        var process = getpid()
        unsafe MPI_Bcast(
            &process, Int32(MemoryLayout<pid_t>.size), cmpi_byte(), chosen, cmpi_comm_world())
        if rank == chosen { kill(process, SIGSTOP) }
        if rank == (chosen + 1) % size {
            usleep(100_000)
            kill(process, SIGCONT)
        }
    }

    private func mutter() {
        let lines = [
            "[host][[6,1],2][../../opal/mca/btl/tcp/btl_tcp_frag.c:135:send] writev failed",
            "ours", "[host:7] PMIX ERROR: BAD-PARAM", "[1] ours too", "no end",
        ]
        let bytes = Array(lines.joined(separator: "\n").utf8)
        _ = unsafe write(STDERR_FILENO, bytes, bytes.count)
        kill(getpid(), SIGKILL)
    }

    private func loseLauncher(_ rank: Int32) {
        if rank == chosen { kill(launcher, SIGSTOP) }
        unsafe MPI_Barrier(cmpi_comm_world())
        if rank == chosen { kill(getpid(), SIGKILL) }
        guard rank == chosen + 1 else { return }
        usleep(500_000)
        kill(launcher, SIGKILL)
    }

    /// The supervisor's parent: the second field behind the name in its `stat`.
    private var launcher: pid_t {
        var buffer = [UInt8](repeating: 0, count: 4096)
        let descriptor = unsafe open("/proc/\(getppid())/stat", O_RDONLY)
        let count = unsafe read(descriptor, &buffer, buffer.count)
        close(descriptor)
        let fields =
            String(decoding: buffer.prefix(max(0, count)), as: UTF8.self)
            .split(separator: ")").last?.split(separator: " ") ?? []
        guard fields.count > 1, let parent = pid_t(fields[1]) else { return getpid() }
        return parent
    }
}
