import Synchronization

/// The writing to the part area of a tree of which only parts are known yet. It ends when the tree
/// takes over: a part that failed may still have writes under way.
final class PartWriting: Sendable {
    private let state = Mutex(State())
    private let bell = Bell()

    private struct State {
        var count = 0
        var isOver = false
    }

    /// Returns nil, without calling `body`, once the tree has taken over.
    func during<Outcome, Failure>(
        _ body: () throws(Failure) -> Outcome
    ) throws(Failure) -> Outcome? {
        let mayWrite = state.withLock { state in
            if !state.isOver { state.count += 1 }
            return !state.isOver
        }
        guard mayWrite else { return nil }
        defer {
            let isLast = state.withLock { state in
                state.count -= 1
                return state.isOver && state.count == 0
            }
            if isLast { bell.ring() }
        }
        return try body()
    }

    /// Waits for the writes that are under way. To be called once.
    func end() {
        let isBusy = state.withLock { state in
            state.isOver = true
            return state.count > 0
        }
        if isBusy { bell.wait() }
    }
}
