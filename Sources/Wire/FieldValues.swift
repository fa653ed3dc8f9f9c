/// How a swarm is asked for.
package enum Selector: UInt32, FieldValue {
    /// The tail is the name.
    case name = 1
    /// The head's content is meant.
    case content = 2
    /// Everything is meant. Only trackers ask like this.
    case catalog = 4
    /// All peers are meant. Only trackers ask like this.
    case roll = 5
}

/// What became of a peer, as its tracker tells the one that counts.
package enum PeerNews: UInt32, FieldValue {
    /// Nothing was heard of it for a lease.
    case lost = 1
    /// It spoke again.
    case returned = 2
    /// It went as its user wished, and may come again.
    case left = 3
    /// It had left, and nothing is heard of it any more.
    case vanished = 4
    /// It has announced what lay in its folders when it began.
    case looked = 5
}

/// How far a job is.
package enum JobPhase: UInt32, FieldValue {
    /// Lists are still coming in.
    case gathering = 1
    case running = 2
}

/// What a peer says of itself before anything moves.
package enum Readiness: UInt32, FieldValue {
    case ready = 1
    /// What I was told to do makes no sense: the job is ended.
    case badInput = 2
    /// My own disk will not do: I fail alone.
    case notReady = 3
    /// Not all is as it was wished, and I go on.
    case warned = 4
}

/// What an uploader wants of a neighbour that lacks what it holds.
package enum Stance: UInt32, FieldValue {
    /// Do not ask.
    case choked = 1
    /// Ask.
    case open = 2
    /// Wait for my offers.
    case offering = 3
}

/// Why a request is not served.
package enum Refusal: UInt32, FieldValue {
    case notHeld = 1
    case choked = 2
    case noSuchContent = 3
    case cancelled = 4
    case shuttingDown = 5
    /// My own disk failed.
    case unreadable = 6
    /// More requests of yours are waiting than I keep.
    case tooMany = 7
}

/// Why a rank is not believed any more.
package enum Complaint: UInt32, FieldValue {
    /// Its messages make no sense.
    case nonsense = 1
    /// The pieces that it sent were not the content's.
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
