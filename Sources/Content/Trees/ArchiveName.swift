package import Vocabulary

/// The names of archives.
package enum ArchiveName {
    private static let endings: [String] =
        [".tgz", ".txz", ".tzst", ".tbz2", ".tbz", ".zip"]
        + [".tar", ".cpio"].flatMap { kind in
            ["", ".gz", ".xz", ".zst", ".bz2"].map { kind + $0 }
        }

    /// Without its ending, so that `env.tar.gz` is unpacked as `env`.
    package static func stem(of name: RelativePath) -> RelativePath {
        let bytes = name.utf8
        for ending in endings.map({ Array($0.utf8) })
        where bytes.count > ending.count && bytes.suffix(ending.count).elementsEqual(ending) {
            do throws(PathError) {
                return try RelativePath(bytes: Array(bytes.dropLast(ending.count)))
            } catch { continue }
        }
        return name
    }
}
