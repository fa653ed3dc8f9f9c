package import Vocabulary

/// The facts that a tracker other than rank 0 needs before it tracks.
package struct StageTracking: Equatable, Sendable {
    /// The ranks of each host that keep copies, where these could be too much for its disks only
    /// together.
    package var roomGroups: [[Rank]]

    package init(roomGroups: [[Rank]]) { self.roomGroups = roomGroups }
}
