package import Vocabulary

/// One line of what a peer says it did.
package enum ReportEntry: TailEntry {
    case totals(ReportTotals)
    /// So many pieces of a want came from this source.
    case link(WantNumber, source: Rank, pieces: UInt32, size: ByteCount)
    case failure(RelativePath, FailureReason)
    /// So much had been fetched, so long after the admission.
    case sample(at: Duration, pieces: UInt64, size: ByteCount)
    /// That source let us ask from then to then, or to the end.
    case turn(by: Rank, from: Duration, to: Duration?)
    /// So many holders were found by a question, after so long.
    case answer(WantNumber, found: UInt32, took: Duration)
    /// Beside the payload that `totals` counts.
    case manifests(ManifestTotals)

    private enum Kind: UInt8 {
        case totals = 1
        case link = 2
        case failure = 3
        case sample = 4
        case turn = 5
        case answer = 16
        case manifests = 17
    }

    package init(reading tail: RawSpan, at cursor: inout Int) throws(WireError) {
        guard let kind = Kind(rawValue: try tail.read(&cursor)) else { throw .malformed }
        switch kind {
        case .totals: self = .totals(try ReportTotals(reading: tail, at: &cursor))
        case .link:
            self = .link(
                WantNumber(try tail.read(&cursor)), source: try tail.readRank(&cursor),
                pieces: try tail.read(&cursor), size: try tail.readSize(&cursor))
        case .failure:
            let name = try tail.readPath(&cursor)
            let reason: UInt32 = try tail.read(&cursor)
            self = .failure(name, try FailureReason(field: reason))
        case .sample:
            self = .sample(
                at: try tail.readMoment(&cursor), pieces: try tail.readTally(&cursor),
                size: try tail.readSize(&cursor))
        case .turn:
            let rank = try tail.readRank(&cursor)
            let from = try tail.readMoment(&cursor)
            let end: UInt64 = try tail.read(&cursor)
            guard end != .max else {
                self = .turn(by: rank, from: from, to: nil)
                return
            }
            guard end <= RawSpan.microsecondsMax else { throw .malformed }
            self = .turn(by: rank, from: from, to: .microseconds(Int64(end)))
        case .answer:
            self = .answer(
                WantNumber(try tail.read(&cursor)), found: try tail.read(&cursor),
                took: .nanoseconds(Int64(try tail.readTally(&cursor))))
        case .manifests: self = .manifests(try ManifestTotals(reading: tail, at: &cursor))
        }
    }

    package func write(to tail: inout [UInt8]) {
        switch self {
        case .totals(let totals):
            tail.append(Kind.totals.rawValue)
            totals.write(to: &tail)
        case .link(let want, let source, let pieces, let size):
            tail.append(Kind.link.rawValue)
            tail.write(want.raw)
            tail.write(source)
            tail.write(pieces)
            tail.write(size)
        case .failure(let name, let reason):
            tail.append(Kind.failure.rawValue)
            tail.write(name)
            tail.write(reason.rawValue)
        case .sample(let moment, let pieces, let size):
            tail.append(Kind.sample.rawValue)
            tail.write(moment)
            tail.write(pieces)
            tail.write(size)
        case .turn(let rank, let from, let end):
            tail.append(Kind.turn.rawValue)
            tail.write(rank)
            tail.write(from)
            if let end { tail.write(end) } else { tail.write(UInt64.max) }
        case .answer(let want, let found, let took):
            tail.append(Kind.answer.rawValue)
            tail.write(want.raw)
            tail.write(found)
            tail.write(took.wholeNanoseconds)
        case .manifests(let totals):
            tail.append(Kind.manifests.rawValue)
            totals.write(to: &tail)
        }
    }
}

/// Why a want was not delivered.
package enum FailureReason: UInt32, FieldValue {
    /// Nobody has it.
    case unknown = 1
    /// What was missing died with its last holder.
    case lost = 2
    /// There was no room.
    case noSpace = 3
    /// Our own disk failed.
    case disk = 4
    /// The tracker fell silent.
    case trackerLost = 5
    /// The job was over before it was whole.
    case ended = 6
    /// It could not begin, and said why when it was asked.
    case unready = 7
    /// Its owner removed or changed it.
    case withdrawn = 8
    /// The only rank that it was to come from does not have it.
    case notThere = 9
    /// We left.
    case left = 10
}

/// The sums of a report.
package struct ReportTotals: Equatable, Sendable {
    package var wanted: UInt32 = 0
    package var delivered: UInt32 = 0
    package var pieces: UInt64 = 0
    package var size = ByteCount.zero
    package var duplicates: UInt64 = 0
    /// Messages that were not messages, or came from a rank that may not send them.
    package var violations: UInt64 = 0
    /// What is to be fetched in all, as far as it is known.
    package var needed = ByteCount.zero
    /// What was read of sources on our own disk.
    package var read = ByteCount.zero
    /// The bytes that our copy lacks and a source on our own disk has.
    package var toCopy = ByteCount.zero

    package init() {}

    /// The bytes that our copy lacked, wherever they come from.
    package var lacked: ByteCount { needed + toCopy }

    init(reading tail: RawSpan, at cursor: inout Int) throws(WireError) {
        wanted = try tail.read(&cursor)
        delivered = try tail.read(&cursor)
        pieces = try tail.readTally(&cursor)
        size = try tail.readSize(&cursor)
        duplicates = try tail.readTally(&cursor)
        violations = try tail.readTally(&cursor)
        needed = try tail.readSize(&cursor)
        read = try tail.readSize(&cursor)
        toCopy = try tail.readSize(&cursor)
        // Their sum is added up over all ranks like any one of them.
        guard lacked.raw <= RawSpan.sizeMax else { throw .malformed }
    }

    func write(to tail: inout [UInt8]) {
        tail.write(wanted)
        tail.write(delivered)
        tail.write(pieces)
        tail.write(size)
        tail.write(duplicates)
        tail.write(violations)
        tail.write(needed)
        tail.write(read)
        tail.write(toCopy)
    }
}
