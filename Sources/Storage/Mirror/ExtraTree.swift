import Content

/// A content of a copy that is searched for what its source lacks.
struct ExtraTree {
    let layout: TreeLayout
    /// The folders that were in place before the job began, by their entries. Only these can have
    /// more than the source. Nil where nothing is removed, and every folder is searched.
    var standing: [Int: FileIdentity]?
}
