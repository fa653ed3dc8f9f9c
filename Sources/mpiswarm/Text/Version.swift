import CBuild

/// The version of this program, which stands in `build.h`.
enum Version {
    static let date = MPISWARM_DATE

    /// With the commit, where the build knew it: `0.1.0 (3f2a91c)`.
    static var text: String {
        guard let text = unsafe cbuild_commit() else { return MPISWARM_VERSION }
        let commit = unsafe String(cString: text)
        return commit.isEmpty ? MPISWARM_VERSION : "\(MPISWARM_VERSION) (\(commit))"
    }
}
