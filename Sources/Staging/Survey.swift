import Vocabulary

/// The survey of one rank before a job begins: its host, the sources that exist there, and the
/// place for its copy.
package struct Survey: Equatable, Sendable {
    /// Equal for all ranks of a node.
    package var host: String
    /// One for each SOURCE; nil where there is nothing.
    package var sources: [SourceProbe?]
    /// The absolute path of DEST, with everything in braces replaced.
    package var destination: String
    /// There is a folder of that name already.
    package var destinationIsFolder: Bool
    /// The reason why the command line is refused here, in words for the user.
    package var refusal: String

    package init(
        host: String, sources: [SourceProbe?], destination: String, destinationIsFolder: Bool,
        refusal: String = ""
    ) {
        self.host = host
        self.sources = sources
        self.destination = destination
        self.destinationIsFolder = destinationIsFolder
        self.refusal = refusal
    }
}
