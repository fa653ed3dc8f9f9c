import Glibc

/// The state that the thread of an `ErrorRelay` owns.
package struct ErrorCarrier: ~Copyable, Sendable {
    /// More bytes than any crash report has. Output that comes faster than it is read is dropped
    /// beyond that.
    package static let waitingMax = 1 << 20
    /// A pipe that `poll` reports as writable takes this much without waiting.
    private static let writeMax = 4096

    private let input: Int32
    private let stop: Int32
    package let output: Int32
    /// The time that the last lines wait for a reader that does not read; without limit if
    /// negative.
    private let lastMilliseconds: Int32
    private var filter = ErrorFilter()
    private var waiting: [UInt8] = []
    private var droppedCount = 0
    private var isOutputGone = false

    package init(input: Int32, stop: Int32, output: Int32, lastMilliseconds: Int32 = 1000) {
        self.input = input
        self.stop = stop
        self.output = output
        self.lastMilliseconds = lastMilliseconds
    }

    deinit {
        close(input)
        close(stop)
    }

    package consuming func work() {
        var carrier = self
        carrier.carry()
    }

    /// Returns when the worker is dead and all its output is written, or cannot be written.
    mutating func carry() {
        var isOpen = true
        while true {
            var entries = [
                pollfd(fd: isOpen ? input : -1, events: Int16(POLLIN), revents: 0),
                pollfd(fd: stop, events: 0, revents: 0),
                pollfd(fd: waiting.isEmpty ? -1 : output, events: Int16(POLLOUT), revents: 0),
            ]
            _ = unsafe poll(&entries, 3, -1)
            if entries[0].revents != 0 { isOpen = take() != 0 }
            if entries[2].revents != 0 { give() }
            if entries[1].revents != 0 { break }
        }
        while isOpen, take() > 0 {}
        keep(filter.finish())
        if droppedCount > 0, !isOutputGone {
            waiting += Array(
                "mpiswarm: \(droppedCount) bytes of standard error were dropped\n".utf8)
        }
        while !waiting.isEmpty {
            var entry = pollfd(fd: output, events: Int16(POLLOUT), revents: 0)
            guard unsafe poll(&entry, 1, lastMilliseconds) == 1 else { return }
            give()
        }
    }

    /// Reads bytes and returns their number; 0 at the end of the stream, -1 if there are none for
    /// now.
    private mutating func take() -> Int {
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        var count: Int
        repeat {
            count = unsafe read(input, &buffer, buffer.count)
        } while count < 0 && errno == EINTR
        keep(filter.pass(buffer.prefix(max(0, count))))
        return count
    }

    private mutating func keep(_ bytes: [UInt8]) {
        guard !isOutputGone else { return }
        if waiting.count + bytes.count > Self.waitingMax {
            droppedCount += bytes.count
        } else {
            waiting += bytes
        }
    }

    private mutating func give() {
        let count = unsafe write(output, waiting, min(waiting.count, Self.writeMax))
        if count > 0 { return waiting.removeFirst(count) }
        guard errno != EINTR, errno != EAGAIN else { return }
        isOutputGone = true
        waiting = []
    }
}
