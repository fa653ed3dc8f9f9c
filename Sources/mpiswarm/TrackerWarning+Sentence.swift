import Swarm
import Vocabulary

extension TrackerWarning {
    var sentence: String {
        switch self {
        case .disagreement(let name, let owners):
            "warning: \(name) is not the same at "
                + owners.map { "rank \($0)" }.joined(separator: " and ")
                + "; that of rank \(owners[0]) is served"
        case .lost(let rank): "warning: nothing was heard of rank \(rank): it counts as lost"
        case .returned(let rank): "warning: rank \(rank) is back"
        case .noted(let rank, let words): "warning: rank \(rank): \(harmless(words))"
        }
    }
}
