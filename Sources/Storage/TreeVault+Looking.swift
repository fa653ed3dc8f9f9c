import Content
import Vocabulary

/// What would be fetched, without fetching it.
extension TreeVault {
    /// Opens a content only to say what of it is here. A destination that is not there holds
    /// nothing; one that is there is entered, and left as it was.
    func look(at manifest: TreeManifest, _ content: ContentID, _ duty: TreeDuty) {
        var opened = OpenedContent(manifest.geometry)
        opened.isWanted = false
        opened.isDry = duty.folder != nil
        opened.publisher = manifest.origin.publisher
        if let folder = duty.folder, FileIdentity(path: folder) != nil {
            do throws(PartError) {
                opened.held = try held(of: manifest, in: folder, duty)
            } catch {
                answers.put(.troubled(terms.words(error)))
            }
        }
        let none = PieceSet(none: manifest.geometry.pieceCount)
        keep(
            StagedTree(manifest, part: nil, source: nil, share: none, recentMax: 0, pool: pool),
            as: content)
        answers.put(.opened(content, opened))
    }

    private func held(
        of manifest: TreeManifest, in folder: String, _ duty: TreeDuty
    ) throws(PartError) -> PieceSet {
        var options = terms.options
        options.isDry = true
        let part = try PartArea(
            manifest, fingerprint: manifest.fingerprint, base: folder, rename: duty.name,
            number: duty.number, options)
        let held = part.held
        do throws(StorageError) { try part.leaveNoTrace() } catch { throw .storage(error) }
        return held
    }
}
