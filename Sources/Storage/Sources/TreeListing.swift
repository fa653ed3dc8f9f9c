package import Content
package import Vocabulary

/// One source, file or folder, as a part of the tree that it will be.
package struct TreeListing: Sendable {
    /// The first component of all paths.
    package let name: RelativePath
    /// The path of the source.
    package let path: String
    package let identity: SourceIdentity
    /// In tree order.
    package internal(set) var entries: [TreeEntry] = []
    /// Pipes, sockets and devices, in tree order.
    package internal(set) var leftOut: [RelativePath] = []

    /// Files and folders that this process may not read, in tree order. The entries of such a
    /// folder are unknown.
    package internal(set) var unreadable: [RelativePath] = []

    /// Entries that the filter excludes, in tree order. What lies in such a folder is unknown.
    package internal(set) var excluded: [RelativePath] = []

    /// Lists the entries at `path`, under `name`. A link at `path` itself is followed, because the
    /// user chose it. Links further down are listed as links, whose text is copied and never
    /// followed, or with `follows` as their targets, wherever those are. Owners and attributes are
    /// listed with `preserves`, which costs some calls for each entry. The source itself is listed
    /// whatever `filter` says.
    package init(
        of path: String, as name: RelativePath, follows: Bool = false, preserves: Bool = false,
        filter: PathFilter = PathFilter()
    ) throws(StorageError) {
        let lister = try TreeLister(
            path: path, name: name, follows: follows, preserves: preserves, filter: filter)
        self = try lister.list()
    }

    init(name: RelativePath, path: String, identity: SourceIdentity) {
        self.name = name
        self.path = path
        self.identity = identity
    }

    /// The entries of several sources in tree order, each under its own name.
    package static func entries(
        of listings: [TreeListing]
    ) throws(StorageError) -> [TreeEntry] {
        let sorted = listings.sorted { RelativePath.inTreeOrder($0.name, $1.name) }
        for (one, next) in zip(sorted, sorted.dropFirst()) where one.name == next.name {
            throw .sameName(path: next.path, otherPath: one.path)
        }
        var entries: [TreeEntry] = []
        entries.reserveCapacity(listings.reduce(0) { $0 + $1.entries.count })
        for listing in sorted { entries += listing.entries }
        return entries
    }
}
