import Vocabulary

extension TorrentInfo {
    /// The info dictionary, with nothing in it but what this value says.
    var bencode: Bencode {
        var entries: [Bencode.Entry] = [
            .init("name", .text(name.utf8)), .init("piece length", .integer(pieceLength)),
        ]
        if isPrivate { entries.append(.init("private", .integer(1))) }
        if let pieces {
            entries.append(.init("pieces", .text(pieces.bytes)))
            if isSingleFile {
                entries.append(.init("length", .integer(total)))
            } else {
                entries.append(.init("files", .list(files.map(\.listed))))
            }
        }
        if version != .v1 {
            let leaves = files.filter { !$0.isPad }.map { file in
                (components: file.path.components, file: file.leaf)
            }
            entries.append(.init("meta version", .integer(2)))
            entries.append(.init("file tree", Self.tree(leaves[...], depth: 0)))
        }
        return .dictionary(entries)
    }

    /// Files of one folder stand together, because they are in the order of a tree.
    private static func tree(
        _ leaves: ArraySlice<(components: [[UInt8]], file: Bencode)>, depth: Int
    ) -> Bencode {
        var entries: [Bencode.Entry] = []
        var rest = leaves
        while let first = rest.first {
            let name = first.components[depth]
            if first.components.count == depth + 1 {
                entries.append(.init(name, .dictionary([.init("", first.file)])))
                rest.removeFirst()
            } else {
                let folder = rest.prefix { $0.components[depth] == name }
                entries.append(.init(name, tree(folder, depth: depth + 1)))
                rest = rest.dropFirst(folder.count)
            }
        }
        return .dictionary(entries)
    }
}

extension TorrentFile {
    fileprivate var listed: Bencode {
        var entries: [Bencode.Entry] = [
            .init("length", .integer(length)),
            .init("path", .list(path.components.map { .text($0) })),
        ]
        if isPad { entries.append(.init("attr", .text(Array("p".utf8)))) }
        return .dictionary(entries)
    }

    fileprivate var leaf: Bencode {
        var entries: [Bencode.Entry] = [.init("length", .integer(length))]
        if let root { entries.append(.init("pieces root", .text(root))) }
        return .dictionary(entries)
    }
}

extension RelativePath {
    fileprivate var components: [[UInt8]] {
        utf8.split(separator: UInt8(ascii: "/")).map { Array($0) }
    }
}
