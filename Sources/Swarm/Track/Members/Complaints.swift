import Vocabulary
import Wire

/// The complaints of other ranks about one rank: that its messages make no sense, or never end.
///
/// One accuser may be wrong itself: a rank that floods another one gets an answer to each message,
/// and takes the answers for a flood. The rank is therefore named when a second rank agrees, or at
/// the end of the job.
struct Complaints: Sendable {
    /// A rank counts as an accuser once its complaints weigh this much: one message may have been
    /// spoilt on its way.
    static let weightMin = 2

    private(set) var first: (complaint: Complaint, accuser: Rank)?
    private var weights: [Rank: Int] = [:]
    /// The time of the first check at which the rank had made no progress since it was accused, or
    /// since its last progress.
    private var quietSince: Tick?
    /// The weight of the rank's messages that made no sense to its tracker.
    private var senselessWeight = 0
    /// Whether a warning that names the rank was printed.
    private(set) var isNamed = false
    var isExpelled = false

    /// Whether two ranks agree, however much their complaints weigh.
    var areConfirmed: Bool { weights.count > 1 }

    var accuserCount: Int { weights.values.count { $0 >= Self.weightMin } }

    mutating func progressed() { quietSince = nil }

    /// Whether an accused rank has made no progress for two leases, or for half of one where two
    /// ranks accuse it.
    mutating func areFinal(now: Tick, lease: Duration) -> Bool {
        guard accuserCount > 0 else { return false }
        let since = quietSince ?? now
        quietSince = since
        return now - since >= (accuserCount > 1 ? lease / 2 : lease * 2)
    }

    mutating func note(_ complaint: Complaint, weight: Int, by accuser: Rank) {
        if first == nil { first = (complaint, accuser) }
        weights[accuser, default: 0] += weight
    }

    /// Notes a complaint of the tracker itself. Returns true once its complaints weigh enough.
    mutating func noteOwn(weight: Int) -> Bool {
        senselessWeight += weight
        return senselessWeight >= Self.weightMin
    }

    /// Marks the rank as named. Returns false if it was named before.
    mutating func name() -> Bool {
        defer { isNamed = true }
        return !isNamed
    }
}

extension Complaint {
    /// The weight of a complaint; nil if the accused rank may stay. A flood weighs as much as many
    /// messages.
    var weight: Int? {
        switch self {
        case .nonsense: 1
        case .flood: Complaints.weightMin
        case .wrongPieces: nil
        }
    }
}
