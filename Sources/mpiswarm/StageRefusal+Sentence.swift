import Staging
import Vocabulary

extension StageRefusal {
    /// Bad usage and input, or only something that nobody has.
    var exitStatus: Int32 { if case .incomplete = self { 1 } else { 2 } }

    var sentence: String {
        switch self {
        case .nowhere(let source): "no rank that may read it has \(harmless(source))"
        case .rank(let rank, let words): "rank \(rank): \(harmless(words))"
        case .disagreement(let path, let one, let other):
            "\(harmless(path.description)) is not the same at rank \(one) and rank \(other)"
        case .sameName(let path): "two sources are called \(harmless(path.description))"
        case .tooMuch: "the sources are more than can be described"
        case .badListing(let rank): "rank \(rank) sent a list that makes no sense"
        case .incomplete(let path, let more):
            "no rank has \(harmless(path.description)) as it is described"
                + (more == 0 ? "" : ", and \(more) more files are nowhere either")
        case .noReceiver: "no rank is to have a copy"
        }
    }
}
