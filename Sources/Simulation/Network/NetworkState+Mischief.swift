import Vocabulary
import Wire

/// The wrong behaviour of dishonest endpoints, applied as messages leave. Messages to the tracker
/// are spared, except that their bytes may be spoilt: a job that a lying final report keeps open
/// proves nothing.
extension NetworkState {
    private static let floodCount = 8
    private static let floodEvery = 4
    /// One message in this many is spoilt.
    private static let spoiltEvery = 4

    mutating func sendMischievously(
        _ message: RawSpan, from source: Rank, to destination: Rank, tag: Tag
    ) -> Bool {
        let mischief = mischief[Int(source.raw)]
        let tagByte = UInt8(tag.rawValue)
        guard tag != .tracker, message.byteCount >= Head.byteCount else {
            post(message, from: source, to: destination, tag: tagByte)
            return true
        }
        var bytes = unsafe message.withUnsafeBytes { unsafe Array($0) }
        if mischief.contains(.silent), isAnswer(bytes[0]) {
            fired[FaultKind.silent.rawValue] += 1
            return true
        }
        if mischief.contains(.staleHave), bytes[0] == DownloadMessage.Kind.bitfield.rawValue {
            claimEverything(&bytes)
        }
        if mischief.contains(.malformed), mischiefChance.below(Self.spoiltEvery) == 0 {
            bytes[mischiefChance.below(bytes.count)] ^= UInt8(1 + mischiefChance.below(255))
            fired[FaultKind.malformed.rawValue] += 1
        }
        let isFlood = mischief.contains(.flood) && mischiefChance.below(Self.floodEvery) == 0
        let copies = isFlood ? Self.floodCount : 1
        if copies > 1 { fired[FaultKind.flood.rawValue] += 1 }
        for _ in 0..<copies {
            post(unsafe bytes.span.bytes, from: source, to: destination, tag: tagByte)
        }
        return true
    }

    private func isAnswer(_ kind: UInt8) -> Bool {
        kind == DownloadMessage.Kind.ack.rawValue || kind == DownloadMessage.Kind.nack.rawValue
    }

    /// Sets all bits of a bitfield, but not those behind the last piece.
    private mutating func claimEverything(_ bytes: inout [UInt8]) {
        let count = (0..<4).reduce(0) { $0 | Int(bytes[28 + $1]) << ($1 * 8) }
        for piece in 0..<min(count, (bytes.count - Head.byteCount) * 8) {
            bytes[Head.byteCount + piece / 8] |= 1 << UInt8(piece % 8)
        }
        fired[FaultKind.staleHave.rawValue] += 1
    }

    /// The payload that is sent instead; nil where none is.
    mutating func spoil(_ payload: SimulatedPayload, of rank: Int) -> SimulatedPayload? {
        let mischief = mischief[rank]
        guard !mischief.contains(.silent) else { return nil }
        var payload = payload
        if mischief.contains(.wrongBytes) {
            payload.version = SimulatedPayload.spoilt
            fired[FaultKind.wrongBytes.rawValue] += 1
        }
        if mischief.contains(.wrongPiece) {
            payload.piece ^= 1
            fired[FaultKind.wrongPiece.rawValue] += 1
        }
        return payload
    }
}
