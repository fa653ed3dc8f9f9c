package import Swarm
package import Vocabulary

/// A function that is called with each event of a peer, on the thread of that event.
package struct EventObserver: Sendable {
    private let note: @Sendable (Happening, Tick) -> Void

    package init(_ note: @escaping @Sendable (Happening, Tick) -> Void) { self.note = note }

    func tell(_ happening: Happening, now: Tick) { note(happening, now) }
}
