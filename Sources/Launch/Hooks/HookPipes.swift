import Glibc

/// The pipes between a worker and its hook runner, in the supervisor that starts both. Invariant:
/// once both have started, only they hold the ends, so that each notices the death of the other.
struct HookPipes: ~Copyable {
    private let orders: (reader: Int32, writer: Int32)
    private let answers: (reader: Int32, writer: Int32)

    init() throws(LaunchError) {
        let first = try makePipe(O_CLOEXEC)
        let second = try makePipe(O_CLOEXEC)
        (orders, answers) = (first, second)
    }

    deinit {
        for descriptor in [orders.reader, orders.writer, answers.reader, answers.writer] {
            close(descriptor)
        }
    }

    var runnerEnds: HookEnds { HookEnds(reader: orders.reader, writer: answers.writer) }
    var workerEnds: HookEnds { HookEnds(reader: answers.reader, writer: orders.writer) }
}
