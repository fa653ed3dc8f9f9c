package import Content

/// Checks the logs of one job. Every rule is of one peer's log, or of two logs without regard to
/// their times: clocks of several hosts differ.
///
/// Logs come one after another, each in parts that end anywhere: `begin`, `feed` as often as it
/// takes, `end`. What is kept of a log is bounded, whatever it holds.
package struct LogCheck {
    /// A line that is none of the sentences.
    package struct Unread: Equatable, Sendable {
        package let peer: PeerID
        package let line: Int
        /// Its beginning.
        package let bytes: [UInt8]
    }

    /// A longer line is no sentence, and is passed over without being kept.
    package static let lineByteCountMax = 1 << 16
    /// Pairs of a log and a peer that it mentions, over all logs.
    package static let neighboursMax = 1 << 20
    package static let unreadShownMax = 5
    private static let excerptByteCountMax = 120

    private let terms: LogTerms
    /// Whether every line has to be a sentence, word for word.
    private let isStrict: Bool
    private let neighboursMax: Int
    private var readings: [LogReading] = []
    private var reading: LogReading?
    private var tokens = LogTokens()
    /// The beginning of a line whose end is in a later part.
    private var carry: [UInt8] = []
    /// Set in the middle of a line that is longer than the most.
    private var isOverlong = false
    /// The first few.
    package private(set) var unread: [Unread] = []
    package private(set) var unreadCount = 0

    package init(
        _ terms: LogTerms, isStrict: Bool = false, neighboursMax: Int = Self.neighboursMax
    ) {
        self.terms = terms
        self.isStrict = isStrict
        self.neighboursMax = neighboursMax
    }

    package mutating func begin(logOf peer: PeerID) {
        let held = readings.reduce(0) { $0 + $1.neighbours.count }
        reading = LogReading(of: peer, terms, neighboursMax: max(0, neighboursMax - held))
    }

    package mutating func feed(_ part: Span<UInt8>) {
        var start = 0
        while start < part.count {
            var end = start
            while end < part.count, part[end] != UInt8(ascii: "\n") { end += 1 }
            let text = part.extracting(start..<end)
            if end == part.count { return keep(text) }
            if carry.isEmpty, !isOverlong {
                read(text)
            } else {
                keep(text)
                readCarried()
            }
            start = end + 1
        }
    }

    package mutating func end() {
        if !carry.isEmpty || isOverlong { readCarried() }
        guard var whole = reading else { preconditionFailure("no log was begun") }
        whole.close()
        readings.append(whole)
        reading = nil
    }

    private mutating func keep(_ text: Span<UInt8>) {
        let room = Self.lineByteCountMax - carry.count
        if text.count > room { isOverlong = true }
        for index in 0..<min(text.count, room) { carry.append(text[index]) }
    }

    private mutating func readCarried() {
        let line = carry
        carry.removeAll()
        if isOverlong { passUnread(line.span) } else { read(line.span) }
        isOverlong = false
    }

    private mutating func read(_ text: Span<UInt8>) {
        guard text.count <= Self.lineByteCountMax else { return passUnread(text) }
        tokens.read(text)
        if tokens.isBlank {
            reading?.passBlank()
        } else if let line = LogLine(tokens, owner: reading?.peer), isAccepted(line, text) {
            reading?.read(isStrict ? line : line.withoutEmptyPlaces(terms))
        } else {
            passUnread(text)
        }
    }

    private func isAccepted(_ line: LogLine, _ text: Span<UInt8>) -> Bool {
        guard isStrict else { return true }
        let bytes = Self.beginning(of: text, byteCountMax: Self.lineByteCountMax)
        return line.isWritten(as: String(decoding: bytes, as: UTF8.self))
    }

    private mutating func passUnread(_ text: Span<UInt8>) {
        reading?.passUnread()
        if isStrict { reading?.flaw(.unreadable) }
        unreadCount += 1
        guard unread.count < Self.unreadShownMax, let reading else { return }
        let bytes = Self.beginning(of: text, byteCountMax: Self.excerptByteCountMax)
        unread.append(Unread(peer: reading.peer, line: reading.lineCount, bytes: bytes))
    }

    private static func beginning(of text: Span<UInt8>, byteCountMax: Int) -> [UInt8] {
        (0..<min(text.count, byteCountMax)).map { text[$0] }
    }

    package var pieceCount: Int { readings.reduce(0) { $0 + $1.pieceCount } }
    package var peerCount: Int { readings.count }
    /// Whether any line is a sentence; if none is, nothing was checked.
    package var hasSentences: Bool { readings.contains { $0.readCount > 0 } }
    /// Whether some pairs of peers were too many to be compared.
    package var hasMoreNeighbours: Bool { readings.contains(where: \.hasMoreNeighbours) }

    /// Every rule that is broken, in the order of the logs and of the lines that break it first.
    package func breaches() -> [LogBreach] {
        var ends = LogEnds(readings, terms, isStrict: isStrict)
        return ends.breaches()
    }

    /// Rules that cannot be checked, since no line that is understood is of their sentence.
    package var unchecked: [String] { LogEnds(readings, terms, isStrict: isStrict).unchecked }
}
