package import Vocabulary

/// One entry of a peer's list: a file that it owns or wants, or the place where it runs.
package enum FileListEntry: TailEntry {
    /// A complete content with its name and the descriptor of its manifest.
    case owned(RelativePath, ContentID, size: ByteCount, pieces: UInt32, manifest: Descriptor)
    case wanted(RelativePath)
    case host(RelativePath)
    /// A name that is no longer in the share.
    case gone(RelativePath, ContentID)
    /// As `owned`, for a content whose holders report themselves.
    case described(RelativePath, ContentID, size: ByteCount, pieces: UInt32, manifest: Descriptor)
    /// A file that is still being read, and becomes `owned` when its digests are known.
    case reading(RelativePath, size: ByteCount)
    /// A file that was `reading`, and will not become `owned`.
    case notReading(RelativePath)

    private enum Kind: UInt8 {
        case owned = 1
        case wanted = 2
        case host = 3
        case gone = 4
        case described = 5
        case reading = 6
        case notReading = 7
    }

    package init(reading tail: RawSpan, at cursor: inout Int) throws(WireError) {
        guard let kind = Kind(rawValue: try tail.read(&cursor)) else { throw .malformed }
        let name = try tail.readPath(&cursor)
        switch kind {
        case .owned, .described:
            let content = try tail.readContent(&cursor)
            let size = try tail.readSize(&cursor)
            let pieces: UInt32 = try tail.read(&cursor)
            guard Int(pieces) <= Geometry.pieceCountMax else { throw .malformed }
            let count: UInt16 = try tail.read(&cursor)
            let manifest = try Descriptor(parsing: try tail.readBytes(Int(count), &cursor))
            self =
                kind == .owned
                ? .owned(name, content, size: size, pieces: pieces, manifest: manifest)
                : .described(name, content, size: size, pieces: pieces, manifest: manifest)
        case .wanted: self = .wanted(name)
        case .host: self = .host(name)
        case .gone: self = .gone(name, try tail.readContent(&cursor))
        case .reading: self = .reading(name, size: try tail.readSize(&cursor))
        case .notReading: self = .notReading(name)
        }
    }

    package func write(to tail: inout [UInt8]) {
        switch self {
        case .owned(let name, let content, let size, let pieces, let manifest):
            tail.append(Kind.owned.rawValue)
            Self.write(name, content, size, pieces, manifest, to: &tail)
        case .described(let name, let content, let size, let pieces, let manifest):
            tail.append(Kind.described.rawValue)
            Self.write(name, content, size, pieces, manifest, to: &tail)
        case .wanted(let name):
            tail.append(Kind.wanted.rawValue)
            tail.write(name)
        case .host(let name):
            tail.append(Kind.host.rawValue)
            tail.write(name)
        case .gone(let name, let content):
            tail.append(Kind.gone.rawValue)
            tail.write(name)
            tail.write(content)
        case .reading(let name, let size):
            tail.append(Kind.reading.rawValue)
            tail.write(name)
            tail.write(size)
        case .notReading(let name):
            tail.append(Kind.notReading.rawValue)
            tail.write(name)
        }
    }

    private static func write(
        _ name: RelativePath, _ content: ContentID, _ size: ByteCount, _ pieces: UInt32,
        _ manifest: Descriptor, to tail: inout [UInt8]
    ) {
        tail.write(name)
        tail.write(content)
        tail.write(size)
        tail.write(pieces)
        tail.write(UInt16(manifest.bytes.count))
        tail.append(contentsOf: manifest.bytes)
    }
}
