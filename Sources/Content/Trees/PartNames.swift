import Vocabulary

/// The files of the parts of a tree that is not listed yet. A later entry of an archive replaces an
/// earlier one of the same name, so a file of a proven part need not be that of the tree.
package struct PartNames: Sendable {
    /// The parts whose files are known, and these files.
    private var described = Set<Int>()
    private var files = Set<RelativePath>()
    private var areRepeated = false

    package init() {}

    /// Notes the files of a part. Returns false if another part has one of them.
    package mutating func describes(_ number: Int, _ manifest: TreeManifest) -> Bool {
        let paths = manifest.entries.filter { $0.length > 0 }.map(\.path)
        let isAlone = files.isDisjoint(with: paths)
        if !isAlone { areRepeated = true }
        files.formUnion(paths)
        described.insert(number)
        return isAlone
    }

    /// Whether a file of a proven part is that of the tree if it has the same name, length and
    /// date: all parts are known, and no two have files of one name.
    package func provesFiles(ofParts count: Int) -> Bool {
        !areRepeated && described.count == count
    }
}
