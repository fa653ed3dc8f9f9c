package import Vocabulary

/// How the files are called in which contents grow.
package enum LiveNaming: Sendable {
    /// After the content and the rank, for the next job of that rank.
    case content(Rank)
    /// In no way that the next job knows: the files go with this one.
    case temporary(prefix: String)
    /// Like the one file that is wanted, for the next job. Files of other geometries are temporary.
    case file(RelativePath, Geometry)

    /// The beginning of temporary names.
    var prefix: String {
        switch self {
        case .content(let rank): "mpiswarm.\(rank)"
        case .temporary(let prefix): prefix
        case .file: "mpiswarm"
        }
    }
}
