package import Swarm
package import Vocabulary
import Wire

/// The result of a run, in the words that rank 0 prints.
package struct Summary {
    let peers: [PeerRow]
    let names: RankNames
    private let duration: Duration

    package init(
        of peers: [PeerRow], took duration: Duration, names: RankNames = RankNames()
    ) {
        self.peers = peers
        self.names = names
        self.duration = duration
    }

    private var wanted: Int { peers.reduce(0) { $0 + $1.wanted } }
    private var delivered: Int { peers.reduce(0) { $0 + Int($1.report.totals.delivered) } }

    /// Whether every wanted file was delivered, and no rank that wanted one was lost.
    package var isComplete: Bool { delivered == wanted && !peers.contains(where: \.isLoss) }

    /// The line at the end of a run.
    package var line: String {
        let pieces = peers.reduce(0) { $0 + $1.report.totals.pieces }
        let size = peers.reduce(ByteCount.zero) { $0 + $1.report.totals.size }
        return "\(delivered) of \(wanted) files delivered, "
            + "\(Self.amount(pieces, size)), \(Self.seconds(duration)) s"
    }

    /// One line for each file that was not delivered, and for each rank that was lost.
    package var failures: [String] {
        var lines: [String] = []
        for peer in peers {
            let called = names[peer.rank]
            for case .failure(let name, let reason) in peer.report.failures {
                lines.append("\(name) was not delivered to \(called): \(reason.words)")
            }
            if !peer.trouble.isEmpty { lines.append("\(called): \(peer.trouble)") }
            if peer.isLoss { lines.append("\(called) was lost before it had everything") }
        }
        return lines
    }

    /// Labels have no bytes.
    package static func amount(_ pieces: UInt64, _ size: ByteCount) -> String {
        let counted = pieces == 1 ? "1 piece" : "\(pieces) pieces"
        return size > .zero ? "\(counted), \(size.words)" : counted
    }

    private static func seconds(_ duration: Duration) -> String {
        let hundredths = (duration.wholeNanoseconds + 5_000_000) / 10_000_000
        let rest = String(hundredths % 100)
        return "\(hundredths / 100)." + (rest.count == 1 ? "0" : "") + rest
    }
}

extension FailureReason {
    package var words: String {
        switch self {
        case .unknown: "no rank owns it"
        case .lost: "the last rank that had the missing pieces is gone"
        case .noSpace: "no space is left on its disk"
        case .disk: "its disk failed"
        case .trackerLost: "the tracker fell silent"
        case .ended: "the job ended first"
        case .unready: "it could not begin"
        case .withdrawn: "its owner has removed or changed it"
        case .notThere: "that rank does not have it, or has left"
        case .left: "this rank has left the swarm"
        case .command: "the command of --then failed"
        }
    }
}

extension ByteCount {
    /// The size in the unit that suits it.
    package var words: String {
        let units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"]
        var unit = 0
        var tenths = raw.multipliedReportingOverflow(by: 10).partialValue
        guard raw >= 1024, raw < Int64.max / 10 else { return "\(raw) B" }
        while tenths >= 10240, unit + 1 < units.count {
            tenths = (tenths + 512) / 1024
            unit += 1
        }
        return "\(tenths / 10).\(tenths % 10) \(units[unit])"
    }
}
