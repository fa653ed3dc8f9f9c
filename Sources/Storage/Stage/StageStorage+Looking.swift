import Content
import Glibc
import Synchronization
import Vocabulary

/// Computes the bytes that would be fetched, and whether there is room for them, without fetching.
extension StageStorage {
    /// Opens a content only to report which pieces are here. A destination that does not exist
    /// holds none; an existing one is entered, and left as it was.
    func look(at manifest: TreeManifest, _ content: ContentID, _ duty: TreeDuty) {
        LastLook(storage: self).foresee(manifest, duty)
        let publishes = terms.comparesDry && manifest.origin.publisher == rank
        if publishes { answers.put(.publishes(content)) }
        let source = publishes ? self.source(of: manifest) : nil
        let pieceCount = manifest.geometry.pieceCount
        let tree = StagedTree(
            manifest, part: nil, source: source,
            share: source == nil ? PieceSet(none: pieceCount) : PieceSet(all: pieceCount),
            publishes: publishes, recentMax: 0, pool: pool)
        keep(tree, as: content)
        var opened = OpenedContent(manifest.geometry)
        opened.isWanted = false
        opened.publisher = manifest.origin.publisher
        opened.isCompared = source != nil
        var room = PartRoom()
        if let folder = duty.folder {
            do throws(PartError) {
                room = try look(at: tree, in: folder, duty, &opened)
                warn(of: room, in: folder)
                opened.isDry = true
            } catch {
                spoilCopy()
                answers.put(.troubled(terms.words(error)))
            }
        }
        guard duty.folder != nil, terms.sharesRoom else {
            return answer(content, opened)
        }
        waiting.withLock { $0.looks[content] = WaitingLook(opened: opened, room: room) }
        answers.put(.measured(content, room))
    }

    private func look(
        at tree: StagedTree, in folder: String, _ duty: TreeDuty, _ opened: inout OpenedContent
    ) throws(PartError) -> PartRoom {
        guard FileIdentity(path: folder) != nil else {
            opened.held = tree.manifest.piecesWithoutBytes
            return try .demanded(for: tree.manifest, in: folder)
        }
        var options = terms.options
        options.isDry = true
        let part = try PartArea(
            tree.manifest, fingerprint: tree.manifest.fingerprint, base: folder,
            rename: duty.name, number: duty.number, options)
        opened.held = part.held
        opened.held.subtract(duty.doubted(part.inPlace, of: tree.manifest, at: rank))
        do throws(StorageError) {
            if terms.comparesDry { try compare(part, tree, &opened) }
            try part.leaveNoTrace()
        } catch { throw .storage(error) }
        return part.room
    }

    /// The copy in place is compared with our source, or later with the publisher's digests.
    private func compare(
        _ part: PartArea, _ tree: StagedTree, _ opened: inout OpenedContent
    ) throws(StorageError) {
        let found = part.found
        let isPublisher = tree.manifest.origin.publisher == rank
        if !isPublisher { opened.believed = PieceSet(all: found.capacity) }
        var next = found.first()
        while let piece = next {
            next = found.first(from: piece.position + 1)
            guard let digest = part.digest(of: piece) else { continue }
            if tree.source != nil {
                if try tree.read(piece).digest != digest { opened.held.remove(piece) }
            } else if !isPublisher {
                tree.book.withLock { $0.note(digest, of: piece) }
                opened.believed.remove(piece)
                opened.isCompared = true
            }
        }
    }

    /// The publisher of a dry run digests its source by itself, as no rank asks it for pieces. The
    /// table comes after `.opened`: before, it would be of an unknown content.
    func answer(_ content: ContentID, _ opened: OpenedContent) {
        answers.put(.opened(content, opened))
        guard let tree = tree(of: content), tree.source != nil else { return }
        digestAll(of: tree, content)
    }

    private func digestAll(of tree: StagedTree, _ content: ContentID, from position: Int = 0) {
        crew.submit(.whenIdle) { [self] in
            guard position < tree.manifest.geometry.pieceCount else {
                return tell(tree, of: content)
            }
            do throws(StorageError) { _ = try tree.read(PieceIndex(position)) } catch {
                return fail(content, error)
            }
            tellRead()
            digestAll(of: tree, content, from: position + 1)
        }
    }
}
