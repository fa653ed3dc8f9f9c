import Vocabulary

/// What one rank sees of a job before it begins: where it runs, which of the sources are there,
/// and where its copy would go.
package struct Survey: Equatable, Sendable {
    /// The same for all ranks of a node.
    package var host: String
    /// One for each SOURCE; nil where there is nothing.
    package var sources: [SourceProbe?]
    /// DEST with everything in braces replaced, from the root.
    package var destination: String
    /// There is a folder of that name already.
    package var destinationIsFolder: Bool
    /// What is wrong with the command line here, in the words that the user sees.
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
