import Content

/// A content whose copy is searched for entries that the source lacks.
struct ExtraTree {
    let layout: TreeLayout
    /// The folders that were in place before the job began, by their entries: only these can hold
    /// extra entries. Nil if nothing is removed; then every folder is searched.
    var standing: [Int: FileIdentity]?
}
