import Vocabulary

/// The traffic of a network, as counts and as a fingerprint.
struct NetworkRecord {
    private var hash = RunHash()
    var counts: NetworkCounts

    init(rankCount: Int) { counts = NetworkCounts(rankCount: rankCount) }

    var fingerprint: UInt64 { hash.state }

    /// A slot has reached the open endpoint of a rank.
    @inline(__always)
    mutating func delivered(
        _ slot: UInt32, _ head: SlotHead, _ slots: borrowing SlotPool, to rank: Int, at time: Tick
    ) {
        hash.mix(time.nanoseconds)
        let who = UInt64(UInt32(bitPattern: head.source)) << 32 | UInt64(head.endpoint)
        hash.mix(who ^ UInt64(head.tag) << 56)
        guard head.kind == SlotKind.message.rawValue else {
            let payload = slots.payload(slot)
            hash.mix(UInt64(head.request) << 32 | UInt64(payload.piece))
            return hash.mix(payload.contentLow ^ UInt64(payload.version))
        }
        let bytes = unsafe UnsafeRawBufferPointer(slots.memory(slot))
        unsafe hash.mix(bytes)
        unsafe counts.messagesByKind[bytes.isEmpty ? 0 : Int(bytes[0])] += 1
        counts.handled[Int(head.source)] += 1
        counts.handled[rank] += 1
        counts.messageBytes += UInt64(bytes.count)
    }

    /// A payload has left its sender. `isDuplicate` is true if the receiver has that piece.
    mutating func left(_ flow: SendingFlow, isDuplicate: Bool) {
        let byteCount = UInt64(flow.payload.byteCount)
        counts.payloads += 1
        counts.served[Int(flow.source)] += byteCount
        counts.received[Int(flow.destination)] += byteCount
        if isDuplicate { counts.duplicateBytes += byteCount }
    }
}
