import Vocabulary
import Wire

/// From the last piece to the certainty that all of them are what the publisher has.
///
/// Where digests travel with the pieces, whoever sends a piece says what it must be. In the end the
/// publisher's table decides: no file gets its name before ours is found to be the same.
extension Downloader {
    /// Everything is here. Nil of what decides means that it waits for the publisher's word.
    mutating func prove(_ index: Int, _ effects: inout Effects<DownloaderEffect>) {
        transfers[index].stage = .proving
        guard let content = transfers[index].content, let seal = transfers[index].proof.seal else {
            return
        }
        effects.append(.prove(content, table: seal))
    }

    /// The publisher's table is final, and this is its digest.
    mutating func sealed(
        _ content: ContentID, _ tail: RawSpan, _ effects: inout Effects<DownloaderEffect>
    ) throws(WireError) {
        guard let index = transferOfContent[content] else { return }
        guard let seal = PieceDigest(try tail.readBytes(tail.byteCount)) else {
            throw .malformed
        }
        guard transfers[index].proof.seal == nil else { return }
        transfers[index].proof.seal = seal
        if transfers[index].stage == .proving { prove(index, &effects) }
    }

    mutating func tabled(
        _ content: ContentID, _ digest: PieceDigest, _ effects: inout Effects<DownloaderEffect>
    ) {
        let tail = effects.tail { $0 += digest.bytes }
        effects.append(.send(.tracker(.seal(content)), tail, to: rules.tracker))
    }

    mutating func proven(_ content: ContentID, _ effects: inout Effects<DownloaderEffect>) {
        guard let index = transferOfContent[content], transfers[index].stage == .proving else {
            return
        }
        transfers[index].proof.isProven = true
        piecesAreHere(index, &effects)
    }

    /// Some of our digests are not the publisher's: its whole table is asked for, part by part.
    mutating func unproven(_ content: ContentID, _ effects: inout Effects<DownloaderEffect>) {
        guard let index = transferOfContent[content], transfers[index].stage == .proving else {
            return
        }
        transfers[index].proof.compared = 0
        askTable(index, &effects)
    }

    func askTable(_ index: Int, _ effects: inout Effects<DownloaderEffect>) {
        guard let content = transfers[index].content, let geometry = transfers[index].geometry,
            let publisher = transfers[index].proof.publisher,
            let first = transfers[index].proof.compared
        else { return }
        let count = min(DigestPage.countMax, geometry.pieceCount - first)
        let message = UploadMessage.tableRequest(
            content, first: UInt32(first), count: UInt32(count))
        effects.append(.send(.upload(message), .none, to: publisher))
    }

    mutating func tableCame(
        _ content: ContentID, _ first: UInt32, _ count: UInt32, _ tail: RawSpan,
        from source: Rank, _ effects: inout Effects<DownloaderEffect>
    ) throws(WireError) {
        guard let index = transferOfContent[content], let geometry = transfers[index].geometry,
            transfers[index].stage == .proving, transfers[index].proof.publisher == source,
            transfers[index].proof.compared == Int(first)
        else { return }
        guard count > 0, Int(first) + Int(count) <= geometry.pieceCount,
            tail.byteCount.isMultiple(of: Int(count)),
            tail.byteCount / Int(count) <= PieceDigest.byteCountMax, tail.byteCount > 0
        else { throw .malformed }
        // What comes twice is not compared twice.
        transfers[index].proof.compared = nil
        transfers[index].proof.comparing = Int(first) + Int(count)
        let bytes = try tail.readBytes(tail.byteCount)
        let digests = effects.tail { $0 += bytes }
        effects.append(.compare(content, first: Int(first), digests: digests))
    }

    /// What is wrong is fetched anew; the table is known now, and what comes is held to it.
    mutating func compared(
        _ content: ContentID, wrong: [PieceIndex], _ effects: inout Effects<DownloaderEffect>
    ) {
        guard let index = transferOfContent[content], transfers[index].stage == .proving,
            let geometry = transfers[index].geometry
        else { return }
        for piece in wrong where transfers[index].have.contains(piece) {
            totals.violations += 1
            transfers[index].lost(piece)
            effects.append(.tell(.pieceDropped(piece, of: content)))
        }
        guard transfers[index].proof.comparing == geometry.pieceCount else {
            transfers[index].proof.compared = transfers[index].proof.comparing
            return askTable(index, &effects)
        }
        transfers[index].proof.isProven = true
        guard !transfers[index].have.isFull else { return piecesAreHere(index, &effects) }
        transfers[index].stage = .fetching
        askSwarm(index, &effects)
    }
}

/// The part of a table that one tail carries.
enum DigestPage {
    /// Of the longest digests.
    static let countMax = Head.tailMax / PieceDigest.byteCountMax
}
