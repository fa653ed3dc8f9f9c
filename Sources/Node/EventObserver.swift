package import Swarm
package import Vocabulary

/// Somebody who watches a peer: told what happens, by the thread that it happens to.
package struct EventObserver: Sendable {
    private let note: @Sendable (Happening, Tick) -> Void

    package init(_ note: @escaping @Sendable (Happening, Tick) -> Void) { self.note = note }

    func tell(_ happening: Happening, now: Tick) { note(happening, now) }
}
