import Synchronization

/// What becomes of the files of a part of a tree when the tree takes them over.
final class Succession: Sendable {
    private let state = Mutex(State())

    private struct State: Sendable {
        /// The reader of the tree.
        var heir: PartReader?
        /// The files that the tree has not, by the entries of the part.
        var kept: [Int: PartFile] = [:]
    }

    var heir: PartReader? { state.withLock { $0.heir } }

    func kept(_ entry: Int) -> PartFile? { state.withLock { $0.kept[entry] } }

    func keep(_ files: [Int: PartFile]) { state.withLock { $0.kept = files } }

    func pass(to heir: PartReader) { state.withLock { $0.heir = heir } }
}
