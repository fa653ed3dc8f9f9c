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

    /// The process that runs commands for the worker. mpirun's signals to the group of the caller
    /// do not reach it: it ends when the worker does.
    static func hookRunner(_ ends: HookEnds, blocking mask: SignalSet) throws(LaunchError) -> Int32
    {
        try Environment.set(HookRunner.variable, to: ends.text, overwriting: true)
        let process = try again(
            passing: ends.both, errors: nil, blocking: mask, ownGroup: true)
        try Environment.remove(HookRunner.variable)
        return process
    }

    private static func again(
        passing descriptors: [Int32], errors: Int32?, blocking mask: SignalSet, ownGroup: Bool
    ) throws(LaunchError) -> Int32 {
        var actions = unsafe posix_spawn_file_actions_t()
        try posix("posix_spawn_file_actions_init") {
            settingErrno(unsafe posix_spawn_file_actions_init(&actions))
        }
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        // Onto itself: that is how a descriptor loses its close-on-exec flag in the child alone.
        for descriptor in descriptors {
            try posix("posix_spawn_file_actions_adddup2") {
                settingErrno(
                    unsafe posix_spawn_file_actions_adddup2(&actions, descriptor, descriptor))
            }
        }

        if let errors {
            try posix("posix_spawn_file_actions_adddup2") {
                settingErrno(
                    unsafe posix_spawn_file_actions_adddup2(&actions, errors, STDERR_FILENO))
            }
        }

        var attributes = posix_spawnattr_t()
        try posix("posix_spawnattr_init") {
            settingErrno(unsafe posix_spawnattr_init(&attributes))
        }
        defer { unsafe posix_spawnattr_destroy(&attributes) }
        var mask = mask.raw
        let flags = POSIX_SPAWN_SETSIGMASK | (ownGroup ? POSIX_SPAWN_SETPGROUP : 0)
        unsafe posix_spawnattr_setsigmask(&attributes, &mask)
        unsafe posix_spawnattr_setpgroup(&attributes, 0)
        unsafe posix_spawnattr_setflags(&attributes, Int16(flags))

        var worker: pid_t = 0
        try posix("posix_spawn") {
            settingErrno(
                unsafe posix_spawn(
                    &worker, "/proc/self/exe", &actions, &attributes, CommandLine.unsafeArgv,
                    clinux_environment()))
        }
        return worker
    }
}
