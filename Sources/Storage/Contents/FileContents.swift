import Content
import Synchronization
package import Vocabulary

/// The contents of one peer whose bytes lie on its disk, owned and fetched ones, for both of its
/// threads. Each call works on one piece, on the calling thread, so disk workers can call as well.
package final class FileContents: Sendable {
    private let table = Mutex(Table())
    private let troubles = Answers<String>()
    let words: @Sendable (StorageError) -> String

    private enum Row {
        case owned(OwnedSources)
        case live(LivePart)
    }

    private struct Table {
        var rows: [ContentID: Row] = [:]
        var isAbandoned = false
        /// Owned contents of which a piece could not be read.
        var doubted: [ContentID] = []
        /// The place at which the next check of fetched contents begins.
        var looked = 0
    }

    /// `words` is the sentence about an error, for users.
    package init(words: @escaping @Sendable (StorageError) -> String) { self.words = words }

    package func add(_ source: ByteSource) {
        let replaced = table.withLock { table -> Row? in
            let content = source.publication.content
            // The row is removed while it changes, so that it is not copied: an empty file may have
            // thousands of names.
            let row = table.rows.removeValue(forKey: content)
            guard case .owned(var sources) = row else {
                table.rows[content] = .owned(OwnedSources(source))
                return row
            }
            sources.add(source)
            table.rows[content] = .owned(sources)
            return nil
        }
        // Nothing more is fetched of a content that is shared. A file with its name stays.
        if case .live(let part) = replaced { part.remove() }
    }

    /// Adds a content that is fetched. At the end of the job nothing is added any more.
    func add(_ part: LivePart, as content: ContentID) {
        let isAbandoned = table.withLock { table in
            if !table.isAbandoned { table.rows[content] = .live(part) }
            return table.isAbandoned
        }
        if isAbandoned { part.abandon() }
    }

    func livePart(of content: ContentID) -> LivePart? {
        guard case .live(let part) = table.withLock({ $0.rows[content] }) else { return nil }
        return part
    }

    func source(of content: ContentID) -> ByteSource? {
        guard case .owned(let sources) = table.withLock({ $0.rows[content] }) else { return nil }
        return sources.any
    }

    /// Notes that the owner no longer has the content under that name. Fetched pieces stay.
    package func withdraw(_ content: ContentID, named name: RelativePath) {
        table.withLock { table in
            guard case .owned(var sources) = table.rows[content] else { return }
            table.rows[content] = nil
            if sources.remove(name) { table.rows[content] = .owned(sources) }
        }
    }

    /// Checks a few fetched files with each call. Returns, and drops, the contents whose files were
    /// changed or removed.
    package func vanished() -> [ContentID] {
        let looked = table.withLock { table -> [(content: ContentID, part: LivePart)] in
            var parts: [(content: ContentID, part: LivePart)] = []
            for (content, row) in table.rows {
                if case .live(let part) = row { parts.append((content, part)) }
            }
            guard !parts.isEmpty else { return [] }
            parts.sort { $0.0 < $1.0 }
            let start = table.looked % parts.count
            table.looked = start + Self.looksMax
            return Array((parts[start...] + parts[..<start]).prefix(Self.looksMax))
        }
        // The check may wait for a disk, so it is done outside the lock.
        return drop(
            looked.filter { _, part in
                (part.namedPath != nil || part.isRemoved) && !part.isThere
            })
    }

    /// Drops the contents that still have these parts, and returns them: a content may have been
    /// fetched again since the check, or be shared now.
    func drop(_ gone: [(content: ContentID, part: LivePart)]) -> [ContentID] {
        table.withLock { table in
            gone.map(\.content).enumerated().filter { number, content in
                guard case .live(let part) = table.rows[content], part === gone[number].part
                else { return false }
                table.rows[content] = nil
                return true
            }.map(\.element)
        }
    }

    private static let looksMax = 100

    func has(_ content: ContentID) -> Bool { table.withLock { $0.rows[content] != nil } }

    /// The same as `piece`, for those who tell no one else of an error.
    func read(_ piece: PieceIndex, of content: ContentID) -> PieceBuffer? {
        do throws(StorageError) { return try self.piece(piece, of: content) } catch {
            tell(error)
            return nil
        }
    }

    /// Nil for a content or a piece that is not here, including a piece whose number is too high.
    func piece(_ piece: PieceIndex, of content: ContentID) throws(StorageError) -> PieceBuffer? {
        switch table.withLock({ $0.rows[content] }) {
        case .owned(let sources): return try read(piece, of: content, sources.tries)
        case .live(let part): return try part.read(piece)
        case nil: return nil
        }
    }

    /// Tries several names of an owned file, because it may be gone under one and there under
    /// another.
    private func read(
        _ piece: PieceIndex, of content: ContentID, _ sources: [ByteSource]
    ) throws(StorageError) -> PieceBuffer? {
        for (number, source) in sources.enumerated() {
            guard piece.position < source.publication.geometry.pieceCount else { return nil }
            do throws(StorageError) { return try source.read(piece) } catch {
                doubt(content)
                if number == sources.count - 1 { throw error }
            }
        }
        return nil
    }

    private func doubt(_ content: ContentID) {
        table.withLock { if !$0.doubted.contains(content) { $0.doubted.append(content) } }
    }

    /// The owned contents of which a piece could not be read since the last call.
    package func takeDoubted() -> [ContentID] {
        table.withLock { table in
            defer { table.doubted = [] }
            return table.doubted
        }
    }

    /// Calls `body` with one verified piece after the other. Returns false if one is not here.
    func readAll(
        _ content: ContentID, by manifest: Manifest, at path: String? = nil,
        _ take: (RawSpan) throws(StorageError) -> Void
    ) throws(StorageError) -> Bool {
        for position in 0..<manifest.geometry.pieceCount {
            let index = PieceIndex(position)
            guard let piece = try piece(index, of: content) else { return false }
            try piece.withBytes { bytes throws(StorageError) in
                guard manifest.verifies(bytes, as: index) else {
                    throw .changed(path: path ?? manifest.name.description)
                }
                try take(bytes)
            }
        }
        return true
    }

    /// Drops the pieces of a content that is no longer needed.
    func drop(_ content: ContentID) {
        let row = table.withLock { $0.rows.removeValue(forKey: content) }
        if case .live(let part) = row { part.remove() }
    }

    /// Removes the incomplete contents that no other job continues, and accepts no more.
    package func abandon() {
        let rows = table.withLock { table in
            table.isAbandoned = true
            return Array(table.rows.values)
        }
        for case .live(let part) in rows { part.abandon() }
    }

    /// Keeps an error for the user.
    func tell(_ error: StorageError) { troubles.put(words(error)) }

    /// The troubles since the last call, the first one last.
    func takeTroubles() -> [String] { troubles.take() }
}
