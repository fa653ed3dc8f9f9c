import CLinux
import Glibc

/// Runs a command to its end, or to its limit: then it and everything it started is killed.
/// Standard input is empty, both outputs are caught.
package enum ProcessRunner {
    /// How long processes may outlive the command before they count as orphans: a worker needs a
    /// moment to die with its supervisor.
    private static let grace = Duration.seconds(2)

    /// - Parameters:
    ///   - command: a path, or a name to be looked up in `PATH`, and its arguments.
    ///   - environment: `NAME=value`, on top of what this process has.
    ///   - meanwhile: what is done once the command runs; the limit counts from its end.
    package static func run(
        _ command: [String], environment: [String] = [], limit: Duration,
        meanwhile: (RunHandle) -> Void = { _ in }
    ) throws(CommandError) -> CommandResult {
        let output = try CapturedStream("output")
        let errors = try CapturedStream("errors")
        let mark = RunMark()
        let process = try start(
            command, environment: environment + [mark.assignment],
            output: output, errors: errors)
        meanwhile(RunHandle(process: process, mark: mark))
        let ranOut = try !ends(process, within: limit)
        let unfinished = ranOut ? mark.portraits() : []
        if ranOut {
            kill(-process, SIGKILL)
            _ = mark.killBearers()
        }
        var status: Int32 = 0
        guard unsafe waitpid(process, &status, 0) == process else {
            throw CommandError(call: "waitpid", reason: errno)
        }
        let orphans = orphans(of: mark)
        return CommandResult(
            status: clinux_exited(status) != 0
                ? clinux_exit_code(status) : 128 + clinux_signal(status),
            output: output.text(), errors: errors.text(), ranOut: ranOut,
            unfinished: unfinished, orphans: orphans)
    }

    private static func orphans(of mark: RunMark) -> Int {
        let clock = ContinuousClock()
        let deadline = clock.now + grace
        while clock.now < deadline {
            if mark.isGone() { return 0 }
            usleep(10_000)
        }
        return mark.killBearers()
    }

    private static func ends(_ process: pid_t, within limit: Duration) throws(CommandError) -> Bool
    {
        let descriptor = clinux_pidfd_open(process)
        guard descriptor >= 0 else { throw CommandError(call: "pidfd_open", reason: errno) }
        defer { close(descriptor) }
        let clock = ContinuousClock()
        let deadline = clock.now + limit
        while true {
            let (seconds, attoseconds) = (deadline - clock.now).components
            let milliseconds = seconds * 1000 + attoseconds / 1_000_000_000_000_000
            var wanted = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            let ready = unsafe poll(&wanted, 1, Int32(clamping: max(0, milliseconds)))
            if ready >= 0 { return ready == 1 }
            guard errno == EINTR else { throw CommandError(call: "poll", reason: errno) }
        }
    }

    private static func start(
        _ command: [String], environment: [String],
        output: borrowing CapturedStream, errors: borrowing CapturedStream
    ) throws(CommandError) -> pid_t {
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_addopen(
            &actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        unsafe posix_spawn_file_actions_adddup2(&actions, output.descriptor, STDOUT_FILENO)
        unsafe posix_spawn_file_actions_adddup2(&actions, errors.descriptor, STDERR_FILENO)

        var attributes = posix_spawnattr_t()
        unsafe posix_spawnattr_init(&attributes)
        defer { unsafe posix_spawnattr_destroy(&attributes) }
        // A test runner may block or ignore signals; what it starts must not inherit that.
        var nothing = sigset_t()
        unsafe sigemptyset(&nothing)
        var all = sigset_t()
        unsafe sigfillset(&all)
        unsafe posix_spawnattr_setsigmask(&attributes, &nothing)
        unsafe posix_spawnattr_setsigdefault(&attributes, &all)
        unsafe posix_spawnattr_setpgroup(&attributes, 0)
        unsafe posix_spawnattr_setflags(
            &attributes,
            Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))

        let arguments = CStrings(command)
        let variables = CStrings(environment + inheritedEnvironment(without: environment))
        var process: pid_t = 0
        let code = unsafe posix_spawnp(
            &process, command[0], &actions, &attributes, arguments.pointers, variables.pointers)
        guard code == 0 else { throw CommandError(call: "posix_spawnp", reason: code) }
        return process
    }

    /// Of two values for one name some programs take the first and some the last.
    private static func inheritedEnvironment(without replaced: [String]) -> [String] {
        let names = Set(replaced.map { $0.prefix { $0 != "=" } })
        guard var cursor = unsafe clinux_environment() else { return [] }
        var assignments: [String] = []
        while let assignment = unsafe cursor.pointee {
            unsafe assignments.append(String(cString: assignment))
            unsafe cursor += 1
        }
        return assignments.filter { !names.contains($0.prefix { $0 != "=" }) }
    }
}
