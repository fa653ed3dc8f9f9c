import CommandLine
import Glibc
import Launch
import MPITransport
import Vocabulary

/// Does `work` as a rank of the job. The process that mpirun starts supervises; its child is the
/// rank. An interrupt ends the rank at once, after `beforeEnd` and the line about the complete
/// copies. However the rank ends, the supervisor then calls `afterEnd`. `hooks` gets the line to
/// the runner of the rank's commands.
func asRank(
    ranksMin: Int, outputs: OutputPaths, _ ending: JobEnding,
    beforeEnd: @escaping @Sendable () -> Void = {}, afterEnd: (Rank) -> Void = { _ in },
    hooks: Promised<HookLine?>? = nil,
    _ work: (borrowing MPIWorld, DeathWatch) throws(LaunchError) -> Int32
) throws(LaunchError) -> Int32 {
    if let status = try statusOfNoRank() { return status }
    guard let worker = try Worker.adopt(name: "mpiswarm") else {
        return try Supervisor.supervise(runsHooks: hooks != nil, afterEnd: afterEnd)
    }
    hooks?.keep(worker.hooks)
    let watch = try SignalWatch()
    guard let world = startMPI() else { return UsageError.exitStatus }
    // A rank that dies before all ranks are connected to those that watch them ends the job, as in
    // `MPI_Init`.
    let deaths = try DeathWatch.began(in: world)
    worker.supervisor.report(.initialised)
    ending.supervisor.keep(worker.supervisor)
    if world.rank == .first { ending.oweResult() }
    try watchCalls(of: world.rank, deaths, outputs.log)
    try watch.start { [rank = world.rank, log = outputs.log] signal in
        ending.ask()
        beforeEnd()
        if let words = ending.answer(at: rank) { log.print("mpiswarm: \(words)") }
        deaths.end()
        _exit(signal.exitCode)
    }
    var status = UsageError.exitStatus
    if world.rankCount < ranksMin {
        say("mpiswarm: one rank is no swarm: start two or more with mpirun -np N\n", on: .error)
    } else if let refusal = outputs.refusal(at: world) {
        status = refusal
    } else {
        status = try work(world, deaths)
    }
    worker.supervisor.report(.resultReported(code: status))
    // The reason has been printed, and mpirun signals all ranks as soon as one of them has ended
    // with an error.
    ending.conclude()
    let hasLosses = ending.hasLosses || hearsOfLosses(deaths, at: world.rank)
    deaths.end(withLosses: ending.hasLosses)
    if hasLosses, RecoveringLauncher.isAbove {
        // The result has been printed, and MPI would wait for the lost node, as mpirun does.
        worker.supervisor.report(.launcherMayEnd)
        _exit(status)
    }
    try worker.supervisor.end(with: status, after: finishPatience)
    finishMPI(world)
    return status
}

/// The exit status of a process that is no rank, when it has done its work: it runs commands for
/// one or watches the launcher, or Slurm has started it without PMIx. Nil for a rank and its
/// supervisor.
private func statusOfNoRank() throws(LaunchError) -> Int32? {
    if let runner = try HookRunner.adopt(name: "mpiswarm-then") {
        try runner.serve()
        return 0
    }
    if let watch = try LauncherWatch.adopt(name: "mpiswarm-watch") {
        try watch.work()
        return 0
    }
    let usesPMIx = RuntimeLibrary.builtFor != nil
    guard let task = SlurmTask(usesPMIx: usesPMIx, lookup: environmentVariable), !task.isRank
    else { return nil }
    if task.isFirst { say("mpiswarm: \(task.refusal)\n", on: .error) }
    return UsageError.exitStatus
}

/// Ends this rank if its library hangs, because the launcher would wait for it for ever. It also
/// ends a rank that waits for a dead one in a call in which all ranks take part.
private func watchCalls(
    of rank: Rank, _ deaths: DeathWatch, _ log: JobLog
) throws(LaunchError) {
    _ = try NamedThread(name: "calls", CallWatch(looksMax: 30)) { watch in
        var watch = watch
        var joint = CallWatch(looksMax: 5)
        // Where a firewall keeps the ranks from watching each other, no death is known.
        var blind = CallWatch(looksMax: 60)
        while !watch.look(at: MPIWorld.callUnderWay),
            !joint.look(at: deaths.dead.isEmpty ? nil : MPIWorld.collectiveUnderWay),
            !blind.look(at: MPIWorld.collectiveUnderWay)
        { rest(.seconds(1)) }
        (rank == .first ? log : .none).print(
            "mpiswarm: rank \(rank): a call into Open MPI does not return: the rank ends")
        kill(getpid(), SIGKILL)
    }
}

/// The time that `MPI_Finalize` gets. It usually takes some milliseconds.
private let finishPatience = Duration.seconds(5)

/// Whether the job has lost ranks. Another rank than the reporting one may have to end mpirun,
/// because the reporting rank can be on another node. It leaves last, after it has given up its
/// messages to dead ranks.
private func hearsOfLosses(_ deaths: DeathWatch, at rank: Rank) -> Bool {
    rank != .first && RecoveringLauncher.isParent && deaths.hearsOfLosses(milliseconds: 5000)
}

private func startMPI() -> MPIWorld? {
    do {
        let world = try MPIWorld.start(showsDeadPeers: RuntimeMessages.areShown)
        if let barrier = StartBarrier(rank: world.rank, of: world.rankCount) {
            barrier.reach()
            _ = world.broadcast([0], from: .first)
        }
        return world
    } catch {
        // A function that this MPI library lacks is missing on every rank: one rank prints that.
        let speaks = LaunchEnvironment(lookup: environmentVariable).speaksForTheJob
        if speaks { say("mpiswarm: \(sentence(error))\n", on: .error) }
        return nil
    }
}

private func finishMPI(_ world: consuming MPIWorld) {
    do { try world.finish() } catch { say("mpiswarm: \(sentence(error))\n", on: .error) }
}

private func sentence(_ error: MPIError) -> String {
    switch error {
    case .noThreads:
        "this MPI library gives no MPI_THREAD_MULTIPLE, which the two threads of a peer need: "
            + "load one that was built with it"
    case .failed(let call, _): "\(call) failed: \(error.text)"
    }
}
