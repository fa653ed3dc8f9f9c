import Content
import Vocabulary

/// The parts of a tree that this rank keeps before the tree is listed.
struct EarlyContents: Sendable {
    /// The place of the parts; nil until the first one is opened, and where they cannot be kept.
    private(set) var tree: EarlyTree?
    private var hasFailed = false
    var names = PartNames()
    /// What has become of the copy of the tree itself.
    var whole = TreeState.unknown

    enum TreeState { case unknown, begun, refused }
    /// The room that unfinished parts still need.
    private var needs: [ContentID: Int64] = [:]

    /// Returns the place of the parts, of which `manifest` is one. The tree reports the reason if
    /// there is none.
    mutating func place(
        of manifest: TreeManifest, _ duty: TreeDuty, patience: Duration
    ) -> EarlyTree? {
        guard tree == nil, !hasFailed, let folder = duty.folder else { return tree }
        do throws(PartError) {
            tree = try EarlyTree(in: folder, manifest, rename: duty.name, patience: patience)
        } catch { hasFailed = true }
        return tree
    }

    /// Notes the need of a part. Returns false if it does not fit beside the other parts.
    mutating func admits(_ content: ContentID, _ room: PartRoom) -> Bool {
        let others = needs.values.reduce(0, +)
        let (sum, isTooMuch) = others.addingReportingOverflow(room.needed)
        guard room.needed == 0 || !isTooMuch && sum <= room.available else { return false }
        needs[content] = room.needed
        return true
    }

    mutating func finished(_ content: ContentID) { needs[content] = nil }
}
