import Vocabulary
import Wire

/// The complaints of other ranks about one rank: that its messages make no sense, or never end.
///
/// One accuser may be wrong itself: a rank that floods another one gets an answer to each message,
/// and takes the answers for a flood. The rank is therefore named when a second rank agrees, or at
/// the end of the job.
struct Complaints {
    /// A rank counts as an accuser once its complaints weigh this much: one message may have been
    /// spoilt on its way.
    static let weightMin = 2

    private(set) var first: (complaint: Complaint, accuser: Rank)?
    private var weights: [Rank: Int] = [:]

    /// Whether two ranks agree, however much their complaints weigh.
    var areConfirmed: Bool { weights.count > 1 }

    var accuserCount: Int { weights.values.count { $0 >= Self.weightMin } }

    mutating func note(_ complaint: Complaint, weight: Int, by accuser: Rank) {
        if first == nil { first = (complaint, accuser) }
        weights[accuser, default: 0] += weight
    }
}

extension Complaint {
    /// Nil where the accused rank may stay. A flood is many messages.
    var weight: Int? {
        switch self {
        case .nonsense: 1
        case .flood: Complaints.weightMin
        case .wrongPieces: nil
        }
    }
}
