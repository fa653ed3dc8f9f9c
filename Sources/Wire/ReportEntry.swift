package import Vocabulary

/// One entry of the report of a peer.
package enum ReportEntry: TailEntry {
    case totals(ReportTotals)
    /// The pieces and bytes of a want that came from this source.
    case link(WantNumber, source: Rank, pieces: UInt32, size: ByteCount)
    case failure(RelativePath, FailureReason)
    /// The pieces and bytes that had arrived at that time after the admission.
    case sample(at: Duration, pieces: UInt64, size: ByteCount)
    /// The time from which, and up to which, that source unchoked this peer; nil if it still does.
    case turn(by: Rank, from: Duration, to: Duration?)
    /// The number of differences of this kind between the copy of the peer and its source.
    case differences(Difference.Kind, count: UInt64)
    /// One of these differences by name, after their number.
    case difference(Difference)
    /// The number of holders that a query found, and the time that it took.
    case answer(WantNumber, found: UInt32, took: Duration)
    /// The manifests that were fetched, which `totals` does not count.
    case manifests(ManifestTotals)
    /// What the threads of the peer did, if it counts that.
    case work(WorkTotals)

    private enum Kind: UInt8 {
        case totals = 1
        case link = 2
        case failure = 3
        case sample = 4
        case turn = 5
        case differences = 6
        case difference = 7
        case answer = 16
        case manifests = 17
        case work = 18
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
        case .differences:
            self = .differences(
                try Difference.Kind(reading: tail, at: &cursor), count: try tail.readTally(&cursor))
        case .difference:
            self = .difference(
                Difference(
                    try Difference.Kind(reading: tail, at: &cursor),
                    try tail.readFileName(&cursor)))
        case .answer:
            self = .answer(
                WantNumber(try tail.read(&cursor)), found: try tail.read(&cursor),
                took: .nanoseconds(Int64(try tail.readTally(&cursor))))
        case .manifests: self = .manifests(try ManifestTotals(reading: tail, at: &cursor))
        case .work: self = .work(try WorkTotals(reading: tail, at: &cursor))
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
        case .differences(let kind, let count):
            tail += [Kind.differences.rawValue, kind.rawValue]
            tail.write(count)
        case .difference(let difference):
            tail += [Kind.difference.rawValue, difference.kind.rawValue]
            tail.write(difference.path)
        case .answer(let want, let found, let took):
            tail.append(Kind.answer.rawValue)
            tail.write(want.raw)
            tail.write(found)
            tail.write(took.wholeNanoseconds)
        case .manifests(let totals):
            tail.append(Kind.manifests.rawValue)
            totals.write(to: &tail)
        case .work(let totals):
            tail.append(Kind.work.rawValue)
            totals.write(to: &tail)
        }
    }
}

extension Difference.Kind {
    fileprivate init(reading tail: RawSpan, at cursor: inout Int) throws(WireError) {
        guard let kind = Self(rawValue: try tail.read(&cursor)) else { throw .malformed }
        self = kind
    }
}

/// The reason why a want was not delivered.
package enum FailureReason: UInt32, FieldValue {
    /// No rank has it.
    case unknown = 1
    /// The last holder of the missing pieces is gone.
    case lost = 2
    /// The disk has no room.
    case noSpace = 3
    /// The disk of the peer failed.
    case disk = 4
    /// The tracker was not heard of for its lease.
    case trackerLost = 5
    /// The job ended before the content was whole.
    case ended = 6
    /// The peer could not begin, and reported the reason when it was asked.
    case unready = 7
    /// The owner removed or changed the content.
    case withdrawn = 8
    /// The only permitted source does not have it.
    case notThere = 9
    /// The peer left.
    case left = 10
    /// All has its names; the command that was to follow failed.
    case command = 11
}

/// The sums of a report.
package struct ReportTotals: Equatable, Sendable {
    package var wanted: UInt32 = 0
    package var delivered: UInt32 = 0
    package var pieces: UInt64 = 0
    package var size = ByteCount.zero
    package var duplicates: UInt64 = 0
    /// Messages that could not be decoded, or came from a rank that may not send them.
    package var violations: UInt64 = 0
    /// The bytes to fetch in all, as far as they are known.
    package var needed = ByteCount.zero
    /// The bytes that were read of sources on the disk of the peer.
    package var read = ByteCount.zero
    /// The bytes that the copy lacks and a source on the same disk has.
    package var toCopy = ByteCount.zero

    package init() {}

    /// The bytes that the copy lacked, wherever they come from.
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
        // Their sum over all ranks is computed like any other.
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
