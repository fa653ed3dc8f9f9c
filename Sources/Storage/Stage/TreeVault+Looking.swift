import Content
import Synchronization
import Vocabulary

/// What would be fetched, and whether there is room for it, without fetching it.
extension TreeVault {
    /// Opens a content only to say what of it is here. A destination that is not there holds
    /// nothing; one that is there is entered, and left as it was.
    func look(at manifest: TreeManifest, _ content: ContentID, _ duty: TreeDuty) {
        var opened = OpenedContent(manifest.geometry)
        opened.isWanted = false
        opened.isDry = duty.folder != nil
        opened.publisher = manifest.origin.publisher
        var room = PartRoom()
        if let folder = duty.folder {
            do throws(PartError) {
                (opened.held, room) = try found(of: manifest, in: folder, duty)
            } catch {
                answers.put(.troubled(terms.words(error)))
            }
        }
        let none = PieceSet(none: manifest.geometry.pieceCount)
        keep(
            StagedTree(manifest, part: nil, source: nil, share: none, recentMax: 0, pool: pool),
            as: content)
        guard duty.folder != nil, terms.sharesRoom else {
            return answers.put(.opened(content, opened))
        }
        let look = WaitingLook(opened: opened, room: room)
        looks.withLock { $0[content] = look }
        answers.put(.measured(content, room))
    }

    private func found(
        of manifest: TreeManifest, in folder: String, _ duty: TreeDuty
    ) throws(PartError) -> (held: PieceSet, room: PartRoom) {
        guard FileIdentity(path: folder) != nil else {
            let room = try nowhere(manifest, folder)
            guard room.needed <= room.available else {
                throw .noRoom(needed: room.needed, available: room.available)
            }
            return (OpenedContent(manifest.geometry).held, room)
        }
        var options = terms.options
        options.isDry = true
        let part = try PartArea(
            manifest, fingerprint: manifest.fingerprint, base: folder, rename: duty.name,
            number: duty.number, options)
        let held = part.held
        do throws(StorageError) { try part.leaveNoTrace() } catch { throw .storage(error) }
        return (held, part.room)
    }

    private func nowhere(
        _ manifest: TreeManifest, _ folder: String
    ) throws(PartError) -> PartRoom {
        do throws(StorageError) {
            return try PartRoom(ofAll: manifest, in: folder)
        } catch { throw .storage(error) }
    }
}
