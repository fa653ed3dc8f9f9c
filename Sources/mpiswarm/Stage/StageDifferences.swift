import CommandLine
import Staging
import Swarm
import Vocabulary

/// The differences of a job's copies from SOURCE, as lines of text.
struct StageDifferences {
    let peers: [PeerRow]
    let plan: StagePlan
    let name: (Rank) -> String

    /// A line for each entry that is named, and one with the number of the others.
    var lines: [String] {
        peers.flatMap { peer -> [String] in
            guard let folder = plan.orders[peer.rank]?.landing?.folder else { return [] }
            let list = peer.report.differences
            let start = name(peer.rank)
            let named = list.named.filter { !$0.kind.isOfSource }
            var lines = named.map {
                "\(start): \($0.kind.words): \(harmless("\(folder)/\($0.path)"))"
            }
            let more = list.total - list[.taken] - list[.kept] - UInt64(named.count)
            if more > 0 { lines.append("\(start): and \(more) more") }
            return lines
        }
    }

    /// The numbers of all copies together, without those that are zero.
    var counts: [String] {
        Difference.Kind.allCases.compactMap { kind in
            let count = self[kind]
            return count == 0 ? nil : "\(count) \(kind.words)"
        }
    }

    subscript(kind: Difference.Kind) -> UInt64 {
        peers.reduce(0) { $0 &+ $1.report.differences[kind] }
    }

    /// A line for each entry that could not be removed.
    var failures: [String] {
        peers.flatMap { peer -> [String] in
            guard let folder = plan.orders[peer.rank]?.landing?.folder else { return [] }
            return peer.report.differences.named.filter { $0.kind == .stuck }.map {
                "\(name(peer.rank)): not removed: \(harmless("\(folder)/\($0.path)"))"
            }
        }
    }

    /// Whether these differences make the exit code 1.
    func isWrong(_ options: StageOptions) -> Bool {
        let decisive = options.check ? Difference.Kind.allCases : [.stuck, .kept]
        return decisive.contains { self[$0] > 0 }
    }

    /// The line about extra entries after a job that copies; nil if there are none.
    func extras(isDeleting: Bool) -> String? {
        let (extra, removed) = (self[.extra], self[.removed])
        if isDeleting {
            let (count, verb) = extra > 0 ? (extra, "would be removed") : (removed, "removed")
            return count == 0 ? nil : "\(entries(count)) that SOURCE lacks: \(verb)"
        }
        guard extra > 0 else { return nil }
        let copies = peers.count { $0.report.differences[.extra] > 0 }
        return "\(entries(extra)) in \(copies) \(copies == 1 ? "copy" : "copies") that SOURCE "
            + "lacks; --delete removes them"
    }

    private func entries(_ count: UInt64) -> String {
        count == 1 ? "1 file or folder" : "\(count) files and folders"
    }
}

extension Difference.Kind {
    /// What happened to a source after it was collected is no difference of a copy.
    var isOfSource: Bool { self == .taken || self == .kept }

    var words: String {
        switch self {
        case .missing: "missing"
        case .different: "different"
        case .extra: "extra"
        case .removed: "removed"
        case .stuck, .kept: "not removed"
        case .taken: "removed"
        }
    }
}
