import Swarm
import Vocabulary
import Wire

/// The ranks that may still announce a file: those that look at their folders for the first time,
/// and those that read long files.
struct AnnouncementDelay: Equatable, Sendable {
    let looking: [Rank]
    let reading: [Rank]

    init(_ entries: [RollEntry]) {
        looking = entries.filter { [.absent, .looking].contains($0.presence) }.map(\.rank)
        reading = entries.filter { $0.presence == .reading }.map(\.rank)
    }

    /// Nil if there are no such ranks.
    var words: String? {
        if !looking.isEmpty {
            let folders = looking.count == 1 ? "its folder" : "their folders"
            return "\(Self.subject(looking)) still looking at the files of \(folders)"
        }
        return reading.isEmpty ? nil : "\(Self.subject(reading)) still reading files"
    }

    /// At most this many ranks are named.
    private static let namedMax = 8

    private static func subject(_ ranks: [Rank]) -> String {
        guard ranks.count > 1 else { return "rank \(ranks[0]) is" }
        guard ranks.count <= namedMax else { return "\(ranks.count) ranks are" }
        let list = ranks.dropLast().map { "\($0)" }.joined(separator: ", ")
        return "ranks \(list) and \(ranks[ranks.count - 1]) are"
    }

    /// The line for a user who waits for a file.
    func line(_ what: String) -> Answer {
        Answer(("waiting", .text(what)), ("reason", words.map { .text($0) } ?? .none))
    }
}
