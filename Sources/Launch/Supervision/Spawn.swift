import CLinux
import Glibc

/// Starts this very program again, with the same arguments, in another role. `posix_spawn` and not
/// `fork`: none of our code runs between fork and exec, so none can fail there.
enum Spawn {
    /// - Parameters:
    ///   - errors: the worker's standard error; nil leaves it the caller's.
    ///   - ownGroup: whether the worker leaves the caller's process group.
    static func worker(
        reportingTo pipe: borrowing ReportPipe, errors: Int32?, blocking mask: SignalSet,
        ownGroup: Bool, hooks: HookEnds? = nil
    ) throws(LaunchError) -> Int32 {
        let ticket = WorkerTicket(descriptor: pipe.writer, supervisor: getpid())
        try Environment.set(WorkerTicket.variable, to: ticket.text, overwriting: true)
        if let hooks {
            try Environment.set(HookLine.variable, to: hooks.text, overwriting: true)
        }
        return try again(
            passing: [pipe.writer] + (hooks?.both ?? []), errors: errors, blocking: mask,
            ownGroup: ownGroup)
    }

    /// Starts the process that runs commands for the worker. mpirun's signals to the caller's
    /// process group do not reach it: it ends when the worker does.
    static func hookRunner(_ ends: HookEnds, blocking mask: SignalSet) throws(LaunchError) -> Int32
    {
        try Environment.set(HookRunner.variable, to: ends.text, overwriting: true)
        let process = try again(
            passing: ends.both, errors: nil, blocking: mask, ownGroup: true)
        try Environment.remove(HookRunner.variable)
        return process
    }

    /// The process that watches the launcher. The launcher waits for whatever holds the ends of its
    /// pipes, so this process gets none of them.
    static func launcherWatch(_ ticket: LauncherTicket) throws(LaunchError) {
        try Environment.set(LauncherWatch.variable, to: ticket.text, overwriting: true)
        _ = try again(
            passing: [ticket.descriptor], errors: nil, blocking: SignalSet([]), ownGroup: false,
            ownSession: true)
        try Environment.remove(LauncherWatch.variable)
    }

    private static func again(
        passing descriptors: [Int32], errors: Int32?, blocking mask: SignalSet, ownGroup: Bool,
        ownSession: Bool = false
    ) throws(LaunchError) -> Int32 {
        var actions = unsafe posix_spawn_file_actions_t()
        try posix("posix_spawn_file_actions_init") {
            settingErrno(unsafe posix_spawn_file_actions_init(&actions))
        }
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        try unsafe prepare(&actions, passing: descriptors, errors: errors, isDetached: ownSession)
        var attributes = posix_spawnattr_t()
        try posix("posix_spawnattr_init") {
            settingErrno(unsafe posix_spawnattr_init(&attributes))
        }
        defer { unsafe posix_spawnattr_destroy(&attributes) }
        var mask = mask.raw
        let flags = POSIX_SPAWN_SETSIGMASK | (ownGroup ? POSIX_SPAWN_SETPGROUP : 0)
        let session = ownSession ? clinux_spawn_in_session : 0
        unsafe posix_spawnattr_setsigmask(&attributes, &mask)
        unsafe posix_spawnattr_setpgroup(&attributes, 0)
        unsafe posix_spawnattr_setflags(&attributes, Int16(flags) | session)

        var worker: pid_t = 0
        try posix("posix_spawn") {
            settingErrno(
                unsafe posix_spawn(
                    &worker, "/proc/self/exe", &actions, &attributes, CommandLine.unsafeArgv,
                    clinux_environment()))
        }
        return worker
    }

    private static func prepare(
        _ actions: inout posix_spawn_file_actions_t, passing descriptors: [Int32],
        errors: Int32?, isDetached: Bool
    ) throws(LaunchError) {
        // A dup of a descriptor onto itself removes its close-on-exec flag in the child alone.
        var copies = descriptors.map { ($0, $0) }
        if let errors { copies.append((errors, STDERR_FILENO)) }
        for (from, to) in copies {
            try posix("posix_spawn_file_actions_adddup2") {
                settingErrno(unsafe posix_spawn_file_actions_adddup2(&actions, from, to))
            }
        }
        for descriptor in isDetached ? [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] : [] {
            try posix("posix_spawn_file_actions_addopen") {
                settingErrno(
                    unsafe posix_spawn_file_actions_addopen(
                        &actions, descriptor, "/dev/null", O_RDWR, 0))
            }
        }
    }
}
