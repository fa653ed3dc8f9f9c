import Vocabulary

/// The speed of a disk, and its faults. By default it is instant and perfect.
package struct DiskModel: Sendable {
    package var writeLatency = Duration.zero
    /// Bytes per second.
    package var writeRate = Double.infinity
    /// Writes beyond this number of bytes find no space.
    package var capacity = Int64.max
    /// One write in this many is cut short, and takes twice as long because another call writes the
    /// rest; 0 for none.
    package var shortWriteEvery = 0
    /// From this write on, counted from 1, all writes fail; 0 for none.
    package var failingFromWrite = 0
    /// One read in this many returns bytes that were not written; 0 for none.
    package var rotEvery = 0
    /// One read in this many fails; 0 for none.
    package var unreadableEvery = 0

    package init() {}

    /// Whether every read returns what was written.
    var isReadable: Bool { rotEvery == 0 && unreadableEvery == 0 }
}
