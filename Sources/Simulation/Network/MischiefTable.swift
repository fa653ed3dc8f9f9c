import Vocabulary
import Wire

/// The wrong behaviour of dishonest endpoints, applied as messages leave. Messages to the tracker
/// are spared: a job that a lying final report keeps open proves nothing.
struct MischiefTable {
    /// By rank; empty where all are honest.
    var byRank: [Mischief] = []
    private var chance: Chance

    private static let floodCount = 8
    private static let floodEvery = 4
    /// One message in this many is spoilt.
    private static let spoiltEvery = 4

    init(seed: UInt64) { chance = Chance(seed: seed ^ 0x6D69_7363) }

    @inline(__always)
    func isHonest(_ rank: Int) -> Bool { byRank.isEmpty || byRank[rank].isEmpty }

    /// The bytes that leave instead of a message, and the number of times that they do. `fired`
    /// counts the effects of each kind of fault.
    mutating func spoil(
        _ message: RawSpan, of rank: Int, tag: Tag, _ fired: inout [Int]
    ) -> (bytes: [UInt8], copies: Int) {
        let mischief = byRank[rank]
        var bytes = unsafe message.withUnsafeBytes { unsafe Array($0) }
        guard tag != .tracker, bytes.count >= Head.byteCount else { return (bytes, 1) }
        if mischief.contains(.silent), Self.isAnswer(bytes[0]) {
            fired[FaultKind.silent.rawValue] += 1
            return ([], 0)
        }
        if mischief.contains(.staleHave), bytes[0] == DownloadMessage.Kind.bitfield.rawValue {
            Self.claimEverything(&bytes)
            fired[FaultKind.staleHave.rawValue] += 1
        }
        if mischief.contains(.malformed), chance.below(Self.spoiltEvery) == 0 {
            bytes[chance.below(bytes.count)] ^= UInt8(1 + chance.below(255))
            fired[FaultKind.malformed.rawValue] += 1
        }
        guard mischief.contains(.flood), chance.below(Self.floodEvery) == 0 else {
            return (bytes, 1)
        }
        fired[FaultKind.flood.rawValue] += 1
        return (bytes, Self.floodCount)
    }

    private static func isAnswer(_ kind: UInt8) -> Bool {
        kind == DownloadMessage.Kind.ack.rawValue || kind == DownloadMessage.Kind.nack.rawValue
    }

    /// Sets all bits of a bitfield, but not those behind the last piece.
    private static func claimEverything(_ bytes: inout [UInt8]) {
        let count = (0..<4).reduce(0) { $0 | Int(bytes[28 + $1]) << ($1 * 8) }
        for piece in 0..<min(count, (bytes.count - Head.byteCount) * 8) {
            bytes[Head.byteCount + piece / 8] |= 1 << UInt8(piece % 8)
        }
    }

    /// The payload that is sent instead; nil where none is.
    func spoil(
        _ payload: SimulatedPayload, of rank: Int, _ fired: inout [Int]
    ) -> SimulatedPayload? {
        let mischief = byRank[rank]
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
