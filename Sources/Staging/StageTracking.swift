package import Vocabulary

/// The facts that a tracker other than rank 0 needs before it tracks.
package struct StageTracking: Equatable, Sendable {
    /// The ranks of each host that keep copies, if the copies may fit its disks singly and not
    /// together.
    package var roomGroups: [[Rank]]

    package init(roomGroups: [[Rank]]) { self.roomGroups = roomGroups }
}
