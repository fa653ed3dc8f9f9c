/// What a machine wants done, in order, with the tails of its messages beside it in one arena.
/// The caller owns it, drains it before the next event, and keeps its capacity: in steady state
/// nothing is asked of the heap.
package struct Effects<Effect: Equatable> {
    package private(set) var list: [Effect] = []
    package private(set) var arena: [UInt8] = []
    /// So that an arena that is empty, as it mostly is, is not even looked at.
    private var hasTails = false

    package init() {}

    package mutating func append(_ effect: Effect) { list.append(effect) }

    /// Writes a tail into the arena and says where it stands.
    package mutating func tail(_ write: (inout [UInt8]) -> Void) -> Tail {
        hasTails = true
        let start = arena.count
        write(&arena)
        return Tail(start: start, count: arena.count - start)
    }

    package func bytes(of tail: Tail) -> ArraySlice<UInt8> { arena[tail.range] }

    /// Every step of every node comes here, from another module, where nothing is specialised.
    @specialized(where Effect == TrackerEffect)
    @specialized(where Effect == DownloaderEffect)
    @specialized(where Effect == UploaderEffect)
    package mutating func removeAll() {
        list.removeAll(keepingCapacity: true)
        guard hasTails else { return }
        arena.removeAll(keepingCapacity: true)
        hasTails = false
    }
}

/// Where in the arena a message's tail stands.
package struct Tail: Equatable, Sendable {
    package let start: Int
    package let count: Int

    package static let none = Tail(start: 0, count: 0)
    package var range: Range<Int> { start..<start + count }
}
