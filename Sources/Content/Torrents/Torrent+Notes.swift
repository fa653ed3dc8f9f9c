/// The notes of a torrent beside its files. A note of the wrong kind is ignored: notes are for
/// people, and a wrong one makes no torrent invalid.
extension Torrent {
    package var announce: [UInt8]? { text("announce") }
    package var comment: [UInt8]? { text("comment") }
    package var createdBy: [UInt8]? { text("created by") }
    /// In seconds since 1970.
    package var creationDate: Int64? { note("creation date")?.integer }

    /// In tiers: those of one are asked in turn before those of the next.
    package var announceTiers: [[[UInt8]]] {
        let tiers = note("announce-list")?.list ?? []
        return tiers.map { tier in (tier.list ?? []).compactMap { $0.text.map { Array($0) } } }
            .filter { !$0.isEmpty }
    }

    private func text(_ key: String) -> [UInt8]? { note(key)?.text.map { Array($0) } }

    private func note(_ key: String) -> BencodeValue? {
        guard let note = notes.first(where: { $0.key.elementsEqual(key.utf8) }) else {
            return nil
        }
        do throws(BencodeError) { return try BencodeValue(parsing: note.value) } catch {
            preconditionFailure("a note is bencoded")
        }
    }
}
