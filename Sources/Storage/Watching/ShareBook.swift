import Synchronization
package import Vocabulary

/// The files that a rank offers: the place of each file, the number of digested files among those
/// that were found, and the files that cannot be offered.
package final class ShareBook: Sendable {
    private let state = Mutex(State())

    private struct State {
        var paths: [RelativePath: String] = [:]
        var waiting = 0
        var refusals: [String: StorageError] = [:]
    }

    package struct Refusal: Equatable, Sendable {
        package let name: String
        package let error: StorageError
    }

    /// The most files that are remembered of those that cannot be offered.
    static let refusalsMax = 10_000

    package init() {}

    package func path(of name: RelativePath) -> String? { state.withLock { $0.paths[name] } }

    /// The number of files that are offered, and of those that there are.
    package var counts: (done: Int, found: Int) {
        state.withLock { ($0.paths.count, $0.paths.count + $0.waiting) }
    }

    /// The files that cannot be offered, by name: their number, and the first few.
    package func refusals(atMost most: Int) -> (count: Int, first: [Refusal]) {
        let all = state.withLock { $0.refusals }
        let first = all.sorted { $0.key < $1.key }.prefix(most)
        return (all.count, first.map { Refusal(name: $0.key, error: $0.value) })
    }

    func note(_ name: RelativePath, at path: String?) {
        state.withLock {
            $0.paths[name] = path
            $0.refusals[name.description] = nil
        }
    }

    func noteWaiting(_ count: Int) { state.withLock { $0.waiting = count } }

    /// False where that was known.
    func refuse(_ name: String, _ error: StorageError) -> Bool {
        state.withLock { state in
            let known = state.refusals[name]
            guard known != error, known != nil || state.refusals.count < Self.refusalsMax else {
                return false
            }
            state.refusals[name] = error
            return true
        }
    }

    /// It is not there any more.
    func forget(_ name: String) { state.withLock { $0.refusals[name] = nil } }
}
