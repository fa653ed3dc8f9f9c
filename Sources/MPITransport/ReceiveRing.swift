internal import Vocabulary

/// The messages of one tag that are being received, and the memory to which MPI writes them.
///
/// A probe finds a message, with its sender and length, before it is received into a slot. Then it
/// arrives (or fails), and is lent to its reader. A large message takes several steps, and small
/// ones that were sent after it can complete before it. `turns` keeps the order in which messages
/// were found, and the messages of one sender leave in that order. Messages of other senders do not
/// wait, because the rest of a large message never comes if its sender has died.
@safe
final class ReceiveRing {
    /// The number of slots. Messages beyond it wait in MPI's own queue, and none is lost. There are
    /// enough slots for some messages that never become whole.
    static let receivesMax = 64

    enum Slot {
        case idle
        case receiving(source: Rank)
        case arrived(source: Rank, byteCount: Int)
        case refused
        case lent
        /// The slot was given up while MPI may still write to it.
        case abandoned

        var isIdle: Bool {
            if case .idle = self { true } else { false }
        }
    }

    let tag: Tag
    private var slots: [Slot]
    /// The idle slots. The last one that became idle is used first, so that little memory is
    /// touched.
    private var idle: [Int]
    /// The slots in the order in which their messages were found, until the messages have left.
    private var turns: [Int] = []
    private let memory: UnsafeMutableRawBufferPointer
    private let stride: Int

    init(tag: Tag, messageSizeMax: Int) {
        self.tag = tag
        slots = Array(repeating: .idle, count: Self.receivesMax)
        idle = Array((0..<Self.receivesMax).reversed())
        turns.reserveCapacity(Self.receivesMax)
        stride = (messageSizeMax + 63) / 64 * 64
        unsafe memory = .allocate(byteCount: stride * Self.receivesMax, alignment: 64)
    }

    /// Memory that MPI or a reader may still use is leaked, because freed memory could get another
    /// owner.
    deinit {
        if slots.allSatisfy(\.isIdle) { unsafe memory.deallocate() }
    }

    @unsafe
    func memory(of slot: Int, byteCount: Int) -> UnsafeMutableRawBufferPointer {
        let start = slot * stride
        return unsafe UnsafeMutableRawBufferPointer(rebasing: memory[start..<start + byteCount])
    }

    /// The slot for the next message; nil if none is idle.
    var nextIdle: Int? { idle.last }

    func receives(from source: Rank, into slot: Int) {
        precondition(idle.last == slot, "a message is received into the next idle slot")
        idle.removeLast()
        slots[slot] = .receiving(source: source)
        turns.append(slot)
    }

    func arrived(_ slot: Int, from source: Rank, byteCount: Int) {
        slots[slot] = .arrived(source: source, byteCount: byteCount)
    }

    func refused(_ slot: Int) { slots[slot] = .refused }

    /// Lends the next complete message that no earlier message of its sender precedes.
    func takeNext() -> (slot: Int, source: Rank, byteCount: Int)? {
        var place = 0
        while place < turns.count {
            let slot = turns[place]
            switch slots[slot] {
            case .arrived(let source, let byteCount):
                guard !isPreceded(place, from: source) else { break }
                turns.remove(at: place)
                slots[slot] = .lent
                return (slot, source, byteCount)
            case .refused:
                turns.remove(at: place)
                retired(slot)
                continue
            case .idle, .receiving, .lent, .abandoned: break
            }
            place += 1
        }
        return nil
    }

    private func isPreceded(_ place: Int, from source: Rank) -> Bool {
        turns[..<place].contains { slot in
            switch slots[slot] {
            case .receiving(let other), .arrived(let other, _): other == source
            case .idle, .refused, .lent, .abandoned: false
            }
        }
    }

    func givenBack(_ slot: Int) {
        guard case .lent = slots[slot] else {
            preconditionFailure("slot \(slot) was given back but not lent")
        }
        retired(slot)
    }

    /// Notes that the receive of a slot has ended, whether or not its message was read.
    func retired(_ slot: Int) {
        slots[slot] = .idle
        idle.append(slot)
    }

    func abandoned(_ slot: Int) { slots[slot] = .abandoned }
}
