package import Vocabulary

/// Rules that no node may break, whatever faults strike it and the others.
package enum SafetyViolation: Equatable, Sendable {
    /// It announced a piece that its disk did not have.
    case announcedUnkept(PieceIndex, by: Rank, to: Rank)
    /// It was about to serve pieces that its disk had not kept.
    case servedUnkept(times: Int)
    /// It reported a content as complete before its disk had all of it.
    case finishedUnkept(by: Rank)
    /// It gave a copy its name though no sealed table proved it, and not each piece was compared
    /// with the publisher's digest.
    case namedUnsealed(by: Rank)
    /// It gave a name to a copy that differs from every publisher's table.
    case namedWrong(by: Rank)
    /// It removed a source of which no copy has its name, or of which the copy differs.
    case removedUncollected(by: Rank)
    /// The final account of the job counts its copy as complete, and it is not.
    case countedComplete(Rank)
    /// The final account of the job counts its copy as incomplete, and it is complete.
    case countedIncomplete(Rank)
    /// It was refused a content that a living rank shares, although neither rank had a fault.
    case countedLost(at: Rank)
    /// It got a content that no rank had any more when it was ordered.
    case deliveredWithdrawn(at: Rank)
    /// An order of its user was answered twice.
    case answeredTwice(at: Rank)
    /// It sent a payload to a rank that it had choked.
    case sentToChoked(Rank, by: Rank)
    /// It had more sends under way than its rules allow.
    case tooManySends(by: Rank)
    /// It had lent more buffers than its rules allow.
    case tooManyReceives(by: Rank)
    /// It got more payloads than it could have requested at once, and never took them.
    case tooManyUnmatched(at: Rank)
    /// It sent bytes that are not a message.
    case saidNonsense(by: Rank)
}
