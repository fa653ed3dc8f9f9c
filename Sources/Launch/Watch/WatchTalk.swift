package import Vocabulary

/// The protocol between the two ends of a connection between ranks.
///
///     greeting → greeted → parted
///     greeting → refused
///
/// Each end greets with the token and its own rank; the end that listens greets second, and inverts
/// the bits of the token, so that an echo is no greeting. Then come notices of four bytes: a rank
/// that has died, or one of two farewells. Invariant: an end that was not greeted is never reported
/// as dead, nor is one that has sent a farewell.
package struct WatchTalk: Sendable {
    package enum Event: Equatable, Sendable {
        case greeted(Rank)
        case died(Rank)
        /// The other end has taken leave; `withLosses` if it knows of lost ranks.
        case parted(withLosses: Bool)
    }

    package enum Stage: Equatable, Sendable {
        case greeting, greeted, parted, refused
    }

    package static let greetingCount = WatchPost.tokenCount + noticeCount
    private static let noticeCount = 4
    private static let farewellNumber = Int32(-1)
    private static let lossesNumber = Int32(-2)

    package private(set) var stage = Stage.greeting
    /// The rank at the other end; if that end connected, the rank that it claims to be.
    package private(set) var other: Rank?
    private let token: [UInt8]
    package let isListening: Bool
    private let rankCount: Int
    private var waiting: [UInt8] = []

    /// Creates the end that connects to `other`.
    package init(calling other: Rank, token: [UInt8], rankCount: Int) {
        self.other = other
        self.token = token
        self.rankCount = rankCount
        isListening = false
    }

    /// Creates the end that listens.
    package init(calledWith token: [UInt8], rankCount: Int) {
        self.token = token
        self.rankCount = rankCount
        isListening = true
    }

    package func greeting(of rank: Rank) -> [UInt8] {
        (isListening ? token.map { ~$0 } : token) + Self.notice(rank.raw)
    }

    package static func death(of rank: Rank) -> [UInt8] { notice(rank.raw) }

    package static func farewell(withLosses: Bool = false) -> [UInt8] {
        notice(withLosses ? lossesNumber : farewellNumber)
    }

    private static func notice(_ number: Int32) -> [UInt8] {
        (0..<noticeCount).map { UInt8(truncatingIfNeeded: number >> Int32(8 * $0)) }
    }

    /// Takes bytes from the other end, in parts of any length.
    package mutating func received(_ bytes: some Sequence<UInt8>) -> [Event] {
        var events: [Event] = []
        for byte in bytes where stage == .greeting || stage == .greeted {
            waiting.append(byte)
            let count = stage == .greeting ? Self.greetingCount : Self.noticeCount
            guard waiting.count == count else { continue }
            if let event = took() { events.append(event) }
            waiting.removeAll(keepingCapacity: true)
        }
        return events
    }

    private mutating func took() -> Event? {
        let number = waiting.suffix(Self.noticeCount).reversed()
            .reduce(Int32(0)) { $0 << 8 | Int32($1) }
        guard stage == .greeted else { return greeted(by: number) }
        if number == Self.farewellNumber || number == Self.lossesNumber {
            stage = .parted
            return .parted(withLosses: number == Self.lossesNumber)
        }
        return isRank(number) ? .died(Rank(number)) : nil
    }

    private mutating func greeted(by number: Int32) -> Event? {
        let expected = isListening ? token : token.map { ~$0 }
        // All bytes are compared, so that the time of the comparison does not show where they
        // differ.
        let difference = zip(waiting, expected).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) }
        guard difference == 0, isRank(number), other == nil || other?.raw == number else {
            stage = .refused
            return nil
        }
        other = Rank(number)
        stage = .greeted
        return .greeted(Rank(number))
    }

    package mutating func refuse() { stage = .refused }

    private func isRank(_ number: Int32) -> Bool { (0..<rankCount).contains(Int(number)) }

    /// The rank that is dead if the connection ends now; nil if its end would be no death.
    package var deadAtEnd: Rank? { stage == .greeted ? other : nil }
}
