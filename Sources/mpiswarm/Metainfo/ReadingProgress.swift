import CommandLine
import Control
import Glibc
import Vocabulary

/// A bar on a terminal while files are read; nothing if standard error is no terminal.
final class ReadingProgress {
    private let total: Int64
    private let clock = ProcessClock()
    private let isShown = isatty(STDERR_FILENO) == 1
    private var done: Int64 = 0
    private var next = Tick.zero + .milliseconds(300)

    private static let width = 30

    init(total: Int64) { self.total = total }

    func advance(by byteCount: Int64) {
        done += byteCount
        guard isShown, clock.now >= next else { return }
        next = clock.now + .milliseconds(200)
        let share = Double(done) / Double(max(total, 1))
        let filled = Int(share * Double(Self.width))
        let bar =
            String(repeating: "#", count: filled)
            + String(repeating: "-", count: Self.width - filled)
        let size = "\(ByteCount(done).words) of \(ByteCount(total).words)"
        say("\r\u{1B}[K[\(bar)] \(fixed(share * 100, 1)) %, \(size)", on: .error)
    }

    func erase() {
        if isShown { say("\r\u{1B}[K", on: .error) }
    }
}
