import Vocabulary

/// The survey of one rank before a job begins: its host, the sources that exist there, and the
/// place for its copy.
package struct Survey: Equatable, Sendable {
    /// For the user: several nodes may have one name.
    package var host: String
    /// Equal for all ranks of a node, and for no others.
    package var node: UInt64
    /// One for each SOURCE; nil where there is nothing.
    package var sources: [SourceProbe?]
    /// The absolute path of DEST, with everything in braces replaced.
    package var destination: String
    /// There is a folder of that name already.
    package var destinationIsFolder: Bool
    /// The reason why the command line is refused here, in words for the user.
    package var refusal: String

    package init(
        host: String, node: UInt64, sources: [SourceProbe?], destination: String,
        destinationIsFolder: Bool, refusal: String = ""
    ) {
        self.host = host
        self.node = node
        self.sources = sources
        self.destination = destination
        self.destinationIsFolder = destinationIsFolder
        self.refusal = refusal
    }
}
