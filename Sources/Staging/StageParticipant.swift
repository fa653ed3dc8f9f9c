package import Swarm
package import Vocabulary
package import Wire

/// The work of every rank before a job begins: it sends its survey, lists the sources that it is
/// asked for, and waits for its order.
///
///     waiting → over
///
/// Invariant: while it waits it proves that it lives.
package struct StageParticipant {
    /// The order of this rank. Nil until the machine is over, and also after that if there is no
    /// job, or no rank 0.
    package private(set) var order: StageOrder?
    package private(set) var isOver = false
    /// Rank 0 has died, or was silent for too long.
    package private(set) var isAbandoned = false
    private let interval: Duration
    private let patience: Duration
    private var nextAlive: Tick
    private var heardAt: Tick
    private var pages = PageCollector()
    private let sourceCount: Int

    /// Rank 0 answers every proof of life, unless it merges lists, or is gone.
    package init(
        _ survey: Survey, interval: Duration = .seconds(2), patience: Duration = .seconds(60),
        now: Tick, effects: inout Effects<StageParticipantEffect>
    ) {
        self.interval = interval
        self.patience = patience
        sourceCount = survey.sources.count
        nextAlive = now + interval
        heardAt = now
        for (page, bytes, isLast) in inPages(survey.encoded()) {
            let tail = effects.tail { $0 += bytes }
            let message = TrackerMessage.survey(page: page, isLast: isLast)
            effects.append(.send(.tracker(message), tail, to: .first))
        }
        effects.append(.wake(at: nextAlive))
    }

    package mutating func received(
        _ message: DownloadMessage, tail: RawSpan, from rank: Rank, now: Tick,
        effects: inout Effects<StageParticipantEffect>
    ) throws(WireError) {
        guard rank == .first else { throw .malformed }
        heardAt = now
        switch message {
        case .aliveAck: break
        case .listRequest(let source):
            guard source < sourceCount else { throw .malformed }
            effects.append(.order(.list(source: Int(source))))
        case .claim(let number, let isOn):
            let bytes = try tail.readBytes(tail.byteCount)
            guard let path = String(validating: bytes, as: UTF8.self) else { throw .malformed }
            let claim = ClaimOrder(number: number, path: isOn ? path : nil)
            effects.append(.order(.claim(claim)))
        case .order(let page, let isLast):
            try pages.add(tail, page: page, isLast: isLast)
            guard isLast else { return }
            isOver = true
            let bytes = pages.bytes
            order = bytes.isEmpty ? nil : try unsafe StageOrder(parsing: bytes.span.bytes)
        default: throw .malformed
        }
    }

    /// Sends the list, as the description of a tree, or the reason why there is none, as a text.
    /// The entries that the list leaves out are sent first.
    package func listed(
        source: Int, _ bytes: [UInt8], leftOut: [LeftOut] = [],
        effects: inout Effects<StageParticipantEffect>
    ) {
        for found in leftOut {
            let tail = effects.tail { $0 += found.encoded }
            let message = TrackerMessage.leftOut(
                source: UInt32(source), count: UInt32(clamping: found.count))
            effects.append(.send(.tracker(message), tail, to: .first))
        }
        for (page, part, isLast) in inPages(bytes) {
            let tail = effects.tail { $0 += part }
            let message = TrackerMessage.listing(
                source: UInt32(source), page: page, isLast: isLast)
            effects.append(.send(.tracker(message), tail, to: .first))
        }
    }

    /// Answers a claim of the destination, which `place` identifies.
    package func claimed(
        _ order: ClaimOrder, isFree: Bool, place: UInt64,
        effects: inout Effects<StageParticipantEffect>
    ) {
        let message = TrackerMessage.claimed(
            number: order.number, isFree: isFree, place: place)
        effects.append(.send(.tracker(message), .none, to: .first))
    }

    /// Without rank 0 there will be no order.
    package mutating func died(_ rank: Rank) {
        guard rank == .first, !isOver else { return }
        isOver = true
        isAbandoned = true
    }

    /// Safe to call early or late.
    package mutating func timeout(now: Tick, effects: inout Effects<StageParticipantEffect>) {
        guard !isOver else { return }
        if now - heardAt >= patience {
            isOver = true
            isAbandoned = true
            return
        }
        guard now >= nextAlive else { return }
        nextAlive = now + interval
        effects.append(.send(.tracker(.alive), .none, to: .first))
        effects.append(.wake(at: nextAlive))
    }
}
