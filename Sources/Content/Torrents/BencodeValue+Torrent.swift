import Vocabulary

/// The fields of torrents: of a kind, or refused with their place.
extension BencodeValue {
    func refused(_ flaw: TorrentFlaw) -> TorrentError {
        TorrentError(position: position, flaw: flaw)
    }

    func required(_ key: String) throws(TorrentError) -> BencodeValue {
        guard isDictionary else { throw refused(.wrongKind(of: key)) }
        guard let value = self[key] else { throw refused(.missing(key)) }
        return value
    }

    func requiredSize(_ key: String) throws(TorrentError) -> Int64 {
        let value = try required(key)
        guard let number = value.integer else { throw value.refused(.wrongKind(of: key)) }
        guard number >= 0 else { throw value.refused(.negative(key)) }
        return number
    }

    func dictionary(
        of key: String
    ) throws(TorrentError) -> [(key: ArraySlice<UInt8>, value: BencodeValue)] {
        guard let entries else { throw refused(.wrongKind(of: key)) }
        return entries
    }

    /// Components as texts, joined by slashes: one with a slash in it is refused as hostile.
    func path(of key: String) throws(TorrentError) -> RelativePath {
        guard let components = list else { throw refused(.wrongKind(of: key)) }
        var joined: [UInt8] = []
        for (index, component) in components.enumerated() {
            guard let text = component.text else { throw component.refused(.wrongKind(of: key)) }
            if index > 0 { joined.append(UInt8(ascii: "/")) }
            joined += try component.name(text)
        }
        return try relativePath(joined)
    }

    /// One component.
    func name(_ bytes: ArraySlice<UInt8>) throws(TorrentError) -> [UInt8] {
        let path = try relativePath(Array(bytes))
        guard path.isSingleName else { throw refused(.nameOfSeveralComponents) }
        return path.utf8
    }

    func relativePath(_ bytes: [UInt8]) throws(TorrentError) -> RelativePath {
        do throws(PathError) { return try RelativePath(utf8: bytes) } catch {
            throw refused(.badName(error))
        }
    }

    /// The letters of BEP 47: a file that is a pad, a link, executable.
    func hasAttribute(_ letter: Character) -> Bool {
        guard let byte = letter.asciiValue else { return false }
        return self["attr"]?.text?.contains(byte) ?? false
    }
}
