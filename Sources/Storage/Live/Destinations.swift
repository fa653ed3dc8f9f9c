import Synchronization
package import Vocabulary

/// The destinations of requested files, and their final paths, for those who request and those who
/// write.
package final class Destinations: Sendable {
    private let rows = Mutex<[UInt64: Row]>([:])

    struct Row: Sendable {
        /// Nil for the output folder.
        var path: String?
        /// The name of the file, if the path has none.
        var name: RelativePath?
        var proof: (@Sendable (String) -> Bool)?
        /// Whether a folder at the path is in the way, instead of the place for the file.
        var isExact = false
        fileprivate(set) var outcome: Outcome?
    }

    package enum Outcome: Equatable, Sendable {
        case lies(at: String, name: RelativePath)
        /// Why it could not be written, in the words that a user sees.
        case trouble(String)
        /// It is not what it should be, and got no name.
        case differs(String)
    }

    package init() {}

    /// A path with a slash at its end is a folder. `proof` decides whether a file at a path is the
    /// requested one.
    package func expect(
        _ order: UInt64, at path: String?, named name: RelativePath? = nil,
        proof: (@Sendable (String) -> Bool)? = nil
    ) {
        rows.withLock { $0[order] = Row(path: path, name: name, proof: proof) }
    }

    /// The path of a file below the output folder.
    func expect(_ order: UInt64, exactlyAt path: RelativePath) {
        rows.withLock { $0[order] = Row(path: path.description, isExact: true) }
    }

    /// To be asked once, when the order is done or has failed.
    package func outcome(of order: UInt64) -> Outcome? {
        rows.withLock { $0.removeValue(forKey: order)?.outcome }
    }

    /// All of it at once, because it is removed when the order ends. Nil if it has ended.
    func row(of order: UInt64) -> Row? { rows.withLock { $0[order] } }

    func settle(_ order: UInt64, _ outcome: Outcome) {
        rows.withLock { $0[order]?.outcome = outcome }
    }
}
