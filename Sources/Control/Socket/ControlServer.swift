import Glibc
package import Vocabulary

/// The socket of one rank, and the clients that are connected to it. Only its owner may connect:
/// the socket and its folder are the owner's alone, and the kernel names the user at the other end.
///
/// Every client is asked one line at a time; what it sends meanwhile waits.
package struct ControlServer: ~Copyable {
    private struct Connection {
        let client: ControlClient
        let socket: LocalSocket
        var input: [UInt8] = []
        var output: [UInt8] = []
        /// The offset in the output of the next byte to send.
        var sent = 0
        /// Its last line is not answered yet.
        var isBusy = false
        /// It is to hear what is left, and no more.
        var isLeaving = false
        /// The client has closed its end. Its earlier commands are carried out all the same.
        var isAtEnd = false
        /// It hears nothing any more.
        var isGone = false
        var isOver = false

        /// A client that sends more than is read waits.
        var reads: Bool {
            !isAtEnd && !isLeaving && input.count <= ControlCommand.lineByteCountMax
        }

        /// Its next line is taken when it has read the answer to the last one.
        var hasLine: Bool { !isBusy && !isLeaving && output.isEmpty && input.contains(0x0A) }

        var hasEnded: Bool {
            isOver || output.isEmpty && (isLeaving || isAtEnd && !isBusy && !hasLine)
        }
    }

    /// The event of a step.
    package enum Event: Equatable, Sendable {
        case line([UInt8], from: ControlClient)
        case left(ControlClient)
    }

    private let path: String
    private let listener: LocalSocket
    private var rows: [Connection] = []
    private var nextNumber: UInt64 = 1

    package static let clientsMax = 64
    /// A catalog of a million files; a client that does not read gets no more.
    private static let outputByteCountMax = 256 << 20

    package init(at path: String) throws(ControlError) {
        listener = try LocalSocket.listening(at: path)
        listener.setNonblocking()
        self.path = path
    }

    deinit { unsafe unlink(path) }

    /// Waits for something to happen, no longer than that, and says what did.
    package mutating func step(milliseconds: Int32) -> [Event] {
        waitForSomething(milliseconds)
        var events: [Event] = []
        dismiss(&events) { $0.isGone && $0.isBusy }
        welcome()
        for place in rows.indices {
            Self.read(&rows[place], &events)
            Self.flush(&rows[place])
        }
        dismiss(&events, where: \.hasEnded)
        return events
    }

    private mutating func dismiss(
        _ events: inout [Event], where isOver: (Connection) -> Bool
    ) {
        for row in rows where isOver(row) { events.append(.left(row.client)) }
        rows.removeAll(where: isOver)
    }

    package mutating func say(_ text: String, to client: ControlClient) {
        change(client) { row in
            row.output += text.utf8
            if row.output.count - row.sent > Self.outputByteCountMax { row.isOver = true }
        }
    }

    /// Its last line is answered.
    package mutating func ready(_ client: ControlClient) { change(client) { $0.isBusy = false } }

    package mutating func hangUp(_ client: ControlClient) { change(client) { $0.isLeaving = true } }

    /// Whether something can be done at once.
    package var isBusy: Bool { rows.contains(where: \.hasLine) }

    private mutating func change(_ client: ControlClient, _ body: (inout Connection) -> Void) {
        guard let place = rows.firstIndex(where: { $0.client == client }) else { return }
        body(&rows[place])
        Self.flush(&rows[place])
    }

    /// What may happen next. That a client hangs up is noticed even while nothing of it is read.
    package var watches: [SocketWatch] {
        [SocketWatch(descriptor: listener.raw)]
            + rows.map {
                SocketWatch(
                    descriptor: $0.socket.raw, isReceiving: $0.reads,
                    isSending: !$0.output.isEmpty)
            }
    }

    private mutating func waitForSomething(_ milliseconds: Int32) {
        var wanted = watches.map { watch in
            let events = (watch.isReceiving ? POLLIN : 0) | (watch.isSending ? POLLOUT : 0)
            return pollfd(fd: watch.descriptor, events: Int16(events), revents: 0)
        }
        guard unsafe poll(&wanted, nfds_t(wanted.count), milliseconds) > 0 else { return }
        for place in rows.indices where Int32(wanted[place + 1].revents) & Self.hungUp != 0 {
            rows[place].isGone = true
        }
    }

    private static let hungUp = POLLHUP | POLLERR

    private mutating func welcome() {
        while let socket = listener.accepted() {
            guard socket.user == geteuid() else {
                _ = socket.write(Array("error this job belongs to another user\n".utf8)[...])
                continue
            }
            guard rows.count < Self.clientsMax else {
                _ = socket.write(
                    Array("error \(Self.clientsMax) are talking to this rank already\n".utf8)[...])
                continue
            }
            socket.setNonblocking()
            rows.append(Connection(client: ControlClient(raw: nextNumber), socket: socket))
            nextNumber += 1
        }
    }

    private static func read(_ row: inout Connection, _ events: inout [Event]) {
        reading: while row.reads {
            switch row.socket.read(upTo: 16 << 10) {
            case .bytes(let bytes): row.input += bytes
            case .nothing: break reading
            case .ended: row.isAtEnd = true
            }
        }
        guard !row.isBusy, !row.isLeaving, row.output.isEmpty else { return }
        if let end = row.input.firstIndex(of: 0x0A) {
            let line = Array(row.input[..<end])
            row.input.removeFirst(end + 1)
            row.isBusy = true
            events.append(.line(line, from: row.client))
        } else if row.input.count > ControlCommand.lineByteCountMax {
            // The end of such a line is unknown.
            row.output += "error \(ControlCommandError.tooLong.words)\n".utf8
            row.isLeaving = true
        }
    }

    private static func flush(_ row: inout Connection) {
        while row.sent < row.output.count {
            guard !row.isGone, let count = row.socket.write(row.output[row.sent...]) else {
                row.isGone = true
                break
            }
            if count == 0 { return }
            row.sent += count
        }
        row.output.removeAll(keepingCapacity: false)
        row.sent = 0
    }
}
