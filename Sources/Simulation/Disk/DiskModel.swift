import Vocabulary

/// How fast a disk is, and what goes wrong with it. As it stands: instant and perfect.
package struct DiskModel: Sendable {
    package var writeLatency = Duration.zero
    /// Bytes per second.
    package var writeRate = Double.infinity
    /// Writes beyond so many bytes find no space.
    package var capacity = Int64.max
    /// Every so many writes one is cut short, and takes twice as long because the rest is written
    /// by another call; 0 for none.
    package var shortWriteEvery = 0
    /// This write, counted from 1, and all after it fail; 0 for none.
    package var failingFromWrite = 0
    /// Every so many reads one gives other bytes than were written; 0 for none.
    package var rotEvery = 0
    /// Every so many reads one fails; 0 for none.
    package var unreadableEvery = 0

    package init() {}
}
