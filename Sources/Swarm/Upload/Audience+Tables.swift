import Vocabulary
import Wire

/// Digests of what we publish, for those who compare.
extension Audience {
    /// A rank that has the same from elsewhere, or found that its digests are not ours, asks what
    /// ours are.
    mutating func tableRequested(
        _ content: ContentID, _ first: UInt32, _ count: UInt32, by rank: Rank,
        effects: inout Effects<UploaderEffect>
    ) throws(WireError) {
        guard let index = indexOfContent[content] else {
            // What it asks for is being opened here too. Beyond the limit it will ask again.
            let early = EarlyTableRequest(content: content, first: first, count: count, by: rank)
            guard earlyTableRequests.count < Self.earlyTableRequestsMax,
                !earlyTableRequests.contains(early)
            else { return }
            return earlyTableRequests.append(early)
        }
        guard count > 0, count <= DigestPage.countMax,
            Int(first) + Int(count) <= contents[index].geometry.pieceCount
        else { throw .malformed }
        effects.append(.sendTable(content, first: Int(first), count: Int(count), to: rank))
    }

    /// A user wants to know, and takes no part in the swarm by that.
    func holdingAsked(
        _ content: ContentID, _ first: UInt32, by rank: Rank, isAway: Bool,
        _ effects: inout Effects<UploaderEffect>
    ) throws(WireError) {
        guard first % 8 == 0 else { throw .malformed }
        guard let index = indexOfContent[content], !isAway,
            Int(first) < contents[index].geometry.pieceCount
        else {
            let nothing = DownloadMessage.holding(content, first: first, count: 0, pieces: 0)
            return effects.append(.send(.download(nothing), .none, to: rank))
        }
        let held = contents[index].held
        let count = min(BitPage.pieceCountMax, held.capacity - Int(first))
        let bits = effects.tail { $0.writeBits(of: held, first: Int(first), count: count) }
        let message = DownloadMessage.holding(
            content, first: first, count: UInt32(count), pieces: UInt32(held.capacity))
        effects.append(.send(.download(message), bits, to: rank))
    }

    private static let earlyTableRequestsMax = 256

    /// Answers what was asked before the content was open. What was nonsense is dropped: its
    /// sender is not at hand to be told.
    mutating func answerEarlyTableRequests(
        of content: ContentID, _ effects: inout Effects<UploaderEffect>
    ) {
        let early = earlyTableRequests.filter { $0.content == content }
        guard !early.isEmpty else { return }
        earlyTableRequests.removeAll { $0.content == content }
        for request in early {
            do throws(WireError) {
                try tableRequested(
                    content, request.first, request.count, by: request.by, effects: &effects)
            } catch { continue }
        }
    }
}
