import CLinux
import Glibc
package import Vocabulary

/// The process that mpirun starts. It runs the real rank as its child and turns the child's death
/// by a signal into a clean end for the runtime, so that the other ranks go on. It never calls
/// MPI.
package struct Supervisor {
    private static let endings: [Signal] = [.terminate, .interrupt, .hangUp]
    private static let forwarded = endings + [.user1, .user2, .resume, .terminalStop]
    /// Longer than mpirun's second between its announcement of the end and SIGTERM.
    private static let announcementSecondsMax = 2

    private let runtime: Runtime?
    private let worker: Int32
    private let launcherLooksMax: Int
    private var lastForwarded: Signal?
    /// mpirun has announced the end of the job, and SIGTERM has not followed yet.
    private var isEndAnnounced = false

    /// Runs this program as a worker with the same arguments and waits for its end. Returns the
    /// exit code: that of the worker; 128 + signal after a forwarded signal, a death before
    /// `MPI_Init` returned, or a farewell that no runtime accepted; after any other death the code
    /// of the worker's reports. Prints one line on such a death.
    ///
    /// `afterEnd` removes what the rank has left, however it ended. `runsHooks` gives the worker a
    /// process that runs commands for it. After a death before `MPI_Init` returned, an mpirun that
    /// has nothing left to do is ended after `launcherLooksMax` seconds.
    package static func supervise(
        runsHooks: Bool = false, launcherLooksMax: Int = 20, afterEnd: (Rank) -> Void = { _ in }
    ) throws(LaunchError) -> Int32 {
        // An ignored SIGCHLD is inherited, and would make the kernel reap the worker unseen.
        signal(SIGCHLD, SIG_DFL)
        // Blocked before the spawn, so that no signal is lost before the first wait.
        let signals = SignalSet(forwarded + [.childChanged])
        let original = try signals.block()
        let runtime = Runtime()
        let pipe = try ReportPipe()
        var relay =
            runtime == nil || RuntimeMessages.areShown ? nil : try ErrorRelay.start()
        var hooks = runsHooks ? try HookPipes() : nil
        var hookRunner: Int32?
        if let ends = hooks?.runnerEnds {
            hookRunner = try Spawn.hookRunner(ends, blocking: original)
        }
        // mpirun signals the whole process group: a worker in our group would get all of them
        // twice. Started by hand it stays in it, to read from the terminal.
        let worker = try Spawn.worker(
            reportingTo: pipe, errors: relay?.workerEnd, blocking: original,
            ownGroup: runtime != nil, hooks: hooks?.workerEnds)
        hooks = nil
        relay?.handOver()
        var supervisor = Supervisor(
            runtime: runtime, worker: worker, launcherLooksMax: launcherLooksMax)
        let ending = try supervisor.attend(signals)
        if let hookRunner { try posix("waitpid") { waitpid(hookRunner, nil, 0) } }
        try relay.take()?.finish()
        try supervisor.leaveOthersTheirTime()
        // From here on a signal may end this process: there is no worker left to forward it to.
        // It ends by a code, since srun drops the output of a step of which a task died of SIGTERM.
        for signal in endings { clinux_turn_into_exit(signal.number) }
        try original.restore()
        if let runtime { afterEnd(runtime.rank) }
        let reports = try pipe.reports()
        let code = supervisor.exitCode(after: ending, reports)
        if reports.endsLauncher { RecoveringLauncher.end() }
        return code
    }

    private init(runtime: Runtime?, worker: Int32, launcherLooksMax: Int) {
        self.runtime = runtime
        self.worker = worker
        self.launcherLooksMax = launcherLooksMax
    }

    private mutating func attend(_ signals: SignalSet) throws(LaunchError) -> Ending {
        while true {
            let received = try signals.wait()
            switch received.signal {
            case .childChanged:
                if let ending = try endingOfWorker() { return ending }
            case .terminalStop:
                stopTogether()
            case .resume where isAnnouncementOfEnd(received):
                pass(.terminate)
                isEndAnnounced = true
            case let signal:
                if Self.endings.contains(signal) { isEndAnnounced = false }
                // A worker in our group has the terminal's signal already.
                if runtime != nil || !received.isFromKernel { pass(signal) }
            }
        }
    }

    /// The first process that exits after the announcement makes mpirun skip the rest of the
    /// waiting time: SIGTERM and SIGKILL follow within a millisecond, and a rank that was not
    /// scheduled meanwhile dies without having saved its state. Therefore no supervisor leaves
    /// before SIGTERM.
    private func leaveOthersTheirTime() throws(LaunchError) {
        guard isEndAnnounced else { return }
        try SignalSet(Self.endings).wait(seconds: Self.announcementSecondsMax)
    }

    private func endingOfWorker() throws(LaunchError) -> Ending? {
        var status: Int32 = 0
        let process = try posix("waitpid") { unsafe waitpid(worker, &status, WNOHANG) }
        return process == worker ? Ending(waitStatus: status) : nil
    }

    /// The worker cannot distinguish mpirun's SIGCONT from that of a user who resumes a stopped
    /// rank; the supervisor can, by the sender. It sends the worker SIGTERM, which gives the worker
    /// the second until mpirun's own SIGTERM.
    private func isAnnouncementOfEnd(_ received: SignalSet.Received) -> Bool {
        guard let runtime, runtime.announcesEndByResume else { return false }
        return !received.isFromKernel && received.sender == getppid()
    }

    /// The worker's pid stays valid until it is waited for, so the signal can reach no other
    /// process.
    private mutating func pass(_ signal: Signal) {
        kill(worker, signal.number)
        lastForwarded = signal
    }

    private func stopTogether() {
        kill(worker, SIGSTOP)
        kill(getpid(), SIGSTOP)
        kill(worker, SIGCONT)
    }

    private func exitCode(after ending: Ending, _ reports: WorkerReports) -> Int32 {
        switch ending {
        case .exited(let code):
            // Whether or not the runtime accepts it, there is no other end for this rank.
            if reports.isUnfinalized { _ = runtime?.bidFarewell() }
            return code
        case .killed(let signal) where signal == lastForwarded:
            // The end was asked for, so it is no loss and the runtime may know.
            if !reports.isInitialised { watchLauncher() }
            return signal.exitCode
        case .killed(let signal):
            guard let runtime else {
                if let rank = Runtime.rankWithoutPMIx {
                    let isFragile = !Runtime.isUnderSrun
                    report(signal, of: rank, isFragile ? ": its launcher ends the job" : "")
                }
                return signal.exitCode
            }
            report(signal, of: runtime.rank)
            guard reports.isInitialised else {
                watchLauncher()
                StepCancellation.begin()
                runtime.endJob(code: signal.exitCode)
                return signal.exitCode
            }
            return runtime.bidFarewell() ? reports.codeAfterDeath : signal.exitCode
        }
    }

    /// mpirun may not survive the end of a rank that was connecting to it. Without a watch it then
    /// waits until the user ends it.
    private func watchLauncher() {
        guard let ticket = LauncherTicket(looksMax: launcherLooksMax) else { return }
        do throws(LaunchError) { try Spawn.launcherWatch(ticket) } catch { return }
    }

    /// One `write`, since the lines of several writers tear under mpirun.
    private func report(_ signal: Signal, of rank: Rank, _ consequence: String = "") {
        let words = "rank \(rank) was killed by signal \(signal.number) (\(signal))"
        let line = Array("mpiswarm: \(words)\(consequence)\n".utf8)
        _ = unsafe write(STDERR_FILENO, line, line.count)
    }
}
