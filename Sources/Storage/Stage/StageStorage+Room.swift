import Content
import Synchronization
import Vocabulary

/// Waiting for room on a disk that others of this host write to as well.
extension StageStorage {
    func wait(_ tree: WaitingTree, _ content: ContentID) {
        waiting.withLock { $0.trees[content] = tree }
        answers.put(.measured(content, tree.part.room))
    }

    /// A rank without room for all of it gets nothing, and may still read for others.
    func settle(_ content: ContentID, isGranted: Bool, taken: ByteCount) {
        if let look = waiting.withLock({ $0.looks.removeValue(forKey: content) }) {
            var opened = look.opened
            if !isGranted {
                tellNoRoom(look.room, taken: taken.raw)
                opened.isDry = look.room.needed == 0 && opened.isDry
            }
            return answer(content, opened)
        }
        guard let tree = waiting.withLock({ $0.takeTree(content) }) else { return }
        if isGranted {
            return add(content, tree.manifest, part: tree.part, source: tree.source, tree.duty)
        }
        let room = tree.part.room
        do throws(StorageError) { try tree.part.leaveNoTrace() } catch {
            answers.put(.troubled(terms.words(.storage(error))))
        }
        tellNoRoom(room, taken: taken.raw)
        guard tree.source != nil else { return cannotBegin(content, tree.manifest) }
        add(content, tree.manifest, part: nil, source: tree.source, tree.duty)
    }

    /// A content that needs no room is refused only together with one that does, which is reported.
    func tellNoRoom(_ room: PartRoom, taken: Int64 = 0) {
        guard room.needed > 0 else { return }
        answers.put(.troubled(terms.words(room.refusal(taken: taken))))
    }
}
