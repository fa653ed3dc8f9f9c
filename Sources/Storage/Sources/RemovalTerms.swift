/// The terms on which a source is removed after it was collected.
package struct RemovalTerms: Sendable {
    /// Some of the source could not be read, so that nothing of it is removed.
    package var isIncomplete: Bool
    /// Whether an entry of that path below the top would be collected if it were in the source.
    package var isCovered: @Sendable (ArraySlice<UInt8>, _ isFolder: Bool) -> Bool
    /// The sentence about a source of which nothing is removed.
    package var incompleteWords: String

    package init(
        isIncomplete: Bool, incompleteWords: String,
        isCovered: @escaping @Sendable (ArraySlice<UInt8>, _ isFolder: Bool) -> Bool
    ) {
        self.isIncomplete = isIncomplete
        self.incompleteWords = incompleteWords
        self.isCovered = isCovered
    }
}
