internal import Vocabulary

/// The receives posted for one tag, and the memory they write to.
///
/// A slot is posted, then arrived (or refused, if the message was too long), then lent to the
/// reader of the message, then posted again. MPI matches messages with receives in the order of
/// posting, but a small message in a later receive can complete before a large one in an earlier:
/// `turns` keeps the order of posting, and messages leave in that order.
@safe
final class ReceiveRing {
    /// Enough for the messages between two polls. More would only lengthen each test: a sender that
    /// finds none waits in the queue of MPI and loses nothing.
    static let receivesMax = 16

    enum Slot {
        case idle
        case posted
        case arrived(source: Rank, byteCount: Int)
        case refused
        case lent
        /// Given up while MPI may still write to it.
        case abandoned

        var isIdle: Bool {
            if case .idle = self { true } else { false }
        }
    }

    let tag: Tag
    private var slots: [Slot]
    /// Slots in the order of posting, `turnCount` of them from `firstTurn` on, wrapping around.
    private var turns: [Int]
    private var firstTurn = 0
    private var turnCount = 0
    private let memory: UnsafeMutableRawBufferPointer
    private let stride: Int

    init(tag: Tag, messageSizeMax: Int) {
        self.tag = tag
        slots = Array(repeating: .idle, count: Self.receivesMax)
        turns = Array(repeating: 0, count: Self.receivesMax)
        stride = (messageSizeMax + 63) / 64 * 64
        unsafe memory = .allocate(byteCount: stride * Self.receivesMax, alignment: 64)
    }

    /// Memory that MPI or a reader may still touch is leaked, never freed under them.
    deinit {
        if slots.allSatisfy(\.isIdle) { unsafe memory.deallocate() }
    }

    @unsafe
    func memory(of slot: Int, byteCount: Int) -> UnsafeMutableRawBufferPointer {
        let start = slot * stride
        return unsafe UnsafeMutableRawBufferPointer(rebasing: memory[start..<start + byteCount])
    }

    func posted(_ slot: Int) {
        precondition(slots[slot].isIdle, "a slot is posted once")
        precondition(turnCount < turns.count)
        slots[slot] = .posted
        turns[(firstTurn + turnCount) % turns.count] = slot
        turnCount += 1
    }

    func arrived(_ slot: Int, from source: Rank, byteCount: Int) {
        slots[slot] = .arrived(source: source, byteCount: byteCount)
    }

    func refused(_ slot: Int) { slots[slot] = .refused }

    /// The slot whose turn it is, if its message is there: lent from now on, or idle if it was
    /// refused.
    func takeNext() -> (slot: Int, message: (source: Rank, byteCount: Int)?)? {
        guard turnCount > 0 else { return nil }
        let slot = turns[firstTurn]
        let message: (source: Rank, byteCount: Int)?
        switch slots[slot] {
        case .arrived(let source, let byteCount):
            message = (source, byteCount)
            slots[slot] = .lent
        case .refused:
            message = nil
            slots[slot] = .idle
        case .idle, .posted, .lent, .abandoned: return nil
        }
        firstTurn = (firstTurn + 1) % turns.count
        turnCount -= 1
        return (slot, message)
    }

    func givenBack(_ slot: Int) {
        guard case .lent = slots[slot] else {
            preconditionFailure("slot \(slot) was given back but not lent")
        }
        slots[slot] = .idle
    }

    /// The receive is over for good, its message read or not.
    func retired(_ slot: Int) { slots[slot] = .idle }

    func abandoned(_ slot: Int) { slots[slot] = .abandoned }
}
