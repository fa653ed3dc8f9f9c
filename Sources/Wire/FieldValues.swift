/// The swarms that a query asks for.
package enum Selector: UInt32, FieldValue {
    /// The swarms of the name in the tail.
    case name = 1
    /// The swarm of the content in the head.
    case content = 2
    /// All contents. Only trackers send this.
    case catalog = 4
    /// All peers. Only trackers send this.
    case roll = 5
}

/// The fate of a peer, which its tracker reports to the tracker that counts.
package enum PeerNews: UInt32, FieldValue {
    /// Its lease has expired.
    case lost = 1
    /// It has sent a message again.
    case returned = 2
    /// It left because its user wanted that, and may come again.
    case left = 3
    /// It had left, and its lease has expired.
    case vanished = 4
    /// It has announced all files that lay in its folders when it began.
    case looked = 5
}

/// The phase of a job.
package enum JobPhase: UInt32, FieldValue {
    /// Some lists are still missing.
    case gathering = 1
    case running = 2
}

/// The answer of a peer before anything moves.
package enum Readiness: UInt32, FieldValue {
    case ready = 1
    /// Its order makes no sense: the job ends.
    case badInput = 2
    /// Its own disk is unfit: this peer alone fails.
    case notReady = 3
    /// Something is not as the user asked; the peer continues.
    case warned = 4
}

/// The attitude of an uploader to a neighbour that lacks what it holds.
package enum Stance: UInt32, FieldValue {
    /// The neighbour must not ask.
    case choked = 1
    /// The neighbour may ask.
    case open = 2
    /// The neighbour waits for offers.
    case offering = 3
}

/// The reason why a request is refused.
package enum Refusal: UInt32, FieldValue {
    case notHeld = 1
    case choked = 2
    case noSuchContent = 3
    case cancelled = 4
    case shuttingDown = 5
    /// The disk of the uploader failed.
    case unreadable = 6
    /// The uploader keeps no more requests of one neighbour.
    case tooMany = 7
    /// The send that was offered went to another receiver meanwhile.
    case busy = 8
}

/// The reason why a rank is no longer believed.
package enum Complaint: UInt32, FieldValue {
    /// Its messages make no sense.
    case nonsense = 1
    /// The pieces that it sent were wrong.
    case wrongPieces = 2
    /// It sends the same message again and again.
    case flood = 3
}

/// A value that fills one field of a head.
package protocol FieldValue: RawRepresentable, CaseIterable, Sendable where RawValue == UInt32 {}

extension FieldValue {
    init(field: UInt32) throws(WireError) {
        guard let value = Self(rawValue: field) else { throw .malformed }
        self = value
    }
}

extension Bool {
    var bit: UInt32 { self ? 1 : 0 }
}
