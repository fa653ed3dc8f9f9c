package import Vocabulary

/// What a tracker other than rank 0 has to know of a job before it tracks.
package struct StageTracking: Equatable, Sendable {
    /// The ranks of each host that keep copies, where these could be too much for its disks only
    /// together.
    package var roomGroups: [[Rank]]

    package init(roomGroups: [[Rank]]) { self.roomGroups = roomGroups }
}
