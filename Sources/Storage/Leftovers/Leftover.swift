/// A file or a folder of Open MPI's that no process uses any more.
package struct Leftover: Equatable, Sendable {
    package let path: String
    /// The room that it takes.
    package let byteCount: Int64
    let isFolder: Bool
}
