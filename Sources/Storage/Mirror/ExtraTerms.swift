package import Vocabulary

/// The treatment of entries that copies have and sources lack.
package struct ExtraTerms: Sendable {
    package var treatment = ExtraEntries.ignored
    /// Whether this is a dry run, which counts what a real run would remove.
    package var foresees = false
    /// Whether an entry of that path below the top would be staged if it were in the source.
    package var isCovered: @Sendable (ArraySlice<UInt8>, _ isFolder: Bool) -> Bool = { _, _ in
        true
    }

    /// Whether an entry that cannot be removed is a failure.
    var isDecisive: Bool { foresees || treatment == .removed }

    package init() {}
}
