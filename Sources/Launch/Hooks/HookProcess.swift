import CLinux
import Glibc

/// A running command: `sh -c` in a process group of its own, without input, and without the
/// variables that would make MPI take it for a rank of this job.
struct HookProcess: ~Copyable {
    private let process: Int32
    private let reader: Int32

    private static let foreign = ["OMPI_", "PMIX_", "PMI_", "PRTE_", "MPISWARM_"]

    init(_ command: String) throws(LaunchError) {
        let output = try makePipe(O_CLOEXEC)
        defer { close(output.writer) }
        let started: Int32
        do throws(LaunchError) {
            started = try Self.start(command, output: output.writer)
            try posix("fcntl") { fcntl(output.reader, F_SETFL, O_NONBLOCK) }
        } catch {
            close(output.reader)
            throw error
        }
        (process, reader) = (started, output.reader)
    }

    deinit { close(reader) }

    private static func start(_ command: String, output: Int32) throws(LaunchError) -> Int32 {
        var actions = unsafe posix_spawn_file_actions_t()
        try posix("posix_spawn_file_actions_init") {
            settingErrno(unsafe posix_spawn_file_actions_init(&actions))
        }
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        try posix("posix_spawn_file_actions_addopen") {
            settingErrno(
                unsafe posix_spawn_file_actions_addopen(
                    &actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0))
        }
        for descriptor in [STDOUT_FILENO, STDERR_FILENO] {
            try posix("posix_spawn_file_actions_adddup2") {
                settingErrno(
                    unsafe posix_spawn_file_actions_adddup2(&actions, output, descriptor))
            }
        }
        var attributes = posix_spawnattr_t()
        try posix("posix_spawnattr_init") {
            settingErrno(unsafe posix_spawnattr_init(&attributes))
        }
        defer { unsafe posix_spawnattr_destroy(&attributes) }
        var none = SignalSet([]).raw
        var reset = SignalSet([.pipe]).raw
        unsafe posix_spawnattr_setsigmask(&attributes, &none)
        unsafe posix_spawnattr_setsigdefault(&attributes, &reset)
        unsafe posix_spawnattr_setpgroup(&attributes, 0)
        let flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP
        unsafe posix_spawnattr_setflags(&attributes, Int16(flags))
        var process: pid_t = 0
        try unsafe withTexts(["sh", "-c", command]) { arguments throws(LaunchError) in
            try unsafe withTexts(environment) { environment throws(LaunchError) in
                try posix("posix_spawn") {
                    settingErrno(
                        unsafe posix_spawn(
                            &process, "/bin/sh", &actions, &attributes, arguments, environment))
                }
            }
        }
        return process
    }

    private static var environment: [String] {
        var texts: [String] = []
        guard var next = unsafe clinux_environment() else { return [] }
        while let text = unsafe next.pointee {
            let variable = unsafe String(cString: text)
            if !foreign.contains(where: variable.hasPrefix) { texts.append(variable) }
            unsafe next += 1
        }
        return texts
    }

    /// Waits for output, or until the time is up. Returns whether the other end of `orders` is
    /// closed.
    borrowing func wait(
        besides orders: Int32, milliseconds: Int32, into printer: inout HookPrinter
    ) throws(LaunchError) -> Bool {
        var waiting = [
            pollfd(fd: orders, events: Int16(POLLIN), revents: 0),
            pollfd(fd: printer.isAtEnd ? -1 : reader, events: Int16(POLLIN), revents: 0),
        ]
        try posix("poll") { unsafe poll(&waiting, 2, milliseconds) }
        if waiting[1].revents != 0 { try drain(into: &printer) }
        // No order comes while a command runs, so the pipe has ended.
        return waiting[0].revents != 0
    }

    /// Reads the output that is there, and does not wait for the end of the pipe: a process that
    /// the command leaves behind may hold it open for ever.
    borrowing func drain(into printer: inout HookPrinter) throws(LaunchError) {
        var bytes = [UInt8](repeating: 0, count: 16 << 10)
        while !printer.isAtEnd {
            do throws(LaunchError) {
                let count = try posix("read") { unsafe read(reader, &bytes, bytes.count) }
                if count == 0 { printer.isAtEnd = true } else { printer.take(bytes[..<count]) }
            } catch .call(_, EAGAIN) { return }
        }
    }

    borrowing func killGroup() { kill(-process, SIGKILL) }

    /// Waits for a killed process, but not for ever: the kernel may not release it.
    borrowing func awaitEnd(looksMax: Int) throws(LaunchError) {
        for _ in 0..<looksMax {
            guard try end() == nil else { return }
            usleep(20_000)
        }
    }

    /// The end of the command; nil while it runs. Must not be called again after the end.
    borrowing func end() throws(LaunchError) -> HookOutcome.End? {
        var status: Int32 = 0
        let ended = try posix("waitpid") {
            unsafe waitpid(process, &status, WNOHANG)
        }
        guard ended == process else { return nil }
        if clinux_signaled(status) != 0 { return .killed(by: Signal(clinux_signal(status))) }
        return .exited(code: clinux_exit_code(status))
    }
}

/// Calls `body` with texts in the form of C: pointers, the last of them nil.
private func withTexts(
    _ texts: [String],
    _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) throws(LaunchError) -> Void
) throws(LaunchError) {
    let pointers = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>.allocate(
        capacity: texts.count + 1)
    for (position, text) in texts.enumerated() {
        unsafe (pointers + position).initialize(to: strdup(text))
    }
    unsafe (pointers + texts.count).initialize(to: nil)
    defer {
        for position in texts.indices { unsafe free(pointers[position]) }
        unsafe pointers.deallocate()
    }
    try unsafe body(pointers)
}
