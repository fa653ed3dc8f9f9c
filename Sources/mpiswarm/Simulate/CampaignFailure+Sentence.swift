import Simulation
import Vocabulary

extension CampaignFailure {
    /// The failure in one line.
    var sentence: String {
        var parts = violations.map(\.sentence)
        if !missing.isEmpty {
            let who = missing.map { "\($0)" }.joined(separator: ", ")
            let ranks = missing.count == 1 ? "rank \(who)" : "ranks \(who)"
            let deed = isOrphaned ? "neither finished nor gave up" : "did not finish"
            parts.append("\(ranks) \(deed) in \(fixed((end - .zero).inSeconds, 1)) s")
        }
        return parts.joined(separator: "; ")
    }
}

extension SafetyViolation {
    var sentence: String {
        switch self {
        case .announcedUnkept(let piece, let source, let destination):
            "rank \(source) announced piece \(piece) to rank \(destination), "
                + "which its disk had not kept"
        case .servedUnkept(let times):
            "pieces were read to be served that the disk had not kept, \(times) times"
        case .finishedUnkept(let rank): "rank \(rank) finished before its disk had every piece"
        case .namedUnsealed(let rank):
            "rank \(rank) named its copy before the publisher's table had confirmed every piece"
        case .namedWrong(let rank):
            "rank \(rank) named a copy that differs from what the publisher sealed"
        case .removedUncollected(let rank):
            "rank \(rank) removed its source, of which no right copy had its name"
        case .countedComplete(let rank):
            "the copy of rank \(rank) counts as complete, and is not"
        case .countedIncomplete(let rank):
            "the copy of rank \(rank) is complete, and counts as incomplete"
        case .countedLost(let rank):
            "rank \(rank) could not have what a living rank shares"
        case .deliveredWithdrawn(let rank):
            "rank \(rank) got what had been withdrawn everywhere before it was ordered"
        case .answeredTwice(let rank): "an order of rank \(rank) was answered twice"
        case .sentToChoked(let rank, let source):
            "rank \(source) sent a piece to rank \(rank), which it had choked"
        case .tooManySends(let rank): "rank \(rank) had too many sends under way"
        case .tooManyReceives(let rank): "rank \(rank) had lent too many buffers"
        case .tooManyUnmatched(let rank):
            "too many pieces arrived for which no request waited at rank \(rank)"
        case .saidNonsense(let rank): "rank \(rank) sent bytes that are no message"
        }
    }
}
