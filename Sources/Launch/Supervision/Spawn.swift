import CLinux
import Glibc

/// Starts this very program again, with the same arguments, as a worker. `posix_spawn` and not
/// `fork`: nothing of ours runs between the two, so nothing can go wrong there.
enum Spawn {
    /// - Parameters:
    ///   - errors: what becomes the worker's standard error; nil leaves it the caller's.
    ///   - ownGroup: whether the worker leaves the caller's process group.
    static func worker(
        reportingTo pipe: borrowing ReportPipe, errors: Int32?, blocking mask: SignalSet,
        ownGroup: Bool
    ) throws(LaunchError) -> Int32 {
        let ticket = WorkerTicket(descriptor: pipe.writer, supervisor: getpid())
        try Environment.set(WorkerTicket.variable, to: ticket.text, overwriting: true)

        var actions = unsafe posix_spawn_file_actions_t()
        try posix("posix_spawn_file_actions_init") {
            settingErrno(unsafe posix_spawn_file_actions_init(&actions))
        }
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        // Onto itself: that is how a descriptor loses its close-on-exec flag in the child alone.
        try posix("posix_spawn_file_actions_adddup2") {
            settingErrno(
                unsafe posix_spawn_file_actions_adddup2(&actions, pipe.writer, pipe.writer))
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
