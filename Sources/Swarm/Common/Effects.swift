/// The actions that a machine asks for, in order, with the tails of its messages beside them in one
/// arena. The caller owns the value, drains it before the next event, and keeps its capacity, so
/// that it allocates nothing in steady state.
package struct Effects<Effect: Equatable> {
    package private(set) var list: [Effect] = []
    package private(set) var arena: [UInt8] = []
    /// Lets `removeAll` skip the arena, which is usually empty.
    private var hasTails = false

    package init() {}

    package mutating func append(_ effect: Effect) { list.append(effect) }

    /// Writes a tail into the arena and returns its place.
    package mutating func tail(_ write: (inout [UInt8]) -> Void) -> Tail {
        hasTails = true
        let start = arena.count
        write(&arena)
        return Tail(start: start, count: arena.count - start)
    }

    package func bytes(of tail: Tail) -> ArraySlice<UInt8> { arena[tail.range] }

    /// Called in every step of every node from another module, where nothing is specialised
    /// otherwise.
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

/// The place of a message's tail in the arena.
package struct Tail: Equatable, Sendable {
    package let start: Int
    package let count: Int

    package static let none = Tail(start: 0, count: 0)
    package var range: Range<Int> { start..<start + count }
}
