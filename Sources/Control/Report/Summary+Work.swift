import Swarm
import Vocabulary
import Wire

/// What the threads of all peers did, as `--stats` prints it.
extension Summary {
    /// Nil if no peer has reported it.
    package var workLine: String? {
        let reported = peers.compactMap { peer in peer.report.work.map { (peer.report, $0) } }
        guard !reported.isEmpty else { return nil }
        var work = WorkTotals()
        var pieces: UInt64 = 0
        var (moved, read) = (ByteCount.zero, ByteCount.zero)
        for (report, more) in reported {
            work += more
            pieces += report.totals.pieces
            moved += report.totals.size
            read += report.totals.read
        }
        // A byte that is moved is also written.
        let copied = read + work.carried + moved
        let copies =
            moved > .zero
            ? ", \(Self.ratio(UInt64(copied.raw), to: UInt64(moved.raw))) copies of each byte" : ""
        return "work: \(work.turns) turns, \(work.emptyTurns) empty "
            + "(\(Self.ratio(work.emptyTurns, to: work.events)) for each event), "
            + "\(work.naps) naps, \(work.messages) messages "
            + "(\(Self.ratio(work.messages, to: pieces)) for each piece, of which "
            + "\(Self.ratio(work.pieceMessages, to: pieces)) request and answer), "
            + "\(work.picks) picks, \(work.failedPicks) failed "
            + "(\(Self.ratio(work.failedPicks, to: pieces)) for each piece)\(copies), "
            + "\(read.words) read from sources, \(work.readAgain.words) read again"
    }

    private static func ratio(_ part: UInt64, to whole: UInt64) -> String {
        let hundredths = UInt64((Double(part) / Double(max(1, whole)) * 100).rounded())
        let rest = String(hundredths % 100)
        return "\(hundredths / 100)." + (rest.count == 1 ? "0" : "") + rest
    }
}
