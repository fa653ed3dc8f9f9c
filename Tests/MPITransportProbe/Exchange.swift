internal import MPITransport
internal import Vocabulary

/// Each rank sends the next one `count` pieces and receives `count` from the one before, `window`
/// of them at a time. The bytes show sender and number.
struct Exchange {
    let count: Int
    let size: Int
    let window: Int
    /// Off while measuring, where filling and comparing would be most of the work.
    let isChecked: Bool

    func run(_ endpoint: inout MPIEndpoint, within limit: Duration) -> (faults: Int, whole: Bool) {
        let me = Int(endpoint.rank.raw)
        let next = Rank(Int32((me + 1) % endpoint.rankCount))
        let previous = Rank(Int32((me + endpoint.rankCount - 1) % endpoint.rankCount))
        let mine = (0..<window).map { piece($0, of: endpoint.rank) }
        var (expected, received, sent, left, faults) = (0, 0, 0, 0, 0)
        let deadline = Clock.now + limit
        var backOff = BackOff()
        while expected < min(window, count) {
            lend(PieceBuffer(byteCount: size), &endpoint, previous, &expected)
        }
        while Clock.now < deadline, received < count || left < count {
            var isBusy = false
            while sent < count, sent - left < window,
                endpoint.sendPayload(
                    mine[sent % window], to: next, request: RequestNumber(UInt32(sent)))
            { sent += 1 }
            while let event = endpoint.next() {
                isBusy = true
                switch consume event {
                case .payload(let byteCount, let source, let request):
                    let buffer = endpoint.take(request)
                    let isRight =
                        byteCount == size && source == previous
                        && (!isChecked || isSame(buffer, Int(request.raw) % window, of: previous))
                    if !isRight { faults += 1 }
                    received += 1
                    if expected < count { lend(buffer, &endpoint, previous, &expected) }
                case .payloadSent: left += 1
                case .message(let arrival): endpoint.giveBack(arrival)
                case .withdrawn: faults += 1
                }
            }
            if isBusy { backOff.reset() } else { backOff.wait() }
        }
        return (faults, received == count && left == count)
    }

    private func lend(
        _ buffer: PieceBuffer, _ endpoint: inout MPIEndpoint, _ source: Rank, _ expected: inout Int
    ) {
        endpoint.expect(buffer, from: source, request: RequestNumber(UInt32(expected)))
        expected += 1
    }

    private func piece(_ number: Int, of rank: Rank) -> PieceBuffer {
        let buffer = PieceBuffer(byteCount: size)
        var chance = Chance(seed: UInt64(rank.raw) << 32 | UInt64(number))
        for offset in stride(from: 0, to: size, by: 8) {
            let word = chance.next()
            unsafe buffer.memory.storeBytes(of: word, toByteOffset: offset, as: UInt64.self)
        }
        return buffer
    }

    private func isSame(_ buffer: PieceBuffer, _ number: Int, of rank: Rank) -> Bool {
        var chance = Chance(seed: UInt64(rank.raw) << 32 | UInt64(number))
        for offset in stride(from: 0, to: size, by: 8) {
            let word = unsafe buffer.memory.load(fromByteOffset: offset, as: UInt64.self)
            if word != chance.next() { return false }
        }
        return true
    }
}
