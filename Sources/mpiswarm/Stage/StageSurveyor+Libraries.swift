import CommandLine
import Storage
import Vocabulary

/// Surveys executables, whose libraries are copied, too.
extension StageSurveyor {
    /// The executables of all sources; none without `--with-libs`. A job whose source has no name
    /// does not begin.
    var executables: [LinkedExecutable] {
        guard options.withLibs else { return [] }
        let (added, skipped) = (options.libs, options.skippedFolders)
        let rules = options.filters
        let names = options.sourcePaths.map { options.name(of: $0) }
        return zip(options.sourcePaths, names).compactMap { path, name in
            guard let name else { return nil }
            return LinkedExecutable(of: path, as: name) {
                var terms = LibraryTerms.own(searched: environmentVariable("LD_LIBRARY_PATH"))
                terms.added = added
                terms.skippedFolders = skipped
                terms.rules = rules
                return terms
            }
        }
    }
}
