import Vocabulary

/// How fast the sends of this rank are, how many there may be at once, and when one of them counts
/// as slow.
///
/// Invariant: once links are known to receive no faster than they send, that stays so.
struct SendPace: Sendable {
    private let rules: UploaderRules
    private var outflow = Outflow()
    private var sharing = LinkSharing()
    private var places = LinkPlaces()
    /// The time that a piece takes on the whole link: sends share it, so that each takes longer by
    /// their number.
    private var pieces = Timing()
    /// Bytes per second at which the quickest piece came here; 0 before the first one.
    private var bestReceipt = 0.0

    init(_ rules: UploaderRules) { self.rules = rules }

    /// On request, every neighbour gets all that it asked for: only the network limits the sends.
    static let sendsMax = 1024

    var activeMax: Int {
        switch rules.serving {
        case .onRequest: Self.sendsMax
        case .cooperative:
            max(rules.sendsActiveMax + outflow.places, linkPlaces ?? 1)
        case .titForTat: rules.preferredMax + 1
        }
    }

    /// Whether links receive no faster than they send: several sends then share this rank's link.
    var sharesLinks: Bool { sharing.isNoticed }

    /// The number of sends that share this rank's link; nil where they do not.
    var linkPlaces: Int? { sharesLinks ? places.count : nil }

    /// Where few receivers lack something, one of them may get all sends.
    var perLinkMax: Int { sharesLinks ? activeMax : 1 }

    /// A send counts as slow when it takes more than this number of times as long as usual: sends
    /// that share the link take longer by their number.
    private var slowFactor: Int { sharesLinks ? 2 * activeMax : 2 }

    /// Bytes per second of one send; nil before the first one has ended.
    var usual: Double? { outflow.usual }

    func isSlow(_ rate: Double) -> Bool {
        rate < (outflow.usual ?? rate) / Double(slowFactor)
    }

    /// The time after which the receiver of a send is probably dead.
    func patience(of byteCount: Int) -> Duration { outflow.patience(of: byteCount, rules) }

    /// How long a receiver that wants none of the offered pieces gets no other offer.
    func rest(_ pieceLength: ByteCount) -> Duration { outflow.rest(pieceLength, rules) }

    /// Sets the times at which the send should be about to end, and begins to count as slow.
    /// `answer` is the longest time that an offer should take.
    func schedule(_ send: inout SendRow, answer: Duration?, now: Tick) {
        guard rules.serving == .cooperative else {
            // Each link has a slot of its own, so its next piece may be arranged right away.
            send.timing.nearEnd = now
            return
        }
        let mayBeSlow = !send.isSlow
        guard let usual = outflow.usual else {
            if mayBeSlow {
                send.timing.slowAt = now + firstPatience(of: send.byteCount)
            }
            return
        }
        let expected = Duration.seconds(Double(send.byteCount) / usual)
        if !sharesLinks {
            let answer = answer ?? .zero
            send.timing.nearEnd = now + (expected > answer ? expected - answer : .zero)
        }
        if activeMax == 1 { send.timing.overrunsAt = now + expected / Outflow.full }
        if mayBeSlow { send.timing.slowAt = now + expected * slowFactor + Self.slowGrace }
    }

    private static let slowGrace = Duration.milliseconds(5)

    /// The time after which a send counts as slow though none has ended. The pieces that came here
    /// show what a link gives, and a rank that receives nothing has to guess. If the first send
    /// goes to a slow receiver, nobody else gets anything for that time; if a quick one is taken
    /// for slow, it shares the link with one that is no quicker, and both take twice as long.
    private func firstPatience(of byteCount: Int) -> Duration {
        let guess = max(
            rules.firstSendPatience, .seconds(Double(byteCount) / Double(rules.firstRateMin)))
        guard bestReceipt > 0 else { return guess }
        let receipt = Duration.seconds(Double(byteCount) / bestReceipt)
        return min(guess, receipt * (2 * LinkPlaces.least) + Self.slowGrace)
    }

    mutating func received(_ byteCount: Int, in time: Duration) {
        guard time > .zero else { return }
        bestReceipt = max(bestReceipt, Double(byteCount) / time.inSeconds)
    }

    /// A send has ended. `activeSends` others count as active; `turnaround` is the time that an
    /// answer to an offer takes.
    mutating func sent(
        _ send: SendRow, at rate: Double, activeSends: Int, turnaround: Duration
    ) {
        let count = send.isSlow || send.isStuck ? 0 : activeSends + 1
        if count > 0 { notePlaces(for: send.byteCount, rate * Double(count), turnaround) }
        guard let isFull = outflow.note(rate, among: count), watchesSharing,
            !send.timing.hasOverrun
        else { return }
        if isFull {
            sharing.sendWasFull()
        } else {
            noteShortSend(of: send.byteCount, turnaround: turnaround)
        }
    }

    private mutating func notePlaces(
        for byteCount: Int, _ rate: Double, _ turnaround: Duration
    ) {
        guard rate > 0 else { return }
        pieces.note(.seconds(Double(byteCount) / rate))
        guard pieces.mean > .zero else { return }
        places.note(LinkPlaces.suiting(turnaround / pieces.mean))
    }

    /// Whether sends that leave the link idle still show something.
    var watchesSharing: Bool { rules.serving == .cooperative && !sharesLinks }

    /// A send left the link idle.
    mutating func noteShortSend(of byteCount: Int, turnaround: Duration) {
        guard outflow.best > 0 else { return }
        sharing.sendWasShort(
            pieceTime: .seconds(Double(byteCount) / outflow.best), turnaround: turnaround)
    }

    /// The receiver of a send that left the link idle is slow by itself.
    mutating func shortSendWasSlow() { sharing.shortSendWasSlow() }
}
