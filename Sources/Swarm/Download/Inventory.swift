import Vocabulary
import Wire

/// The contents of this rank: those that it owns, those that it fetched or knows the manifest of,
/// and those that it can no longer serve.
///
/// Invariant: a content is withdrawn once, and none is both withdrawn and among the fetched
/// contents whose transfers made room for others.
struct Inventory: Sendable {
    private(set) var owned: [Share.Owned]
    private var reading: [Share.Reading]
    private(set) var described: [Share.Owned]
    private(set) var fetched: [FetchedContent] = []
    /// The contents that this rank seeded and can no longer seed.
    private var withdrawn: [ContentID] = []
    /// The manifests of contents that are being fetched, if another tracker may need them.
    private var manifests: [ContentID: Descriptor] = [:]
    private let isLive: Bool
    private let mayMove: Bool

    init(_ share: Share, _ rules: DownloaderRules) {
        owned = share.owned
        reading = share.reading
        described = share.described
        isLive = rules.kind.isStanding
        mayMove = rules.kind.isStanding ? rules.trackers.count > 1 : !rules.heirs.isEmpty
    }

    /// A withdrawn content no longer counts as owned.
    func owns(_ content: ContentID) -> Bool {
        owned.contains { $0.content == content } && !isWithdrawn(content)
    }

    func owned(as name: RelativePath) -> Share.Owned? {
        owned.first { $0.name == name && !isWithdrawn($0.content) }
    }

    func isWithdrawn(_ content: ContentID) -> Bool { withdrawn.contains(content) }

    // MARK: For the tracker

    /// Lists everything but the wants, with the learnt entries for contents that are being fetched.
    func list(_ learnt: [FileListEntry], into pages: inout Pages<FileListEntry>) {
        for file in owned where !withdrawn.contains(file.content) { pages.append(file.entry) }
        for file in described { pages.append(file.describedEntry) }
        for file in reading { pages.append(.reading(file.name, size: file.size)) }
        for entry in learnt { pages.append(entry) }
    }

    mutating func share(
        _ files: [Share.Owned], _ effects: inout Effects<DownloaderEffect>
    ) -> Pages<FileListEntry> {
        owned += files
        if !reading.isEmpty {
            let names = files.map(\.name)
            reading.removeAll { names.contains($0.name) }
        }
        var pages = Pages<FileListEntry>()
        for file in files {
            withdrawn.removeAll { $0 == file.content }
            pages.append(file.entry)
            let held = PieceSet(all: file.geometry.pieceCount)
            effects.append(.tell(.contentOpened(file.content, file.geometry, held: held)))
            // By the same way as the end of it, so that it cannot arrive before that.
            if let nested = file.manifest.nestedContent, let geometry = file.nestedGeometry {
                let held = PieceSet(all: geometry.pieceCount)
                effects.append(.tell(.contentOpened(nested, geometry, held: held)))
            }
        }
        return pages
    }

    /// Shares a file again that had changed and has its former bytes back. Meanwhile a request for
    /// one of its pieces may have failed. Returns nil if the file is owned and was not withdrawn.
    mutating func renew(
        _ file: Share.Owned, _ effects: inout Effects<DownloaderEffect>
    ) -> Pages<FileListEntry>? {
        let isThere = { (known: Share.Owned) in
            known.content == file.content && known.name == file.name
        }
        guard withdrawn.contains(file.content) || !owned.contains(where: isThere) else {
            return nil
        }
        owned.removeAll(where: isThere)
        return share([file], &effects)
    }

    /// Describes contents that were being read so far. This rank serves their long manifests.
    mutating func describe(
        _ files: [Share.Owned], _ effects: inout Effects<DownloaderEffect>
    ) -> Pages<FileListEntry> {
        described += files
        let names = files.map(\.name)
        reading.removeAll { names.contains($0.name) }
        var pages = Pages<FileListEntry>()
        for file in files {
            pages.append(file.describedEntry)
            guard let nested = file.manifest.nestedContent, let geometry = file.nestedGeometry
            else { continue }
            let held = PieceSet(all: geometry.pieceCount)
            effects.append(.tell(.contentOpened(nested, geometry, held: held)))
        }
        return pages
    }

    mutating func reads(_ files: [Share.Reading]) -> Pages<FileListEntry> {
        reading += files
        var pages = Pages<FileListEntry>()
        for file in files { pages.append(.reading(file.name, size: file.size)) }
        return pages
    }

    mutating func doesNotRead(_ names: [RelativePath]) -> Pages<FileListEntry> {
        reading.removeAll { names.contains($0.name) }
        var pages = Pages<FileListEntry>()
        for name in names { pages.append(.notReading(name)) }
        return pages
    }

