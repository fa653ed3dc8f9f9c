import Content
import Control
import Node
import Storage
import Swarm
import Vocabulary

/// The log of a peer, which records its events.
struct ChokingLog: Sendable {
    private let log: LineLog
    private let input: ChokingInput
    private let trackerCount: Int
    private let rank: Rank
    /// Nanoseconds since 1970 at the origin of ticks.
    private let epoch: UInt64

    init(
        _ log: LineLog, _ input: ChokingInput, trackerCount: Int, rank: Rank, clock: ProcessClock
    ) {
        self.log = log
        self.input = input
        self.trackerCount = trackerCount
        self.rank = rank
        epoch = wallClock() - clock.now.nanoseconds
    }

    var witness: EventObserver { EventObserver { note($0, at: $1) } }

    private func id(_ rank: Rank) -> PeerID {
        input.peer(at: rank, trackerCount: trackerCount).id
    }

    private func note(_ happening: Happening, at moment: Tick) {
        // A pair is one connection, though each of two threads of both has to do with the other.
        if case .met(let other) = happening {
            let event: LogEvent =
                rank > other ? .connects(to: id(other)) : .isConnected(from: id(other))
            return log.append(at: moment, onceFor: other) { line(event, at: $0) }
        }
        guard let event = event(of: happening) else { return }
        log.append(at: moment) { line(event, at: $0) }
    }

    private func event(of happening: Happening) -> LogEvent? {
        switch happening {
        case .began(_, let held): held > 0 ? .continues(with: held) : nil
        case .met: nil
        // Without interested neighbours there is no neighbour to name.
        case .preferred(let ranks): ranks.isEmpty ? nil : .prefers(ranks.map(id))
        case .optimistic(let rank): .servesInTurn(id(rank))
        case .unchoked(let rank): .isUnchoked(by: id(rank))
        case .choked(let rank): .isChoked(by: id(rank))
        case .have(let piece, _, let rank): .heard(of: piece.position, from: id(rank))
        case .interested(let rank, let geometry):
            geometry == input.terms.geometry ? .interested(id(rank)) : nil
        case .uninterested(let rank, let geometry):
            geometry == input.terms.geometry ? .uninterested(id(rank)) : nil
        case .stored(let piece, _, let rank, let count):
            .downloaded(piece.position, from: id(rank), count: count)
        case .completed: .isComplete
        }
    }

    private func line(_ event: LogEvent, at moment: Tick) -> String {
        let time = epoch + moment.nanoseconds
        let date = CalendarDate(secondsSince1970: Int64(time / 1_000_000_000))
        let text = date.isoText(milliseconds: Int(time / 1_000_000 % 1000))
        return "[\(text)]: \(event.sentence(of: id(rank)))\n"
    }
}
