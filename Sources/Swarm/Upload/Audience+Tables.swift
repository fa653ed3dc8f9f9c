import Vocabulary
import Wire

/// Digest tables of published contents, for ranks that compare.
extension Audience {
    /// Sends a part of the table to a rank that has the content from elsewhere, or found that its
    /// digests differ.
    mutating func tableRequested(
        _ content: ContentID, _ first: UInt32, _ count: UInt32, by rank: Rank,
        effects: inout Effects<UploaderEffect>
    ) throws(WireError) {
        guard let index = indexOfContent[content] else {
            // The content is being opened here too. A request beyond the limit is dropped, and
            // repeated by its sender.
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

    /// Answers a user's question, which makes the asker no member of the swarm.
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

    /// Answers requests that came before the content was open. Malformed ones are dropped: only
    /// while a message is being read can its sender be blamed for it.
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
