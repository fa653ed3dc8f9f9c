import Control
import Swarm
import Vocabulary
import Wire

extension TrackerWarning {
    /// The sentence, with the names of ranks that users know.
    func sentence(_ names: RankNames = RankNames()) -> String {
        func listed(_ ranks: [Rank]) -> String {
            ranks.map { names[$0] }.joined(separator: " and ")
        }
        return switch self {
        case .disagreement(let name, let owners):
            "warning: \(name) is not the same at \(listed(owners)); "
                + "that of \(names[owners[0]]) is served"
        case .lost(let rank): "warning: nothing was heard of \(names[rank]): it counts as lost"
        case .unresponsive(let rank):
            "warning: \(names[rank]) lives, but does not answer: it counts as lost"
        case .died(let rank): "warning: \(names[rank]) has died: it counts as lost"
        case .returned(let rank): "warning: \(names[rank]) is back"
        case .parted(let trackers): "warning: no query reaches \(listed(trackers)) any more"
        case .noted(let rank, let words): "warning: \(names[rank]): \(harmless(words))"
        case .accused(let rank, let complaint, let accuser):
            "warning: \(names[rank]): \(complaint.words(by: names[accuser]))"
        }
    }
}

extension Complaint {
    /// The words after the name of the accused rank.
    func words(by accuser: String) -> String {
        switch self {
        case .nonsense: "its messages make no sense: \(accuser) reads no more of them"
        case .flood:
            "it sends the same messages without end: \(accuser) reads no more of them"
        case .wrongPieces: "it sent wrong pieces: \(accuser) asks it for no more"
        }
    }
}
