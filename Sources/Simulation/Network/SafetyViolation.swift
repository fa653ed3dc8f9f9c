package import Vocabulary

/// What no node may do, whatever befalls it and the others.
package enum SafetyViolation: Equatable, Sendable {
    /// It told another of a piece that its disk had not kept.
    case announcedUnkept(PieceIndex, by: Rank, to: Rank)
    /// It was about to serve pieces that its disk had not kept.
    case servedUnkept(times: Int)
    /// It said that a content was whole before its disk had all of it.
    case finishedUnkept(by: Rank)
    /// It gave a copy its name before each piece was compared with the publisher's table.
    case namedUnsealed(by: Rank)
    /// It gave a name to a copy that is not what any publisher said.
    case namedWrong(by: Rank)
    /// The last word on the job counts its copy as complete, and it is not.
    case countedComplete(Rank)
    /// The last word on the job counts its copy as incomplete, and it is complete.
    case countedIncomplete(Rank)
    /// It could not have what a living rank shares, although all is well.
    case countedLost(at: Rank)
    /// It got what no rank had any more when it was ordered.
    case deliveredWithdrawn(at: Rank)
    /// An order of its user was answered twice.
    case answeredTwice(at: Rank)
    /// It sent a payload to whom it had told not to ask.
    case sentToChoked(Rank, by: Rank)
    /// It had more sends under way than its rules allow.
    case tooManySends(by: Rank)
    /// It had lent more buffers than its rules allow.
    case tooManyReceives(by: Rank)
    /// More payloads than it could ever have asked for at once came to it and were never taken.
    case tooManyUnmatched(at: Rank)
    /// It sent bytes that are no message.
    case saidNonsense(by: Rank)
}
