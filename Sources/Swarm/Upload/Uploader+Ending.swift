import Vocabulary
import Wire

/// The end of the job. A swarm of small files may be complete before the first message of a
/// neighbour has arrived, and that message is the only sign of it that this rank ever gets.
extension Uploader {
    /// How long the messages of neighbours that introduce themselves may take.
    static let greetingPatience = Duration.seconds(1)

    mutating func end(
        _ note: DownloaderNote, now: Tick, _ effects: inout Effects<UploaderEffect>
    ) {
        guard stage != .over, endsBy == nil else { return }
        effects.append(.tell(note))
        endsBy = now + Self.greetingPatience
        stage = .leaving
        guard isDone(now: now) else { return }
        stage = .over
        effects.append(.ended)
    }

    /// Answers the query of a rank while this one serves no other.
    mutating func turnAway(_ rank: Rank, _ effects: inout Effects<UploaderEffect>) {
        guard endsBy == nil else { return audience.met(rank, &effects) }
        effects.append(.send(.download(.gone), .none, to: rank))
    }

    /// Whether nothing keeps this rank, which has left.
    func isDone(now: Tick) -> Bool {
        guard let endsBy else { return dispatch.sends.allSatisfy(\.isStuck) }
        return endsBy <= now || rules.greeters.allSatisfy { audience.place(of: $0) != nil }
    }
}
