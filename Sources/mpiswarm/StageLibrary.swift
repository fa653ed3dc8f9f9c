import Content
import Node
import Vocabulary

/// Where rank 0's tracker leaves what its own peer is to serve: the descriptions of all contents.
final class StageLibrary: Sendable {
    private let box = Mailbox<[TreePublication]>()

    func put(_ publications: [TreePublication]) { box.put(publications) }

    /// The tracker puts them there before it gives any orders, or right after.
    func wait() -> [TreePublication] {
        var found: [[TreePublication]] = []
        while found.isEmpty {
            box.empty(into: &found)
            if found.isEmpty { rest(.microseconds(100)) }
        }
        return found[0]
    }
}
