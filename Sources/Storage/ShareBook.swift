import Synchronization
package import Vocabulary

/// What a rank offers, for whoever wants to know it: where each file lies, and how many of those
/// that were found are digested.
package final class ShareBook: Sendable {
    private let state = Mutex(State())

    private struct State {
        var paths: [RelativePath: String] = [:]
        var waiting = 0
    }

    package init() {}

    package func path(of name: RelativePath) -> String? { state.withLock { $0.paths[name] } }

    /// How many files are offered, and how many there are.
    package var counts: (done: Int, found: Int) {
        state.withLock { ($0.paths.count, $0.paths.count + $0.waiting) }
    }

    func note(_ name: RelativePath, at path: String?) {
        state.withLock { $0.paths[name] = path }
    }

    func noteWaiting(_ count: Int) { state.withLock { $0.waiting = count } }
}