    /// Removes files all at once, because a user may remove a folder of tens of thousands. Returns
    /// the removed files, and the contents that no other file here has; nil if none was shared.
    mutating func unshare(
        _ files: [Share.Gone], _ effects: inout Effects<DownloaderEffect>
    ) -> (pages: Pages<FileListEntry>, gone: Set<ContentID>)? {
        let pairs = Set(files)
        let isGone = { (file: Share.Owned) in
            pairs.contains(Share.Gone(name: file.name, content: file.content))
        }
        let gone = owned.filter(isGone)
        guard !gone.isEmpty else { return nil }
        owned.removeAll(where: isGone)
        // The same bytes may lie here under another name.
        var left = Set(gone.map(\.content))
        for file in owned { left.remove(file.content) }
        let all = left
        fetched.removeAll { all.contains($0.content) }
        var pages = Pages<FileListEntry>()
        for file in gone {
            pages.append(.gone(file.name, file.content))
            guard left.remove(file.content) != nil else { continue }
            effects.append(.tell(.contentGone(file.content)))
            if let nested = file.manifest.nestedContent {
                effects.append(.tell(.contentGone(nested)))
            }
        }
        return (pages, all)
    }

    // MARK: Fetched contents

    /// Keeps the manifest of a content that is being fetched: a tracker that this rank moves to may
    /// not know it.
    mutating func keep(_ manifest: Descriptor, of content: ContentID) {
        if mayMove { manifests[content] = manifest }
    }

    mutating func forgetManifest(of content: ContentID) { manifests[content] = nil }

    func manifest(of content: ContentID) -> Descriptor? { manifests[content] }

    /// Notes that a content has its name.
    mutating func describe(_ content: ContentID, as name: RelativePath, _ geometry: Geometry?) {
        guard let manifest = manifests.removeValue(forKey: content), let geometry else { return }
        described.removeAll { $0.content == content }
        described.append(
            Share.Owned(name: name, content: content, geometry: geometry, manifest: manifest))
    }

    /// Notes a fetched content whose transfer makes room for another one.
    mutating func retire(_ file: FetchedContent) {
        guard !fetched.contains(where: { $0.content == file.content }),
            !withdrawn.contains(file.content)
        else { return }
        fetched.append(file)
    }

    /// Forgets a content that is fetched again, and so may no longer be here. Returns true if it
    /// was fetched before and no owned file has it.
    mutating func forgetEarlier(_ content: ContentID, isBound: Bool) -> Bool {
        if isWithdrawn(content) { owned.removeAll { $0.content == content } }
        withdrawn.removeAll { $0 == content }
        described.removeAll { $0.content == content }
        let known = fetched.count
        fetched.removeAll { $0.content == content }
        // The same bytes under another name were served all the time.
        return !owns(content) && (isBound || fetched.count < known)
    }

    // MARK: Withdrawn contents

    /// All names of a content that this rank's disk can no longer read.
    func files(of content: ContentID) -> [(file: Share.Gone, pieceCount: Int)] {
        var files: [(file: Share.Gone, pieceCount: Int)] = []
        for file in owned
        where file.content == content || file.manifest.nestedContent == content {
            files.append(
                (Share.Gone(name: file.name, content: file.content), file.geometry.pieceCount))
        }
        for file in fetched where file.content == content {
            files.append((Share.Gone(name: file.name, content: content), file.pieceCount))
        }
        return files
    }

    mutating func forgetFetched(_ content: ContentID) {
        fetched.removeAll { $0.content == content }
    }

    /// Withdraws a content. Returns false if it was withdrawn before.
    mutating func withdraw(_ content: ContentID) -> Bool {
        guard !withdrawn.contains(content) else { return false }
        withdrawn.append(content)
        return true
    }

    mutating func undescribe(_ content: ContentID) {
        described.removeAll { $0.content == content }
    }

    func checkInvariants() {
        precondition(
            Set(withdrawn).count == withdrawn.count, "a content was withdrawn twice")
        precondition(
            fetched.allSatisfy { !withdrawn.contains($0.content) },
            "a fetched content counts as withdrawn")
    }
}

extension Share.Owned {
    fileprivate var entry: FileListEntry {
        .owned(
            name, content, size: geometry.total, pieces: UInt32(geometry.pieceCount),
            manifest: manifest)
    }

    fileprivate var describedEntry: FileListEntry {
        .described(
            name, content, size: geometry.total, pieces: UInt32(geometry.pieceCount),
            manifest: manifest)
    }
}
