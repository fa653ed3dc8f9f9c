package import Vocabulary

extension RelativePath {
    /// The order in which a tree of folders with sorted names is walked: the entries of a folder
    /// come before paths that begin with the name of the folder and continue with other characters.
    package static func inTreeOrder(_ a: RelativePath, _ b: RelativePath) -> Bool {
        a.utf8.lexicographicallyPrecedes(b.utf8) { rank($0) < rank($1) }
    }

    /// No path has a zero byte, so the slash can take its place.
    private static func rank(_ byte: UInt8) -> UInt8 { byte == UInt8(ascii: "/") ? 0 : byte }
}

extension RelativePath {
    /// Without the name of the source; nil where that is all.
    package var belowTop: RelativePath? {
        let rest = utf8.drop { $0 != UInt8(ascii: "/") }.dropFirst()
        // Components of a path are a path, unless there are none.
        do throws(PathError) { return try RelativePath(bytes: Array(rest)) } catch { return nil }
    }
}

extension RelativePath {
    /// That path below this one.
    package func joined(_ below: RelativePath) throws(PathError) -> RelativePath {
        try RelativePath(bytes: utf8 + [UInt8(ascii: "/")] + below.utf8)
    }
}

extension RelativePath {
    /// The folders that it lies in, from the top down.
    package var foldersAbove: [RelativePath] {
        var folders: [RelativePath] = []
        for (position, byte) in utf8.enumerated() where byte == UInt8(ascii: "/") {
            do throws(PathError) {
                folders.append(try RelativePath(bytes: Array(utf8[..<position])))
            } catch { preconditionFailure("a part of a good path is good") }
        }
        return folders
    }
}
